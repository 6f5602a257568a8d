// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/cache_backend.h"
#include "cache/frequency_sketch.h"

#include <array>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

namespace a360::cache {

/// Who may stay when a memory cache is full.
enum class Admission {
    Lru,     ///< whoever was used last
    TinyLfu, ///< W-TinyLFU: a newcomer must be asked for more often than the one it would replace
};

/// One part of a memory cache: a hash table whose entries are also linked by recency. Under W-TinyLFU there are three
/// such lists: newcomers enter the window (1 %); who falls out of it goes to probation and has to win against the entry
/// used longest ago there; a hit in probation moves to the protected list (80 % of the rest). Not thread-safe, but const
/// functions may run side by side: SharedShard is its lock.
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
    using Index = quint32;
    static constexpr Index none = std::numeric_limits<Index>::max();

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
    enum Segment : quint8 { Window, Probation, Protected };

    struct Node
    {
        QByteArray key;
        CacheEntry entry;
        size_t hash = 0;
        qint64 cost = 0;
        Index chain = none;              // next in the bucket, or in the list of free nodes
        Index newer = none, older = none;
        quint64 linkedAt = 0;            // m_links when it became the newest
        quint32 prefix = 0;
        Segment segment = Window;
    };
    struct List
    {
        Index newest = none, oldest = none;
        size_t size = 0;
        qint64 bytes = 0;
    };
    enum class Reason { Eviction, Expiration, Removal };

    Index find(size_t hash, const QByteArray &key) const;
    void link(Index index, Segment segment);
    void unlink(Index index);
    void touch(Index index);
    void take(Index index, Reason reason, Garbage &garbage);
    void replace(Index index, const CacheEntry &entry, qint64 cost, Garbage &garbage);
    void makeRoom(qint64 now, Garbage &garbage);
    void dropExpiredTails(qint64 now, Garbage &garbage);
    bool admits(Index candidate, Index victim);
    bool isOver() const { return m_count > m_limits.entries || m_bytes > m_limits.bytes; }
    Index newNode();
    quint32 prefixId(const QByteArray &key);

    const Limits m_limits;
    size_t m_windowLimit, m_protectedLimit;
    std::vector<Node> m_nodes;
    std::vector<Index> m_buckets; // size is a power of two
    std::array<List, 3> m_lists;
    Index m_free = none;
    size_t m_count = 0;
    quint64 m_links = 0;
    qint64 m_bytes = 0;
    std::optional<FrequencySketch> m_sketch; // TinyLfu only
    quint32 m_random = 0x9E37'79B9;
    std::vector<std::pair<QByteArray, PrefixStats>> m_prefixes;
};

} // namespace a360::cache
