// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache_metrics.h"

#include <limits>

namespace a360 {

namespace {

using metrics::Family;
using metrics::Kind;

void appendPrefixes(const cache::CacheReport &report, std::vector<Family> &out)
{
    const auto add = [&](const char *name, const char *help, auto &&value) {
        Family family{name, help, Kind::Counter, {}};
        for (const auto &[prefix, one] : report.prefixes)
            family.samples.push_back({{{"prefix", prefix}}, static_cast<double>(value(one))});
        out.push_back(std::move(family));
    };
    using Report = cache::PrefixReport;
    add("a360_cache_hits_total", "Answers found in any tier.", [](const Report &one) { return one.counters.hits; });
    add("a360_cache_misses_total", "Answers found in no tier.", [](const Report &one) { return one.counters.misses; });
    add("a360_cache_loads_total", "Answers loaded after a miss.", [](const Report &one) { return one.loads.loads; });
    add("a360_cache_load_failures_total", "Loads that failed.", [](const Report &one) { return one.loads.failures; });
    add("a360_cache_load_seconds_total", "Time spent loading.",
        [](const Report &one) { return std::chrono::duration<double>(one.loads.loadTime).count(); });
}

void appendTiers(const cache::CacheReport &report, std::vector<Family> &out)
{
    const auto add = [&](const char *name, const char *help, Kind kind, auto &&value) {
        Family family{name, help, kind, {}};
        for (const cache::BackendStats &tier : report.tiers)
            family.samples.push_back({{{"tier", tier.name}}, static_cast<double>(value(tier))});
        out.push_back(std::move(family));
    };
    using Tier = cache::BackendStats;
    add("a360_cache_tier_hits_total", "Answers found in a tier.", Kind::Counter, [](const Tier &tier) { return tier.total.hits; });
    add("a360_cache_tier_evictions_total", "Entries that made room.", Kind::Counter, [](const Tier &tier) { return tier.total.evictions; });
    add("a360_cache_tier_expirations_total", "Entries whose time was over.", Kind::Counter,
        [](const Tier &tier) { return tier.total.expirations; });
    add("a360_cache_tier_errors_total", "Calls that a tier failed.", Kind::Counter, [](const Tier &tier) { return tier.errors; });
    add("a360_cache_tier_entries", "Entries held.", Kind::Gauge, [](const Tier &tier) { return tier.entries; });
    add("a360_cache_tier_bytes", "Bytes held.", Kind::Gauge, [](const Tier &tier) { return tier.bytes; });
    add("a360_cache_tier_available", "1 while the tier can be reached.", Kind::Gauge, [](const Tier &tier) { return tier.available ? 1 : 0; });
}

} // namespace

metrics::Registry::Registration addCacheMetrics(metrics::Registry &registry, const cache::QueryCache &cache)
{
    return registry.addCollector([&cache](std::vector<Family> &out) {
        const cache::CacheReport report = cache.report();
        const bool asked = report.total.counters.hits + report.total.counters.misses > 0;
        out.push_back(metrics::gaugeFamily("a360_cache_hit_ratio", "Hits by lookups, 0 to 1; NaN before the first lookup.",
                                           asked ? report.hitRatio() : std::numeric_limits<double>::quiet_NaN()));
        appendPrefixes(report, out);
        appendTiers(report, out);
    });
}

} // namespace a360
