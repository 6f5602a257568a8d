// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/cache_backend.h"
#include "cache/recency.h"

#include <functional>
#include <optional>
#include <vector>

namespace a360::cache {

/// One part of a memory cache: a hash table, and beside it a Recency of its entries. Not thread-safe, but const functions
/// may run side by side, and beside one noteHit() at a time: SharedShard is its lock.
class CacheShard
{
public:
    struct Limits
    {
        size_t entries = 1;
        qint64 bytes = 0;
    };
    CacheShard(Admission admission, Limits limits);

    /// Entries that are on their way out; destroyed by the caller, after it has let go of its lock.
    using Garbage = std::vector<QByteArray>;

    /// Where an entry is, until something is set or removed.
    using Index = Recency::Index;
    static constexpr Index none = Recency::none;

    /// A hit in two steps, the first of which changes nothing: the place of an entry that is not past its end, or `none`;
    /// and what the hit means for the entry's standing and the counters, in one's own time.
    Index findValid(size_t hash, const QByteArray &key, qint64 now) const;
    const CacheEntry &entryAt(Index index) const { return m_nodes[index].entry; }
    void noteHit(Index index);

    std::optional<CacheEntry> get(size_t hash, const QByteArray &key, qint64 now, Garbage &garbage);
    bool set(size_t hash, const QByteArray &key, const CacheEntry &entry, qint64 now, Garbage &garbage);
    bool remove(size_t hash, const QByteArray &key, Garbage &garbage);
    qint64 removeIf(const std::function<bool(const QByteArray &key)> &condition, Garbage &garbage);
    void addTo(BackendStats &stats, qint64 now) const;

    /// What an entry counts for: its key, its value and its place in the table.
    static qint64 cost(const QByteArray &key, const CacheEntry &entry);

private:
    struct Node
    {
        QByteArray key;
        CacheEntry entry;
        size_t hash = 0;
        qint64 cost = 0;
        Index chain = none; // next in the bucket, or in the list of free nodes
        quint32 prefix = 0;
    };
    enum class Reason { Eviction, Expiration, Removal };

    Index find(size_t hash, const QByteArray &key) const;
    void take(Index index, Reason reason, Garbage &garbage);
    void replace(Index index, const CacheEntry &entry, qint64 cost, Garbage &garbage);
    void makeRoom(qint64 now, Garbage &garbage);
    void dropExpiredTails(qint64 now, Garbage &garbage);
    bool isOver() const { return m_count > m_limits.entries || m_bytes > m_limits.bytes; }
    Index newNode();
    quint32 prefixId(const QByteArray &key);

    static constexpr size_t cacheLine = 64;

    const Limits m_limits;
    std::vector<Node> m_nodes;
    std::vector<Index> m_buckets; // size is a power of two
    Index m_free = none;
    size_t m_count = 0;
    qint64 m_bytes = 0;
    std::vector<std::pair<QByteArray, PrefixStats>> m_prefixes;
    alignas(cacheLine) Recency m_recency; // written by hits, and so apart from what lookups read
};

} // namespace a360::cache
