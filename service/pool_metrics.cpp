// SPDX-License-Identifier: GPL-3.0-or-later
#include "pool_metrics.h"

#include "db/pool_health.h"

namespace a360 {

namespace {

using metrics::Family;
using metrics::Kind;

void appendState(const db::PoolStats &stats, std::vector<Family> &out)
{
    const auto gauge = [&out](const char *name, const char *help, double value) {
        out.push_back(metrics::gaugeFamily(name, help, value));
    };
    gauge("a360_pool_size", "Connections the pool keeps open.", stats.size);
    gauge("a360_pool_checked_in", "Connections parked.", stats.checkedIn);
    gauge("a360_pool_checked_out", "Connections in use or being opened.", stats.checkedOut);
    gauge("a360_pool_connecting", "Connections being checked or opened.", stats.connecting);
    gauge("a360_pool_overflow", "Connections in use beyond the pool's size.", stats.overflow);
    gauge("a360_pool_waiting", "Callers waiting for a connection.", stats.waiting);
    gauge("a360_pool_usage_ratio", "Connections in use by the pool's size.", stats.usagePercentage() / 100);
    gauge("a360_pool_health", "0 healthy, 1 degraded, 2 critical.", static_cast<double>(db::healthOf(stats)));
    gauge("a360_pool_max_wait_seconds", "Longest wait for a connection so far.", stats.maxWait);
    gauge("a360_pool_recommended_size", "Size by the guide's formula from the busiest ten seconds; 0: not measured yet.",
          stats.load.recommendedSize);
}

void appendTotals(const db::PoolStats &stats, std::vector<Family> &out)
{
    const auto counter = [&out](const char *name, const char *help, double value) {
        out.push_back(metrics::counterFamily(name, help, value));
    };
    counter("a360_pool_checkouts_total", "Leases granted.", static_cast<double>(stats.totalCheckouts));
    counter("a360_pool_checkins_total", "Leases given back.", static_cast<double>(stats.totalCheckins));
    counter("a360_pool_timeouts_total", "Callers who waited in vain.", static_cast<double>(stats.totalTimeouts));
    counter("a360_pool_opened_total", "Connections opened.", static_cast<double>(stats.totalOpened));
    counter("a360_pool_open_failures_total", "Failed attempts to open one.", static_cast<double>(stats.totalOpenFailures));
    counter("a360_pool_held_seconds_total", "Time connections were held by finished leases.", stats.totalHeld);

    Family invalidated{"a360_pool_invalidated_total", "Connections given up, by cause.", Kind::Counter, {}};
    for (auto it = stats.invalidations.begin(); it != stats.invalidations.end(); ++it)
        invalidated.samples.push_back({{{"cause", it.key().toUtf8()}}, static_cast<double>(it.value())});
    out.push_back(std::move(invalidated));

    metrics::Distribution waits;
    waits.bounds.assign(db::poolWaitBounds.begin(), db::poolWaitBounds.end());
    waits.counts.assign(stats.waitCounts.begin(), stats.waitCounts.end());
    waits.sum = stats.totalWait;
    out.push_back(metrics::histogramFamily("a360_pool_wait_seconds", "Time from the request for a connection to its grant.",
                                           std::move(waits)));
}

} // namespace

metrics::Registry::Registration addPoolMetrics(metrics::Registry &registry, const db::ConnectionPool &pool)
{
    return registry.addCollector([&pool](std::vector<Family> &out) {
        const db::PoolStats stats = pool.stats();
        appendState(stats, out);
        appendTotals(stats, out);
    });
}

} // namespace a360
