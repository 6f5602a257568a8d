// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/shared_shard.h"

#include <memory>

namespace a360::cache {

struct MemoryCacheOptions
{
    qint64 maxEntries = 1000;                   ///< CACHE_MAX_SIZE
    qint64 maxBytes = 64 * 1024 * 1024;         ///< keys, values and what the table needs for them
    Admission admission = Admission::TinyLfu;   ///< tests/bench/bench_cache.cpp: the better one, scans or none
    int shards = 0;                             ///< 0: as many as the bounds allow, at most 16
    Clock clock = systemClock;
};

/// The tier in this process: bounded by entries and by bytes, each entry with its own time to live. Split into shards
/// with locks of their own, so that threads seldom meet; the bounds are split evenly among them. A value larger than its
/// shard's share of the bytes is not kept.
class MemoryCache final : public CacheBackend
{
public:
    explicit MemoryCache(MemoryCacheOptions options);
    ~MemoryCache() override;

    QByteArray name() const override { return "memory"; }
    std::optional<CacheEntry> get(const QByteArray &key) override;
    bool set(const QByteArray &key, const CacheEntry &entry) override;
    bool remove(const QByteArray &key) override;
    qint64 removePattern(const QByteArray &glob) override;
    qint64 removePrefix(const QByteArray &start) override;
    std::vector<BackendStats> stats() const override;

    int shardCount() const { return int(m_shards.size()); }

private:
    SharedShard &shardOf(size_t hash) const;
    qint64 removeIf(const std::function<bool(const QByteArray &)> &condition);

    const MemoryCacheOptions m_options;
    std::vector<std::unique_ptr<SharedShard>> m_shards; // a power of two
};

} // namespace a360::cache
