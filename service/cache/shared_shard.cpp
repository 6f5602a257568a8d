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
        // A full lane is not waited for here, where its owner would hold one lock and want others.
        if (lane.hitCount < mostHits) {
            const CacheShard::Index index = m_shard.findValid(hash, key, now);
            if (index != CacheShard::none) {
                std::optional<CacheEntry> entry = m_shard.entryAt(index);
                noteHit(lane, index);
                return entry;
            }
        }
    }
    return change([&](CacheShard &shard, CacheShard::Garbage &garbage) { return shard.get(hash, key, now, garbage); });
}

void SharedShard::noteHit(Lane &lane, CacheShard::Index index)
{
    lane.hits[lane.hitCount++] = index;
    if (lane.hitCount >= enoughHits)
        tryCarryOver(lane);
}

/// Only if nobody else is in the shard; otherwise the next hit tries again.
void SharedShard::tryCarryOver(const Lane &held)
{
    size_t locked = 0;
    while (locked < m_laneCount && (&m_lanes[locked] == &held || m_lanes[locked].mutex.try_lock()))
        ++locked;
    if (locked == m_laneCount)
        carryOver();
    while (locked-- > 0) {
        if (&m_lanes[locked] != &held)
            m_lanes[locked].mutex.unlock();
    }
}

void SharedShard::carryOver()
{
    for (size_t lane = 0; lane < m_laneCount; ++lane) {
        for (size_t i = 0; i < m_lanes[lane].hitCount; ++i)
            m_shard.noteHit(m_lanes[lane].hits[i]);
        m_lanes[lane].hitCount = 0;
    }
}

SharedShard::AllLanes::AllLanes(SharedShard &shard) : m_shared(shard)
{
    for (size_t lane = 0; lane < shard.m_laneCount; ++lane)
        lockBriefly(shard.m_lanes[lane].mutex).release();
    shard.carryOver();
}

SharedShard::AllLanes::~AllLanes()
{
    for (size_t lane = m_shared.m_laneCount; lane-- > 0;)
        m_shared.m_lanes[lane].mutex.unlock();
}

} // namespace a360::cache
