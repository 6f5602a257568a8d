// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/task_statistics.h"

namespace a360::tasks {

namespace {

constexpr qsizetype kMostFunctions = 1000, kMostErrorTypes = 100;
constexpr double kP95 = 0.95;

QString otherName()
{
    return QStringLiteral("(other)");
}

double average(double total, qint64 count)
{
    return count > 0 ? total / static_cast<double>(count) : 0;
}

} // namespace

TaskCounters::Function &TaskCounters::functionOf(const QString &name)
{
    if (const auto known = m_functions.find(name); known != m_functions.end())
        return known.value();
    return m_functions[m_functions.size() < kMostFunctions ? name : otherName()];
}

void TaskCounters::finished(const TaskRecord &record)
{
    const bool succeeded = record.state == TaskState::Completed, failed = record.state == TaskState::Failed;
    m_completed += succeeded;
    m_failed += failed;
    m_cancelled += !succeeded && !failed;
    if (failed) {
        const bool room = m_failures.contains(record.errorType) || m_failures.size() < kMostErrorTypes;
        ++m_failures[room ? record.errorType : otherName()];
    }
    if (record.attempts == 0)
        return;
    Function &function = functionOf(record.function);
    ++function.runs;
    function.succeeded += succeeded;
    function.failed += failed;
    function.last = record.completedAt;
    function.durations.add(record.duration);
    m_durations.add(record.duration);
    if (succeeded) {
        function.total += record.duration;
        m_totalDuration += record.duration;
    }
}

void TaskCounters::dropFunctionsBefore(double time)
{
    m_functions.removeIf([time](auto it) { return it.value().last < time; });
}

TaskStatistics TaskCounters::statistics() const
{
    TaskStatistics out;
    out.completedTasks = m_completed;
    out.failedTasks = m_failed;
    out.cancelledTasks = m_cancelled;
    out.refusedTasks = m_refused;
    out.retries = m_retries;
    out.avgDuration = average(m_totalDuration, m_completed);
    out.p95Duration = m_durations.percentile(kP95);
    out.maxDuration = m_durations.longest();
    out.failuresByType = m_failures;
    for (auto it = m_functions.begin(); it != m_functions.end(); ++it) {
        const Function &f = it.value();
        out.byFunction.insert(it.key(), {f.runs, f.succeeded, f.failed, f.total, average(f.total, f.succeeded), f.last,
                                         f.durations.percentile(kP95)});
    }
    return out;
}

QJsonObject TaskStatistics::toJson() const
{
    QJsonObject functions, failures;
    for (auto it = byFunction.begin(); it != byFunction.end(); ++it) {
        functions.insert(it.key(), QJsonObject{{QStringLiteral("total_runs"), it->totalRuns},
                                               {QStringLiteral("successful_runs"), it->successfulRuns},
                                               {QStringLiteral("failed_runs"), it->failedRuns},
                                               {QStringLiteral("total_duration"), it->totalDuration},
                                               {QStringLiteral("avg_duration"), it->avgDuration},
                                               {QStringLiteral("last_run_time"), it->lastRunTime},
                                               {QStringLiteral("p95_duration"), it->p95Duration}});
    }
    for (auto it = failuresByType.begin(); it != failuresByType.end(); ++it)
        failures.insert(it.key(), it.value());
    return {{QStringLiteral("total_tasks"), totalTasks},
            {QStringLiteral("active_tasks"), activeTasks},
            {QStringLiteral("completed_tasks"), completedTasks},
            {QStringLiteral("failed_tasks"), failedTasks},
            {QStringLiteral("avg_duration_seconds"), avgDuration},
            {QStringLiteral("by_function"), functions},
            {QStringLiteral("pending_tasks"), pendingTasks},
            {QStringLiteral("cancelled_tasks"), cancelledTasks},
            {QStringLiteral("refused_tasks"), refusedTasks},
            {QStringLiteral("retries"), retries},
            {QStringLiteral("queue_depth"), queueDepth},
            {QStringLiteral("peak_queue_depth"), peakQueueDepth},
            {QStringLiteral("p95_duration_seconds"), p95Duration},
            {QStringLiteral("max_duration_seconds"), maxDuration},
            {QStringLiteral("failures_by_type"), failures}};
}

} // namespace a360::tasks
