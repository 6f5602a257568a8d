// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/cache_backend.h"

#include "cache/glob.h"

namespace a360::cache {

CacheCounters &CacheCounters::operator+=(const CacheCounters &other)
{
    hits += other.hits;
    misses += other.misses;
    sets += other.sets;
    evictions += other.evictions;
    expirations += other.expirations;
    removals += other.removals;
    return *this;
}

qint64 CacheBackend::removePrefix(const QByteArray &start)
{
    return removePattern(escapeGlob(start) + '*');
}

QByteArrayView prefixOfKey(QByteArrayView key)
{
    constexpr QByteArrayView start("query_cache:");
    if (!key.startsWith(start))
        return key.first(qMax<qsizetype>(0, key.lastIndexOf(':')));
    // The hash is the first part of 32 characters; prefixes are words.
    constexpr qsizetype hashSize = 32;
    for (qsizetype colon = key.indexOf(':', start.size()); colon >= 0; colon = key.indexOf(':', colon + 1)) {
        const qsizetype end = colon + 1 + hashSize;
        if (end == key.size() || (end < key.size() && key[end] == ':'))
            return key.sliced(start.size(), colon - start.size());
    }
    return key.sliced(start.size());
}

} // namespace a360::cache
