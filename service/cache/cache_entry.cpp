// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/cache_entry.h"

#include <QDateTime>
#include <QtEndian>

#include <ctime>

namespace a360::cache {

namespace {

constexpr char version = 1;
constexpr qsizetype headSize = 2 + 2 * qsizetype(sizeof(qint64));

/// Milliseconds since the machine was started, also those that it slept (which std::chrono's clocks leave out).
qint64 sinceStart()
{
    timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return qint64(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
}

} // namespace

qint64 systemClock()
{
    static const qint64 startedAt = QDateTime::currentMSecsSinceEpoch() - sinceStart();
    return startedAt + sinceStart();
}

QByteArray encodeEntry(const CacheEntry &entry)
{
    QByteArray block(headSize, Qt::Uninitialized);
    block.reserve(headSize + entry.bytes.size());
    block[0] = version;
    block[1] = entry.nothing ? 1 : 0;
    qToBigEndian(entry.freshUntil, block.data() + 2);
    qToBigEndian(entry.expiresAt, block.data() + 2 + sizeof(qint64));
    return block += entry.bytes;
}

std::optional<CacheEntry> decodeEntry(QByteArrayView block)
{
    if (block.size() < headSize || block[0] != version || (block[1] & ~1) != 0)
        return std::nullopt;
    CacheEntry entry;
    entry.nothing = block[1] == 1;
    entry.freshUntil = qFromBigEndian<qint64>(block.data() + 2);
    entry.expiresAt = qFromBigEndian<qint64>(block.data() + 2 + sizeof(qint64));
    entry.bytes = block.sliced(headSize).toByteArray();
    return entry;
}

} // namespace a360::cache
