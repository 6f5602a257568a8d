// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/shared_shard.h"

#include "core/brief_lock.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <thread>

namespace a360::cache {

namespace {

constexpr size_t mostLanes = 8;

/// Threads take lanes in turn.
size_t threadNumber()
{
    static std::atomic<size_t> next = 0;
    thread_local const size_t number = next.fetch_add(1, std::memory_order_relaxed);
    return number;
}

} // namespace

SharedShard::SharedShard(Admission admission, CacheShard::Limits limits)
    : m_laneCount(std::bit_ceil(std::clamp<size_t>(std::thread::hardware_concurrency(), 1, mostLanes))),
      m_lanes(std::make_unique<Lane[]>(m_laneCount)), m_shard(admission, limits)
{
}

SharedShard::Lane &SharedShard::ownLane()
{
    return m_lanes[threadNumber() & (m_laneCount - 1)];
}

std::optional<CacheEntry> SharedShard::get(size_t hash, const QByteArray &key, qint64 now)
{
    {
        Lane &lane = ownLane();
        const auto lock = lockBriefly(lane.mutex);
        const CacheShard::Index index = m_shard.findValid(hash, key, now);
        if (index != CacheShard::none) {
            std::optional<CacheEntry> entry = m_shard.entryAt(index);
            noteHit(lane, index);
            return entry;
        }
    }
    return change([&](CacheShard &shard, CacheShard::Garbage &garbage) { return shard.get(hash, key, now, garbage); });
}

void SharedShard::noteHit(Lane &lane, CacheShard::Index index)
{
    lane.hits[lane.hitCount++] = index;
    if (lane.hitCount < enoughHits)
        return;
    // While somebody else carries over there is still room for some hits more.
    const auto lock = lane.hitCount < mostHits ? std::unique_lock(m_carrying, std::try_to_lock) : lockBriefly(m_carrying);
    if (lock)
        carryOver(lane);
}

void SharedShard::carryOver(Lane &lane)
{
    for (size_t i = 0; i < lane.hitCount; ++i)
        m_shard.noteHit(lane.hits[i]);
    lane.hitCount = 0;
}

SharedShard::AllLanes::AllLanes(SharedShard &shard) : m_shared(shard)
{
    for (size_t lane = 0; lane < shard.m_laneCount; ++lane)
        lockBriefly(shard.m_lanes[lane].mutex).release();
    for (size_t lane = 0; lane < shard.m_laneCount; ++lane)
        shard.carryOver(shard.m_lanes[lane]);
}

SharedShard::AllLanes::~AllLanes()
{
    for (size_t lane = m_shared.m_laneCount; lane-- > 0;)
        m_shared.m_lanes[lane].mutex.unlock();
}

} // namespace a360::cache
