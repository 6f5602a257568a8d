// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/tiered_cache.h"

#include "cache/cache_key.h"

namespace a360::cache {

TieredCache::TieredCache(std::unique_ptr<CacheBackend> near, std::unique_ptr<CacheBackend> far, Clock clock)
    : m_near(std::move(near)), m_far(std::move(far)), m_clock(std::move(clock))
{
}

bool TieredCache::setNear(const QByteArray &key, CacheEntry entry)
{
    if (!carriesEpochs(key))
        entry.expiresAt = std::min<qint64>(entry.expiresAt, m_clock() + nearTime.count());
    return m_near->set(key, entry);
}

std::optional<CacheEntry> TieredCache::get(const QByteArray &key)
{
    if (std::optional<CacheEntry> near = m_near->get(key))
        return near;
    const quint64 before = m_removals.load(std::memory_order_acquire);
    std::optional<CacheEntry> far = m_far->get(key);
    if (!far)
        return far;
    setNear(key, *far);
    // Read far away before a removal there, brought near after the removal here: then it has to go again. Who removes
    // raises the count first: either he finds what was set, or we see the count.
    if (m_removals.load(std::memory_order_seq_cst) != before)
        m_near->remove(key);
    return far;
}

bool TieredCache::set(const QByteArray &key, const CacheEntry &entry)
{
    const bool far = m_far->set(key, entry);
    return setNear(key, entry) || far;
}

/// Removals begin far away: the other way round a reader in between would bring the entry near again.
template <typename Removal>
auto TieredCache::removed(Removal removal)
{
    m_removals.fetch_add(1, std::memory_order_seq_cst);
    const auto far = removal(*m_far);
    // Once more: a read that began meanwhile may have seen the entry far away, too.
    m_removals.fetch_add(1, std::memory_order_seq_cst);
    return std::max(far, removal(*m_near));
}

bool TieredCache::remove(const QByteArray &key)
{
    return removed([&key](CacheBackend &tier) { return tier.remove(key); });
}

qint64 TieredCache::removePattern(const QByteArray &glob)
{
    return removed([&glob](CacheBackend &tier) { return tier.removePattern(glob); });
}

qint64 TieredCache::removePrefix(const QByteArray &start)
{
    return removed([&start](CacheBackend &tier) { return tier.removePrefix(start); });
}

std::vector<BackendStats> TieredCache::stats() const
{
    std::vector<BackendStats> all = m_near->stats();
    for (BackendStats &tier : m_far->stats())
        all.push_back(std::move(tier));
    return all;
}

void TieredCache::close()
{
    m_far->close();
    m_near->close();
}

} // namespace a360::cache
