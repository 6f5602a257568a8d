// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tasks/duration_histogram.h"
#include "tasks/task_record.h"

#include <QHash>
#include <QMap>

namespace a360::tasks {

struct FunctionStatistics
{
    qint64 totalRuns = 0;      ///< finished tasks that had begun to run; cancelled ones are in neither of the next two
    qint64 successfulRuns = 0;
    qint64 failedRuns = 0;
    double totalDuration = 0;  ///< seconds of the successful ones, so that the average is theirs
    double avgDuration = 0;
    double lastRunTime = 0;    ///< seconds since 1970
    double p95Duration = 0;    ///< seconds, of all that ran
};

/// The contract's get_task_statistics, of all tasks since the start, tracked or not:
/// total = pending + active + completed + failed + cancelled.
struct TaskStatistics
{
    qint64 totalTasks = 0, pendingTasks = 0, activeTasks = 0, completedTasks = 0, failedTasks = 0, cancelledTasks = 0;
    qint64 refusedTasks = 0;   ///< submitted, but not taken: the queue was full
    qint64 retries = 0;        ///< attempts after the first
    qint64 queueDepth = 0;     ///< waiting for a worker, for an earlier task or for their next attempt
    qint64 peakQueueDepth = 0;
    double avgDuration = 0, p95Duration = 0, maxDuration = 0;
    QMap<QString, qint64> failuresByType;
    QMap<QString, FunctionStatistics> byFunction;

    QJsonObject toJson() const;
};

/// Counts finished tasks. Not thread-safe: belongs to the TaskBoard. Bounded: the functions and error types beyond the first
/// thousand, or hundred, share one entry, "(other)".
class TaskCounters
{
public:
    void finished(const TaskRecord &record);
    void refused(qint64 tasks) { m_refused += tasks; }
    void retried() { ++m_retries; }
    /// Forgets functions that last ran before `time`.
    void dropFunctionsBefore(double time);
    /// Everything but what is pending and active.
    TaskStatistics statistics() const;

private:
    struct Function
    {
        qint64 runs = 0, succeeded = 0, failed = 0;
        double total = 0, last = 0;
        DurationHistogram durations;
    };
    Function &functionOf(const QString &name);
    QHash<QString, Function> m_functions;
    QMap<QString, qint64> m_failures;
    DurationHistogram m_durations;
    double m_totalDuration = 0;
    qint64 m_completed = 0, m_failed = 0, m_cancelled = 0, m_refused = 0, m_retries = 0;
};

} // namespace a360::tasks
