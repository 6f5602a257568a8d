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
    std::optional<CacheEntry> far = m_far->get(key);
    if (far)
        setNear(key, *far);
    return far;
}

bool TieredCache::set(const QByteArray &key, const CacheEntry &entry)
{
    const bool far = m_far->set(key, entry);
    return setNear(key, entry) || far;
}

// Removals begin far away: the other way round a reader in between would bring the entry near again.

bool TieredCache::remove(const QByteArray &key)
{
    const bool far = m_far->remove(key);
    return m_near->remove(key) || far;
}

qint64 TieredCache::removePattern(const QByteArray &glob)
{
    const qint64 far = m_far->removePattern(glob);
    return std::max(far, m_near->removePattern(glob));
}

qint64 TieredCache::removePrefix(const QByteArray &start)
{
    const qint64 far = m_far->removePrefix(start);
    return std::max(far, m_near->removePrefix(start));
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
