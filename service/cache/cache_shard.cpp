// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/cache_shard.h"

#include <algorithm>
#include <bit>

namespace a360::cache {

namespace {

constexpr size_t maxPrefixes = 256; // prefixes are words of the program; this only bounds a mistake

} // namespace

CacheShard::CacheShard(Admission admission, Limits limits)
    : m_limits(limits), m_buckets(std::bit_ceil(std::max<size_t>(limits.entries, 8)), none),
      m_recency(admission, limits.entries, limits.bytes)
{
}

qint64 CacheShard::cost(const QByteArray &key, const CacheEntry &entry)
{
    return key.size() + entry.bytes.size() + qint64(sizeof(Node)) + Recency::placeSize();
}

// ---- the table

CacheShard::Index CacheShard::find(size_t hash, const QByteArray &key) const
{
    Index at = m_buckets[hash & (m_buckets.size() - 1)];
    while (at != none && (m_nodes[at].hash != hash || m_nodes[at].key != key))
        at = m_nodes[at].chain;
    return at;
}

CacheShard::Index CacheShard::newNode()
{
    if (m_free == none) {
        m_nodes.emplace_back();
        return Index(m_nodes.size() - 1);
    }
    return std::exchange(m_free, m_nodes[m_free].chain);
}

void CacheShard::take(Index index, Reason reason, Garbage &garbage)
{
    Node &node = m_nodes[index];
    m_recency.remove(index);
    Index *link = &m_buckets[node.hash & (m_buckets.size() - 1)];
    while (*link != index)
        link = &m_nodes[*link].chain;
    *link = node.chain;

    PrefixStats &prefix = m_prefixes[node.prefix].second;
    ++(reason == Reason::Eviction         ? prefix.counters.evictions
           : reason == Reason::Expiration ? prefix.counters.expirations
                                          : prefix.counters.removals);
    --prefix.entries;
    prefix.bytes -= node.cost;
    m_bytes -= node.cost;
    --m_count;
    garbage.push_back(std::move(node.entry.bytes));
    garbage.push_back(std::move(node.key));
    node = Node();
    node.chain = std::exchange(m_free, index);
}

quint32 CacheShard::prefixId(const QByteArray &key)
{
    const QByteArrayView name = prefixOfKey(key);
    for (size_t i = 0; i < m_prefixes.size(); ++i) {
        if (m_prefixes[i].first == name)
            return quint32(i);
    }
    if (m_prefixes.size() >= maxPrefixes)
        return maxPrefixes - 1;
    m_prefixes.emplace_back(name.toByteArray(), PrefixStats());
    return quint32(m_prefixes.size() - 1);
}

// ---- room

void CacheShard::dropExpiredTails(qint64 now, Garbage &garbage)
{
    for (const Recency::Segment segment : Recency::segments) {
        for (int i = 0; i < 2; ++i) {
            const Index oldest = m_recency.oldest(segment);
            if (oldest == none || m_nodes[oldest].entry.expiresAt > now)
                break;
            take(oldest, Reason::Expiration, garbage);
        }
    }
}

void CacheShard::makeRoom(qint64 now, Garbage &garbage)
{
    if (isOver())
        dropExpiredTails(now, garbage);
    Index candidate = m_recency.shrinkWindow();
    while (isOver()) {
        Index victim = m_recency.victim();
        if (candidate != none && candidate != victim && !m_recency.admits(m_nodes[candidate].hash, m_nodes[victim].hash))
            victim = candidate;
        if (victim == candidate)
            candidate = none;
        take(victim, Reason::Eviction, garbage);
    }
}

// ---- what a cache does

CacheShard::Index CacheShard::findValid(size_t hash, const QByteArray &key, qint64 now) const
{
    const Index index = find(hash, key);
    return index != none && m_nodes[index].entry.expiresAt > now ? index : none;
}

void CacheShard::noteHit(Index index)
{
    m_recency.countRequest(m_nodes[index].hash);
    m_recency.touch(index);
    ++m_prefixes[m_nodes[index].prefix].second.counters.hits;
}

std::optional<CacheEntry> CacheShard::get(size_t hash, const QByteArray &key, qint64 now, Garbage &garbage)
{
    const Index index = find(hash, key);
    if (index != none && m_nodes[index].entry.expiresAt > now) {
        noteHit(index);
        return m_nodes[index].entry;
    }
    m_recency.countRequest(hash);
    if (index == none) {
        ++m_prefixes[prefixId(key)].second.counters.misses;
        return std::nullopt;
    }
    ++m_prefixes[m_nodes[index].prefix].second.counters.misses;
    take(index, Reason::Expiration, garbage);
    return std::nullopt;
}

void CacheShard::replace(Index index, const CacheEntry &entry, qint64 cost, Garbage &garbage)
{
    Node &node = m_nodes[index];
    PrefixStats &prefix = m_prefixes[node.prefix].second;
    prefix.bytes += cost - node.cost;
    m_bytes += cost - node.cost;
    node.cost = cost;
    m_recency.setCost(index, cost);
    garbage.push_back(std::exchange(node.entry, entry).bytes);
    m_recency.touch(index);
}

bool CacheShard::set(size_t hash, const QByteArray &key, const CacheEntry &entry, qint64 now, Garbage &garbage)
{
    const qint64 size = cost(key, entry);
    Index index = find(hash, key);
    if (size > m_limits.bytes || entry.expiresAt <= now) {
        if (index != none) // what it was to replace is no longer true
            take(index, Reason::Removal, garbage);
        if (entry.expiresAt > now)
            ++m_prefixes[prefixId(key)].second.counters.evictions;
        return false;
    }
    const quint32 prefix = index != none ? m_nodes[index].prefix : prefixId(key);
    ++m_prefixes[prefix].second.counters.sets;
    if (index != none) {
        replace(index, entry, size, garbage);
    } else {
        index = newNode();
        Node &node = m_nodes[index];
        node.key = key;
        node.entry = entry;
        node.hash = hash;
        node.cost = size;
        node.prefix = prefix;
        node.chain = std::exchange(m_buckets[hash & (m_buckets.size() - 1)], index);
        m_recency.add(index, size);
        ++m_count;
        m_bytes += size;
        ++m_prefixes[prefix].second.entries;
        m_prefixes[prefix].second.bytes += size;
    }
    makeRoom(now, garbage);
    return find(hash, key) != none;
}

bool CacheShard::remove(size_t hash, const QByteArray &key, Garbage &garbage)
{
    const Index index = find(hash, key);
    if (index == none)
        return false;
    take(index, Reason::Removal, garbage);
    return true;
}

qint64 CacheShard::removeIf(const std::function<bool(const QByteArray &)> &condition, Garbage &garbage)
{
    qint64 removed = 0;
    for (const Recency::Segment segment : Recency::segments) {
        for (Index at = m_recency.newest(segment); at != none;) {
            const Index index = std::exchange(at, m_recency.nextOlder(at));
            if (condition(m_nodes[index].key)) {
                take(index, Reason::Removal, garbage);
                ++removed;
            }
        }
    }
    return removed;
}

void CacheShard::addTo(BackendStats &stats, qint64 now) const
{
    stats.entries += qint64(m_count);
    stats.bytes += m_bytes;
    for (const Recency::Segment segment : Recency::segments) {
        for (Index at = m_recency.newest(segment); at != none; at = m_recency.nextOlder(at))
            stats.validEntries += m_nodes[at].entry.expiresAt > now ? 1 : 0;
    }
    for (const auto &[name, prefix] : m_prefixes) {
        PrefixStats &sum = stats.prefixes[name];
        sum.counters += prefix.counters;
        sum.entries += prefix.entries;
        sum.bytes += prefix.bytes;
        stats.total += prefix.counters;
    }
}

} // namespace a360::cache
