// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <chrono>
#include <functional>
#include <optional>

namespace a360::cache {

/// Milliseconds since 1970 UTC. Tests bring their own; the default is the machine's clock as it was when first asked, and
/// what has passed since, sleep included: a clock that is set while the program runs makes no entry live longer or shorter.
using Clock = std::function<qint64()>;
qint64 systemClock();

/// A cached value. The bytes are shared and never change: copying an entry copies no bytes.
struct CacheEntry
{
    QByteArray bytes;
    bool nothing = false;   ///< a negative result: it is known that there is no value
    qint64 freshUntil = 0;  ///< ms since 1970 UTC; from then on it may be served once more while it is loaded again
    qint64 expiresAt = 0;   ///< ms since 1970 UTC; from then on it is gone
};

/// One block of bytes for stores that know nothing else: a version byte, a flag byte, both times (8 bytes each, big
/// endian), then the value.
QByteArray encodeEntry(const CacheEntry &entry);
/// Nothing when these are not bytes of encodeEntry().
std::optional<CacheEntry> decodeEntry(QByteArrayView block);

} // namespace a360::cache
