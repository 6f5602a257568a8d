// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/cache_backend.h"

#include <chrono>

namespace a360::cache {

/// Loads after a miss, of one prefix or all.
struct LoadCounters
{
    qint64 loads = 0;
    qint64 failures = 0;        ///< of these; nothing was kept
    qint64 waited = 0;          ///< calls that were served by another call's load
    qint64 nothing = 0;         ///< loads that found that there is no value
    qint64 stale = 0;           ///< calls served an entry that was being loaded again
    std::chrono::nanoseconds loadTime{0}; ///< sum over all loads
    std::chrono::nanoseconds longestLoad{0};
    LoadCounters &operator+=(const LoadCounters &other);
};

/// The guide's advice ("Cache Performance"): above 80 % hits a cache is good, below 50 % it is to be reconsidered.
enum class Verdict { Good, Fair, Reconsider, NotEnoughData };
/// `enough`: below this many lookups a ratio says nothing.
Verdict verdictOn(qint64 hits, qint64 misses, qint64 enough);
QString verdictText(Verdict verdict); ///< "good", "fair", "reconsider", "not enough data"

struct PrefixReport
{
    CacheCounters counters; ///< a hit in any tier is a hit; a miss is one in all of them
    LoadCounters loads;
    qint64 entries = 0, bytes = 0; ///< in the nearest tier
    Verdict verdict = Verdict::NotEnoughData;
};

/// The whole cache at one moment.
struct CacheReport
{
    bool enabled = true;
    std::chrono::milliseconds defaultTtl{0};
    PrefixReport total;
    std::map<QByteArray, PrefixReport> prefixes;
    std::vector<BackendStats> tiers; ///< nearest first
    qint64 invalidations = 0;        ///< calls of the invalidation functions
    qint64 handlerFailures = 0;      ///< invalidation handlers that failed

    double hitRatio() const; ///< 0 to 1; 0 without lookups
};

/// Adds up the tiers; `enough` as in verdictOn().
void summarize(CacheReport &report, qint64 enough);

/// The shapes of contract §7.1 with more members: hits, misses, hit_ratio, verdict, …, `prefixes` and `tiers`.
QJsonObject toJson(const CacheReport &report);

} // namespace a360::cache
