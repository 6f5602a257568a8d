// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/service_parts.h"

#include "db/pool_health.h"

#include <QCoreApplication>

#include <cmath>
#include <limits>

namespace a360::ui {

namespace {

using metrics::Aspect;
using metrics::HistorySeries;
using metrics::HistorySnapshot;

QString tr(const char *text)
{
    return QCoreApplication::translate("a360::ui::Dashboard", text);
}

Series seriesOf(const HistorySnapshot &history, const HistorySeries *from, double factor = 1)
{
    Series series;
    if (!from)
        return series;
    series.reserve(static_cast<size_t>(history.times.size()));
    for (qsizetype i = 0; i < history.times.size(); ++i)
        series.push_back({history.times[i], from->values[i] * factor});
    return series;
}

/// Hits of a hundred lookups, second by second, over all prefixes; a gap where nobody looked anything up.
Series hitPercent(const HistorySnapshot &history)
{
    const auto sumAt = [&](const QVector<HistorySeries> &all, qsizetype at) {
        double sum = 0;
        for (const HistorySeries &one : all)
            sum += std::isnan(one.values[at]) ? 0 : one.values[at];
        return sum;
    };
    const QVector<HistorySeries> hits = history.all("a360_cache_hits_total", Aspect::Rate);
    const QVector<HistorySeries> misses = history.all("a360_cache_misses_total", Aspect::Rate);
    Series series;
    series.reserve(static_cast<size_t>(history.times.size()));
    for (qsizetype i = 0; i < history.times.size(); ++i) {
        const double hit = sumAt(hits, i), all = hit + sumAt(misses, i);
        series.push_back({history.times[i], all > 0 ? 100 * hit / all : std::numeric_limits<double>::quiet_NaN()});
    }
    return series;
}

PoolPart::Health poolHealth(const db::PoolStats &stats)
{
    switch (db::healthOf(stats)) {
    case db::PoolHealth::Healthy: return PoolPart::Health::Healthy;
    case db::PoolHealth::Degraded: return PoolPart::Health::Degraded;
    case db::PoolHealth::Critical: break;
    }
    return PoolPart::Health::Critical;
}

CachePart::Verdict verdictOf(cache::Verdict verdict)
{
    switch (verdict) {
    case cache::Verdict::Good: return CachePart::Verdict::Good;
    case cache::Verdict::Fair: return CachePart::Verdict::Fair;
    case cache::Verdict::Reconsider: return CachePart::Verdict::Reconsider;
    case cache::Verdict::NotEnoughData: break;
    }
    return CachePart::Verdict::TooEarly;
}

CacheTierPart tierOf(const cache::BackendStats &stats)
{
    return {QString::fromUtf8(stats.name), stats.available, stats.error, stats.total.hits, stats.total.misses, stats.entries,
            stats.maxEntries, stats.bytes, stats.maxBytes, stats.total.evictions, stats.total.expirations};
}

void addFunctions(const tasks::TaskStatistics &stats, const HistorySnapshot &history, TasksPart &part)
{
    for (auto it = stats.byFunction.begin(); it != stats.byFunction.end(); ++it) {
        TaskFunctionPart function;
        function.name = it.key();
        function.runs = it->totalRuns;
        function.succeeded = it->successfulRuns;
        function.failed = it->failedRuns;
        function.p95 = it->p95Duration;
        function.average = it->avgDuration;
        function.runsPerSecond = seriesOf(history, history.find("a360_tasks_function_runs_total", Aspect::Rate,
                                                                {{"function", it.key().toUtf8()}}));
        part.functions.push_back(std::move(function));
    }
}

/// What the records of single tasks tell: who runs, who waits, what went wrong last.
void addRecords(const std::vector<tasks::TaskRecord> &records, TasksPart &part)
{
    const double now = tasks::epochSeconds();
    for (const tasks::TaskRecord &record : records) {
        auto function = std::find_if(part.functions.begin(), part.functions.end(),
                                     [&](const TaskFunctionPart &one) { return one.name == record.function; });
        if (function == part.functions.end())
            function = part.functions.insert(function, TaskFunctionPart{record.function, 0, 0, 0, 0, 0, 0, 0, {}, {}});
        if (record.state == tasks::TaskState::Running) {
            ++function->running;
            part.now.push_back({record.function, now - record.startedAt});
        } else if (record.state == tasks::TaskState::Pending) {
            ++function->queued;
        } else if (record.state == tasks::TaskState::Failed) {
            function->lastError = record.errorType;
        }
    }
}

} // namespace

HistorySnapshot dashboardHistory(Service &service)
{
    if (!service.telemetry())
        return {};
    metrics::HistoryRequest request;
    request.prefixes = {"a360_pool_usage_ratio", "a360_pool_waiting", "a360_cache_hits_total", "a360_cache_misses_total",
                        "a360_tasks_active", "a360_tasks_queue_depth", "a360_tasks_function_runs_total"};
    return service.telemetry()->history().snapshot(request);
}

PoolPart poolPartOf(Service &service, const HistorySnapshot &history)
{
    const db::PoolStats stats = service.pool().stats();
    PoolPart part;
    part.size = stats.size;
    part.mostOverflow = service.pool().maxOverflow();
    part.inUse = stats.checkedOut;
    part.idle = stats.checkedIn;
    part.overflow = stats.overflow;
    part.waiting = stats.waiting;
    part.averageWait = stats.averageWait;
    part.longestWait = stats.maxWait;
    part.checkouts = stats.totalCheckouts;
    part.timeouts = stats.totalTimeouts;
    part.invalidated = stats.totalInvalidated;
    part.health = poolHealth(stats);
    part.recommendedSize = stats.load.recommendedSize;
    for (const db::LeaseInfo &lease : service.pool().leases(service.pool().leakAfter()))
        part.leaks.push_back({lease.owner, lease.age});
    part.usePercent = seriesOf(history, history.find("a360_pool_usage_ratio", Aspect::Value), 100);
    part.waitingHistory = seriesOf(history, history.find("a360_pool_waiting", Aspect::Value));
    return part;
}

CachePart cachePartOf(Service &service, const HistorySnapshot &history)
{
    CachePart part;
    part.enabled = service.cache().isEnabled();
    if (!part.enabled) {
        part.howToEnable = tr("Set ENABLE_QUERY_CACHING=true and start again.");
        return part;
    }
    const cache::CacheReport report = service.cache().report();
    part.hits = report.total.counters.hits;
    part.misses = report.total.counters.misses;
    part.verdict = verdictOf(report.total.verdict);
    for (const cache::BackendStats &tier : report.tiers) {
        part.tiers.push_back(tierOf(tier));
        for (const auto &[prefix, one] : tier.prefixes)
            part.prefixes.push_back({QString::fromUtf8(prefix), QString::fromUtf8(tier.name), one.counters.hits,
                                     one.counters.misses, one.entries, one.bytes, one.counters.evictions});
    }
    part.hitPercent = hitPercent(history);
    return part;
}

TasksPart tasksPartOf(Service &service, const HistorySnapshot &history)
{
    TasksPart part;
    const tasks::TaskRunner *runner = service.tasks();
    part.enabled = runner != nullptr;
    if (!runner)
        return part;
    const tasks::TaskStatistics stats = runner->statistics();
    part.running = static_cast<int>(stats.activeTasks);
    part.queued = static_cast<int>(stats.queueDepth);
    part.limit = runner->options().maxConcurrent;
    part.completed = stats.completedTasks;
    part.failed = stats.failedTasks;
    addFunctions(stats, history, part);
    addRecords(runner->tasks(), part);
    part.queueDepth = seriesOf(history, history.find("a360_tasks_queue_depth", Aspect::Value));
    part.runningHistory = seriesOf(history, history.find("a360_tasks_active", Aspect::Value));
    return part;
}

QueriesPart queriesPartOf(Service &service)
{
    QueriesPart part;
    part.enabled = service.queries() && service.queries()->options().statistics;
    if (!part.enabled) {
        part.howToEnable = tr("Set ENABLE_QUERY_MONITORING=true and start again.");
        return part;
    }
    const db::QueryStatistics stats = service.queries()->statistics();
    part.threshold = stats.slowThreshold;
    part.total = stats.totalQueries;
    part.slow = stats.slowQueries;
    part.average = stats.averageSeconds();
    for (const db::SlowStatement &slow : stats.slowStatements)
        part.slowest.push_back({static_cast<qint64>(slow.id), slow.finishedAt, slow.seconds, slow.rows,
                                QString::fromUtf8(slow.text), QString::fromUtf8(slow.plan)});
    return part;
}

} // namespace a360::ui
