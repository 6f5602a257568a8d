// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_backend.h"

namespace a360::cache {

namespace {

constexpr size_t keysAtOnce = 500;
constexpr size_t maxPrefixes = 256;             // prefixes are words of the program; this only bounds a mistake
constexpr qint64 longestLife = 365LL * 86'400'000; // Redis refuses times that overflow
constexpr std::chrono::seconds infoLife(1);

/// A time by one clock as the time by another one that is `ahead` of it. Times so far off that they mean never stay.
qint64 shifted(qint64 time, qint64 ahead)
{
    constexpr qint64 never = std::numeric_limits<qint64>::max() / 2;
    return time > never || time < -never ? time : time + ahead;
}

CacheEntry shifted(CacheEntry entry, qint64 ahead)
{
    entry.freshUntil = shifted(entry.freshUntil, ahead);
    entry.expiresAt = shifted(entry.expiresAt, ahead);
    return entry;
}

} // namespace

RedisBackend::RedisBackend(RedisUrl url, RedisOptions options) : m_options(options), m_pool(std::move(url), std::move(options)) {}

RedisBackend::~RedisBackend() = default;

void RedisBackend::noteTrouble(const Error &error)
{
    const RedisErrorKind kind = redisErrorKind(error);
    // The pool has counted what it failed with itself.
    if (kind == RedisErrorKind::Refused || kind == RedisErrorKind::Memory || kind == RedisErrorKind::Login ||
        kind == RedisErrorKind::Value)
        m_pool.meter().countError(error);
    const std::scoped_lock lock(m_mutex);
    ++m_errors;
}

template <typename Change>
void RedisBackend::count(const QByteArray &key, Change change)
{
    const std::scoped_lock lock(m_mutex);
    change(m_total);
    const QByteArrayView prefix = prefixOfKey(key);
    for (auto &[name, counters] : m_prefixes) {
        if (name == prefix)
            return change(counters);
    }
    if (m_prefixes.size() < maxPrefixes)
        change(m_prefixes.emplace_back(prefix.toByteArray(), CacheCounters()).second);
}

void RedisBackend::noteRead(const QByteArray &key, bool hit)
{
    count(key, [hit](CacheCounters &counters) { ++(hit ? counters.hits : counters.misses); });
}

std::optional<std::vector<RedisReply>> RedisBackend::ask(const RedisBatch &batch)
{
    Result<std::vector<RedisReply>> replies = m_pool.run(batch);
    if (replies.ok())
        return std::move(replies).value();
    noteTrouble(replies.error());
    return std::nullopt;
}

std::optional<CacheEntry> RedisBackend::entryOf(const RedisReply &reply, qint64 now)
{
    if (reply.kind == RedisReply::Kind::Nil)
        return std::nullopt;
    if (const Result<void> checked = checkReply(reply); !checked.ok()) {
        noteTrouble(checked.error());
        return std::nullopt;
    }
    const std::optional<CacheEntry> entry =
        reply.kind == RedisReply::Kind::Bytes ? decodeEntry(reply.bytes) : std::nullopt;
    if (!entry) {
        noteTrouble(makeRedisError(RedisErrorKind::Value, QStringLiteral("a value was written by another program or version")));
        return std::nullopt;
    }
    CacheEntry ours = shifted(*entry, -m_pool.clockAhead());
    return ours.expiresAt > now ? std::optional<CacheEntry>(std::move(ours)) : std::nullopt;
}

std::optional<CacheEntry> RedisBackend::get(const QByteArray &key)
{
    std::optional<CacheEntry> entry;
    if (const auto replies = ask(RedisBatch().add({"GET", key})))
        entry = entryOf(replies->front(), m_options.clock());
    noteRead(key, entry.has_value());
    return entry;
}

std::vector<std::optional<CacheEntry>> RedisBackend::getMany(const std::vector<QByteArray> &keys)
{
    std::vector<std::optional<CacheEntry>> entries(keys.size());
    for (size_t first = 0; first < keys.size(); first += keysAtOnce) {
        const size_t end = std::min(keys.size(), first + keysAtOnce);
        std::vector<QByteArrayView> words{"MGET"};
        words.insert(words.end(), keys.begin() + static_cast<ptrdiff_t>(first), keys.begin() + static_cast<ptrdiff_t>(end));
        const auto replies = ask(RedisBatch().add(words));
        const bool whole = replies && replies->front().kind == RedisReply::Kind::Array &&
                           replies->front().elements.size() == end - first;
        if (replies && !whole)
            static_cast<void>(entryOf(replies->front(), 0)); // counts why
        for (size_t i = first; i < end; ++i) {
            if (whole)
                entries[i] = entryOf(replies->front().elements[i - first], m_options.clock());
            noteRead(keys[i], entries[i].has_value());
        }
    }
    return entries;
}

/// False when the entry is over already or too large.
bool RedisBackend::addSet(RedisBatch &batch, const QByteArray &key, const CacheEntry &entry)
{
    const qint64 life = std::min(entry.expiresAt - std::min(entry.expiresAt, m_options.clock()), longestLife);
    if (life <= 0)
        return false;
    if (entry.bytes.size() > m_options.maxValueBytes) {
        noteTrouble(makeRedisError(RedisErrorKind::Value, QStringLiteral("a value is too large to be kept")));
        return false;
    }
    batch.add({"SET", key, encodeEntry(shifted(entry, m_pool.clockAhead())), "PX", QByteArray::number(life)});
    return true;
}

bool RedisBackend::wasSet(const QByteArray &key, const RedisReply &reply)
{
    if (const Result<void> checked = checkReply(reply); !checked.ok()) {
        noteTrouble(checked.error());
        return false;
    }
    count(key, [](CacheCounters &counters) { ++counters.sets; });
    return true;
}

bool RedisBackend::set(const QByteArray &key, const CacheEntry &entry)
{
    RedisBatch batch;
    if (!addSet(batch, key, entry))
        return false;
    const auto replies = ask(batch);
    return replies && wasSet(key, replies->front());
}

qint64 RedisBackend::setMany(const std::vector<std::pair<QByteArray, CacheEntry>> &entries)
{
    qint64 kept = 0;
    RedisBatch batch;
    std::vector<const QByteArray *> keys;
    const auto flush = [&] {
        if (const auto replies = keys.empty() ? std::nullopt : ask(batch)) {
            for (size_t i = 0; i < keys.size(); ++i)
                kept += wasSet(*keys[i], replies->at(i)) ? 1 : 0;
        }
        batch = {};
        keys.clear();
    };
    for (const auto &[key, entry] : entries) {
        if (!keys.empty() && (keys.size() >= keysAtOnce || batch.bytes().size() + entry.bytes.size() > m_options.maxValueBytes))
            flush();
        if (addSet(batch, key, entry))
            keys.push_back(&key);
    }
    flush();
    return kept;
}

/// The number that a command answers; nothing after trouble, which is counted.
std::optional<qint64> RedisBackend::askNumber(const RedisBatch &batch)
{
    const auto replies = ask(batch);
    if (!replies)
        return std::nullopt;
    if (const Result<void> checked = checkReply(replies->front()); !checked.ok()) {
        noteTrouble(checked.error());
        return std::nullopt;
    }
    return replies->front().integer;
}

bool RedisBackend::remove(const QByteArray &key)
{
    const bool removed = askNumber(RedisBatch().add({"DEL", key})).value_or(0) > 0;
    if (removed)
        count(key, [](CacheCounters &counters) { ++counters.removals; });
    return removed;
}

qint64 RedisBackend::removePattern(const QByteArray &glob)
{
    qint64 removed = 0;
    QByteArray cursor("0");
    do {
        const auto found = ask(RedisBatch().add({"SCAN", cursor, "MATCH", glob, "COUNT", "1000"}));
        if (!found)
            break;
        const RedisReply &page = found->front();
        if (page.kind != RedisReply::Kind::Array || page.elements.size() != 2) {
            static_cast<void>(entryOf(page, 0)); // counts why
            break;
        }
        cursor = page.elements[0].bytes;
        std::vector<QByteArrayView> words{"UNLINK"};
        for (const RedisReply &key : page.elements[1].elements)
            words.emplace_back(key.bytes);
        if (words.size() == 1)
            continue;
        const std::optional<qint64> unlinked = askNumber(RedisBatch().add(words));
        if (!unlinked)
            break;
        removed += *unlinked;
    } while (cursor != "0");
    count(glob, [removed](CacheCounters &counters) { counters.removals += removed; });
    return removed;
}

void RedisBackend::readInfo(BackendStats &stats) const
{
    const std::scoped_lock lock(m_infoMutex);
    const auto now = std::chrono::steady_clock::now();
    if (now >= m_infoUntil) {
        m_infoUntil = now + infoLife;
        const auto replies = m_pool.run(RedisBatch().add({"INFO", "stats"}).add({"INFO", "keyspace"}).add({"INFO", "memory"}));
        QByteArray text; // stays empty when nobody answers: what a server held then is not what it holds now
        if (replies.ok()) {
            for (const RedisReply &reply : replies.value())
                text += reply.bytes;
        }
        m_info = parseRedisInfo(text);
    }
    stats.details.insert(QStringLiteral("redis_info"), m_info.stats);
    stats.details.insert(QStringLiteral("keyspace"), m_info.keyspace);
    stats.bytes = m_info.usedBytes;
    stats.entries = stats.validEntries = m_info.keysIn(m_pool.url().database);
    stats.maxBytes = m_info.maxBytes;
}

std::vector<BackendStats> RedisBackend::stats() const
{
    BackendStats stats;
    stats.name = name();
    readInfo(stats);
    {
        const std::scoped_lock lock(m_mutex);
        stats.total = m_total;
        stats.errors = m_errors;
        for (const auto &[prefix, counters] : m_prefixes)
            stats.prefixes[prefix].counters = counters;
    }
    const RedisState state = m_pool.state();
    const RedisCounts counts = m_pool.meter().counts();
    stats.available = state.up;
    stats.error = state.error;
    QJsonObject client = counts.toJson();
    client.insert(QStringLiteral("server"), m_pool.url().display());
    client.insert(QStringLiteral("state"), state.up ? QStringLiteral("up") : QStringLiteral("down"));
    client.insert(QStringLiteral("connections"), state.connections);
    client.insert(QStringLiteral("busy"), state.busy);
    client.insert(QStringLiteral("next_attempt_ms"), qint64(state.nextAttempt.count()));
    client.insert(QStringLiteral("last_error"), counts.lastError);
    stats.details.insert(QStringLiteral("client"), client);
    return {stats};
}

} // namespace a360::cache
