// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/memory_cache.h"

#include "cache/glob.h"

#include <QHashFunctions>

#include <bit>

namespace a360::cache {

namespace {

constexpr qint64 entriesPerShard = 64;                 // below that an uneven spread of keys costs hits
constexpr qint64 bytesPerShard = 4 * 1024 * 1024;      // a page of 1000 rows must fit in one
constexpr qint64 mostShards = 16;

size_t shardCountFor(const MemoryCacheOptions &options)
{
    if (options.shards > 0)
        return std::bit_ceil(size_t(options.shards));
    const qint64 wanted = std::min({mostShards, options.maxEntries / entriesPerShard, options.maxBytes / bytesPerShard});
    return std::bit_floor(size_t(std::max<qint64>(1, wanted)));
}

size_t hashOf(const QByteArray &key)
{
    return qHashBits(key.constData(), size_t(key.size()), size_t(QHashSeed::globalSeed()));
}

} // namespace

MemoryCache::MemoryCache(MemoryCacheOptions options) : m_options(std::move(options))
{
    const size_t count = shardCountFor(m_options);
    // Rounded down, so that the bounds of the whole hold.
    const CacheShard::Limits limits{std::max<size_t>(1, size_t(m_options.maxEntries) / count),
                                    m_options.maxBytes / qint64(count)};
    for (size_t i = 0; i < count; ++i)
        m_shards.push_back(std::make_unique<SharedShard>(m_options.admission, limits));
}

MemoryCache::~MemoryCache() = default;

SharedShard &MemoryCache::shardOf(size_t hash) const
{
    return *m_shards[(hash >> 48) & (m_shards.size() - 1)]; // the low bits choose the bucket
}

std::optional<CacheEntry> MemoryCache::get(const QByteArray &key)
{
    const size_t hash = hashOf(key);
    return shardOf(hash).get(hash, key, m_options.clock());
}

bool MemoryCache::set(const QByteArray &key, const CacheEntry &entry)
{
    const size_t hash = hashOf(key);
    const qint64 now = m_options.clock();
    return shardOf(hash).change([&](CacheShard &shard, CacheShard::Garbage &garbage) { return shard.set(hash, key, entry, now, garbage); });
}

bool MemoryCache::remove(const QByteArray &key)
{
    const size_t hash = hashOf(key);
    return shardOf(hash).change([&](CacheShard &shard, CacheShard::Garbage &garbage) { return shard.remove(hash, key, garbage); });
}

qint64 MemoryCache::removeIf(const std::function<bool(const QByteArray &)> &condition)
{
    qint64 removed = 0;
    for (const auto &part : m_shards)
        removed += part->change([&](CacheShard &shard, CacheShard::Garbage &garbage) { return shard.removeIf(condition, garbage); });
    return removed;
}

qint64 MemoryCache::removePattern(const QByteArray &glob)
{
    return removeIf([&glob](const QByteArray &key) { return globMatches(glob, key); });
}

qint64 MemoryCache::removePrefix(const QByteArray &start)
{
    return removeIf([&start](const QByteArray &key) { return key.startsWith(start); });
}

std::vector<BackendStats> MemoryCache::stats() const
{
    BackendStats stats;
    stats.name = name();
    stats.maxEntries = m_options.maxEntries;
    stats.maxBytes = m_options.maxBytes;
    const qint64 now = m_options.clock();
    for (const auto &part : m_shards)
        part->change([&](CacheShard &shard, CacheShard::Garbage &) { shard.addTo(stats, now); });
    return {stats};
}

} // namespace a360::cache
