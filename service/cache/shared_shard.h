// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/cache_shard.h"

#include <array>
#include <memory>
#include <mutex>

namespace a360::cache {

/// A shard that many threads use. Its lock has as many lanes as there are processors (at most eight): a hit takes the lane
/// of its thread alone, anything that changes the table takes them all. What a hit means for recency and counters is
/// noted in the lane and carried over many at a time, by one thread at a time, beside readers: they write no memory in
/// common but the reference counts of the values. Nothing is lost or late: who holds all lanes has carried over all notes.
class SharedShard
{
public:
    SharedShard(Admission admission, CacheShard::Limits limits);
    SharedShard(const SharedShard &) = delete;
    SharedShard &operator=(const SharedShard &) = delete;

    std::optional<CacheEntry> get(size_t hash, const QByteArray &key, qint64 now);

    /// Calls change(shard, garbage) while no other thread is in the shard.
    template <typename Change>
    auto change(Change &&change)
    {
        CacheShard::Garbage garbage; // declared before the lock, and so destroyed after it
        const AllLanes all(*this);
        return change(m_shard, garbage);
    }

private:
    static constexpr size_t cacheLine = 64;
    static constexpr size_t enoughHits = 128, mostHits = 256;
    struct alignas(cacheLine) Lane
    {
        std::mutex mutex;
        size_t hitCount = 0; // guarded by mutex, as the next
        std::array<CacheShard::Index, mostHits> hits;
    };
    class AllLanes
    {
    public:
        explicit AllLanes(SharedShard &shard);
        ~AllLanes();
        AllLanes(const AllLanes &) = delete;
        AllLanes &operator=(const AllLanes &) = delete;

    private:
        SharedShard &m_shared;
    };
    Lane &ownLane();
    void noteHit(Lane &lane, CacheShard::Index index);
    void carryOver(Lane &lane);

    const size_t m_laneCount; // a power of two
    const std::unique_ptr<Lane[]> m_lanes;
    CacheShard m_shard; // read under any lane, changed under all of them; hits are noted under a lane and the next
    alignas(cacheLine) std::mutex m_carrying; // locked after lanes
};

} // namespace a360::cache
