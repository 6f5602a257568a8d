// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/cache_entry.h"

#include <QByteArray>
#include <QJsonObject>

#include <map>
#include <optional>
#include <vector>

namespace a360::cache {

/// Counts since the start of one tier, or of one prefix in it. Reads that found an entry past its end count as a miss
/// and as an expiration.
struct CacheCounters
{
    qint64 hits = 0, misses = 0;
    qint64 sets = 0;
    qint64 evictions = 0;   ///< removed to make room, or refused for lack of it
    qint64 expirations = 0; ///< removed because their time was over
    qint64 removals = 0;    ///< removed because somebody asked for it
    CacheCounters &operator+=(const CacheCounters &other);
};

/// One prefix in one tier.
struct PrefixStats
{
    CacheCounters counters;
    qint64 entries = 0; ///< held now; 0 when unknown
    qint64 bytes = 0;   ///< keys and values held now; 0 when unknown
};

/// A consistent enough picture of one tier; numbers of busy tiers may be apart by what happened while reading them.
struct BackendStats
{
    QByteArray name;            ///< "memory", "redis"
    bool available = true;      ///< false: a peer cannot be reached at present
    QString error;              ///< why, without secrets; empty when all is well
    CacheCounters total;
    qint64 errors = 0;          ///< calls that failed and were answered as a miss, false or 0
    qint64 entries = 0;         ///< held now, those past their end included; 0 when unknown
    qint64 validEntries = 0;    ///< of these, not past their end
    qint64 maxEntries = 0;      ///< 0: no bound of ours
    qint64 bytes = 0;           ///< keys and values held now; 0 when unknown
    qint64 maxBytes = 0;        ///< 0: no bound of ours
    std::map<QByteArray, PrefixStats> prefixes; ///< by prefixOfKey(); a bounded number of them
    QJsonObject details;        ///< what only this kind has: `redis_info`, `keyspace` (contract §7.1)
};

/// One tier of the cache: bytes by key, each with a time to live. All functions may be called by many threads at a time.
/// A backend never fails its caller: trouble reads as a miss, `false` or 0, and is counted in BackendStats::errors.
/// Keys are opaque but for two things: prefixOfKey() groups the counters, and patterns are matched against them.
class CacheBackend
{
public:
    virtual ~CacheBackend() = default;

    virtual QByteArray name() const = 0;
    /// Nothing when the key is unknown or its time is over.
    virtual std::optional<CacheEntry> get(const QByteArray &key) = 0;
    /// Keeps an entry until `entry.expiresAt`; false when it was not kept (too large, already over, trouble).
    virtual bool set(const QByteArray &key, const CacheEntry &entry) = 0;
    /// True when there was such a key.
    virtual bool remove(const QByteArray &key) = 0;
    /// Removes what matches a glob (see cache/glob.h) and gives how many keys that were.
    virtual qint64 removePattern(const QByteArray &glob) = 0;
    /// Removes the keys that begin with `start`, which is taken literally.
    virtual qint64 removePrefix(const QByteArray &start);
    /// One element per tier, nearest first.
    virtual std::vector<BackendStats> stats() const = 0;
    /// Lets go of connections and threads; afterwards everything reads as a miss. May be called twice.
    virtual void close() {}
};

/// `contacts:list` of `query_cache:contacts:list:<md5>` and `query_cache:contacts:list:<md5>:<epochs>`; of other keys
/// what stands before the last colon. A part of `key`.
QByteArrayView prefixOfKey(QByteArrayView key);

} // namespace a360::cache
