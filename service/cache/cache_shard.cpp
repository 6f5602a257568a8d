// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/cache_shard.h"

#include <algorithm>
#include <bit>

namespace a360::cache {

namespace {

constexpr size_t maxPrefixes = 256; // prefixes are words of the program; this only bounds a mistake
constexpr int clearlyPopular = 5;
constexpr qint64 windowShareOfBytes = 32;

} // namespace

CacheShard::CacheShard(Admission admission, Limits limits)
    : m_limits(limits), m_buckets(std::bit_ceil(std::max<size_t>(limits.entries, 8)), none)
{
    if (admission == Admission::Lru) {
        m_windowLimit = limits.entries;
        m_protectedLimit = 0;
        return;
    }
    m_windowLimit = std::max<size_t>(1, limits.entries / 100);
    m_protectedLimit = (limits.entries - m_windowLimit) * 4 / 5;
    m_sketch.emplace(limits.entries);
}

qint64 CacheShard::cost(const QByteArray &key, const CacheEntry &entry)
{
    return key.size() + entry.bytes.size() + qint64(sizeof(Node));
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
    unlink(index);
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

// ---- recency

void CacheShard::link(Index index, Segment segment)
{
    List &list = m_lists[segment];
    Node &node = m_nodes[index];
    node.segment = segment;
    node.newer = none;
    node.older = list.newest;
    (list.newest == none ? list.oldest : m_nodes[list.newest].newer) = index;
    list.newest = index;
    node.linkedAt = ++m_links;
    list.bytes += node.cost;
    ++list.size;
}

void CacheShard::unlink(Index index)
{
    const Node &node = m_nodes[index];
    List &list = m_lists[node.segment];
    (node.newer == none ? list.newest : m_nodes[node.newer].older) = node.older;
    (node.older == none ? list.oldest : m_nodes[node.older].newer) = node.newer;
    list.bytes -= node.cost;
    --list.size;
}

void CacheShard::touch(Index index)
{
    const Segment segment = m_nodes[index].segment;
    if (segment != Probation) {
        // Whoever is among the newest eighth stays where it is: popular entries are read, not written, and so their
        // memory does not wander between the processors.
        if (m_links - m_nodes[index].linkedAt <= m_lists[segment].size / 8)
            return;
        unlink(index);
        link(index, segment);
        return;
    }
    unlink(index);
    link(index, Protected);
    while (m_lists[Protected].size > m_protectedLimit) {
        const Index demoted = m_lists[Protected].oldest;
        unlink(demoted);
        link(demoted, Probation);
    }
}

// ---- room

bool CacheShard::admits(Index candidate, Index victim)
{
    const int asked = m_sketch->frequency(m_nodes[candidate].hash);
    if (asked > m_sketch->frequency(m_nodes[victim].hash))
        return true;
    // Now and then in spite of the counts, so that nobody can lock up the cache with keys that collide in the sketch.
    if (asked <= clearlyPopular)
        return false;
    m_random = m_random * 1664525 + 1013904223;
    return (m_random >> 25) == 0;
}

void CacheShard::dropExpiredTails(qint64 now, Garbage &garbage)
{
    for (const List &list : m_lists) {
        for (int i = 0; i < 2 && list.oldest != none && m_nodes[list.oldest].entry.expiresAt <= now; ++i)
            take(list.oldest, Reason::Expiration, garbage);
    }
}

void CacheShard::makeRoom(qint64 now, Garbage &garbage)
{
    if (isOver())
        dropExpiredTails(now, garbage);
    Index candidate = none;
    while (m_sketch && (m_lists[Window].size > m_windowLimit || m_lists[Window].bytes > m_limits.bytes / windowShareOfBytes)) {
        candidate = m_lists[Window].oldest;
        unlink(candidate);
        link(candidate, Probation);
    }
    while (isOver()) {
        Index victim = m_lists[Probation].oldest;
        if (victim == none)
            victim = m_lists[Protected].oldest != none ? m_lists[Protected].oldest : m_lists[Window].oldest;
        if (candidate != none && candidate != victim && !admits(candidate, victim))
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
    if (m_sketch)
        m_sketch->increment(m_nodes[index].hash);
    ++m_prefixes[m_nodes[index].prefix].second.counters.hits;
    touch(index);
}

std::optional<CacheEntry> CacheShard::get(size_t hash, const QByteArray &key, qint64 now, Garbage &garbage)
{
    const Index index = find(hash, key);
    if (index != none && m_nodes[index].entry.expiresAt > now) {
        noteHit(index);
        return m_nodes[index].entry;
    }
    if (m_sketch)
        m_sketch->increment(hash);
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
    m_lists[node.segment].bytes += cost - node.cost;
    m_bytes += cost - node.cost;
    node.cost = cost;
    garbage.push_back(std::exchange(node.entry, entry).bytes);
    touch(index);
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
        link(index, Window);
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
    for (const List &list : m_lists) {
        for (Index at = list.newest; at != none;) {
            const Index index = std::exchange(at, m_nodes[at].older);
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
    for (const List &list : m_lists) {
        for (Index at = list.newest; at != none; at = m_nodes[at].older)
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
