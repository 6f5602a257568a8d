// SPDX-License-Identifier: GPL-3.0-or-later
#include "task_metrics.h"

namespace a360 {

namespace {

using metrics::Family;
using metrics::Kind;

void appendTotals(const tasks::TaskStatistics &stats, std::vector<Family> &out)
{
    const auto gauge = [&out](const char *name, const char *help, qint64 value) {
        out.push_back(metrics::gaugeFamily(name, help, static_cast<double>(value)));
    };
    gauge("a360_tasks_active", "Background tasks running.", stats.activeTasks);
    gauge("a360_tasks_queue_depth", "Background tasks waiting.", stats.queueDepth);
    gauge("a360_tasks_peak_queue_depth", "Most that ever waited.", stats.peakQueueDepth);
    const auto counter = [&out](const char *name, const char *help, qint64 value) {
        out.push_back(metrics::counterFamily(name, help, static_cast<double>(value)));
    };
    counter("a360_tasks_refused_total", "Tasks not taken because the queue was full.", stats.refusedTasks);
    counter("a360_tasks_retries_total", "Attempts after the first.", stats.retries);

    Family finished{"a360_tasks_finished_total", "Finished tasks, by outcome.", Kind::Counter, {}};
    const std::pair<const char *, qint64> outcomes[] = {{"completed", stats.completedTasks},
                                                        {"failed", stats.failedTasks},
                                                        {"cancelled", stats.cancelledTasks}};
    for (const auto &[outcome, count] : outcomes)
        finished.samples.push_back({{{"outcome", outcome}}, static_cast<double>(count)});
    out.push_back(std::move(finished));

    Family failures{"a360_tasks_failures_total", "Failed tasks, by type of error.", Kind::Counter, {}};
    for (auto it = stats.failuresByType.begin(); it != stats.failuresByType.end(); ++it)
        failures.samples.push_back({{{"type", it.key().toUtf8()}}, static_cast<double>(it.value())});
    out.push_back(std::move(failures));
}

void appendFunctions(const tasks::TaskStatistics &stats, std::vector<Family> &out)
{
    Family runs{"a360_tasks_function_runs_total", "Runs of a function.", Kind::Counter, {}};
    Family p95{"a360_tasks_function_p95_seconds", "Duration that 95 of 100 runs of a function stay below.", Kind::Gauge, {}};
    for (auto it = stats.byFunction.begin(); it != stats.byFunction.end(); ++it) {
        const metrics::Labels labels{{"function", it.key().toUtf8()}};
        runs.samples.push_back({labels, static_cast<double>(it->totalRuns)});
        p95.samples.push_back({labels, it->p95Duration});
    }
    out.push_back(std::move(runs));
    out.push_back(std::move(p95));
}

} // namespace

metrics::Registry::Registration addTaskMetrics(metrics::Registry &registry, const tasks::TaskRunner &runner)
{
    return registry.addCollector([&runner](std::vector<Family> &out) {
        const tasks::TaskStatistics stats = runner.statistics();
        appendTotals(stats, out);
        appendFunctions(stats, out);
    });
}

} // namespace a360
