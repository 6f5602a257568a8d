// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tasks/task.h"
#include "tasks/task_history.h"
#include "tasks/task_options.h"
#include "tasks/task_statistics.h"

#include <array>
#include <deque>
#include <span>
#include <vector>

namespace a360::tasks {

/// Where a task stands between its submission and its end.
struct TaskEntry
{
    TaskRecord record;
    TaskFunction function;    ///< the worker that runs it holds the entry
    QVariantList arguments;
    RetryPolicy retry{.maxAttempts = 1};
    std::optional<std::chrono::milliseconds> keepResult;
    TaskFinished finished;
    bool track = false;
    CancelSource cancel;
    quint64 number = 0;       ///< order of becoming ready

    // Tasks that wait for others.
    enum class Follows { Nothing, Chain, Dependencies } follows = Follows::Nothing;
    size_t waitingFor = 0;
    QVariantList inputs;                                  ///< results of the dependencies, in their order
    size_t slot = 0;                                      ///< place in the inputs of the follower
    std::shared_ptr<TaskEntry> follower;
    std::vector<std::weak_ptr<TaskEntry>> dependencies;
};
using TaskEntryPtr = std::shared_ptr<TaskEntry>;

/// What must happen outside the lock after a change of the board.
struct Aftermath
{
    struct Ended
    {
        TaskRecord record;
        Result<QVariant> outcome;
        TaskEntryPtr entry; ///< dropped here, so that what a function owns goes outside the lock
    };
    std::vector<Ended> ended; ///< without tasks that simply completed: whoever ran one holds it
    std::vector<CancelSource> cancelled;
    struct Delayed
    {
        TaskEntryPtr entry;
        std::chrono::milliseconds delay;
    };
    std::vector<Delayed> delayed; ///< to be made ready later

    bool isEmpty() const { return ended.empty() && cancelled.empty() && delayed.empty(); }
};

/// The bookkeeping of the background tasks: states, queues of both kinds, limits, chains, dependencies, retries, statistics.
/// It knows no threads and is not thread-safe: TaskRunner guards it with one lock.
class TaskBoard
{
public:
    enum Lane { Cpu, Io, LaneCount };

    explicit TaskBoard(const TaskOptions &options);

    /// A pending entry, not yet taken in.
    static TaskEntryPtr makeEntry(Task &&task, const RetryPolicy &retry);
    /// Takes entries in, all or none: Error{LimitExceeded} (counted) when the queue is full. Those that follow nothing are ready.
    Result<void> admit(std::span<const TaskEntryPtr> entries);
    /// Joins steps to a chain, or a task to its dependencies, before they are admitted.
    static void joinChain(const std::vector<TaskEntryPtr> &steps);
    static void joinDependencies(const TaskEntryPtr &task, const std::vector<TaskEntryPtr> &dependencies);

    /// The next task of a lane, now running; null when there is none or a limit is reached. At the limit the lane whose task
    /// has waited longer goes first.
    TaskEntryPtr take(Lane lane);
    bool mayTake(Lane lane) const;
    size_t ready(Lane lane) const { return m_ready[lane].size(); }
    /// An attempt of a running task has ended; `thrown`: by an exception, whose type is the error's detail.
    void attemptEnded(const TaskEntryPtr &entry, Result<QVariant> outcome, bool thrown, double seconds, Aftermath &after);
    /// The wait for the next attempt is over.
    void makeReady(const TaskEntryPtr &entry);

    /// False when there is no such unfinished task. A pending one ends at once, a running one when its function heeds the token.
    bool cancel(const QUuid &id, Aftermath &after);
    void cancelAll(Aftermath &after);
    /// Records what still runs as cancelled; its functions are on their own from now on. What was to be tried again is not.
    void giveUpRunning(Aftermath &after);

    bool isIdle() const { return m_unfinished.isEmpty(); }
    std::optional<TaskRecord> find(const QUuid &id);
    std::vector<TaskRecord> records();
    TaskStatistics statistics() const;
    size_t queueDepth() const { return m_pending; }
    size_t cleanUp(double age);
    void trimHistory() { m_history.trim(epochSeconds()); }

private:
    void end(const TaskEntryPtr &entry, TaskState state, Result<QVariant> outcome, Aftermath &after);
    void follow(const TaskEntryPtr &ended, const Result<QVariant> &outcome, Aftermath &after);
    void followDependency(const TaskEntryPtr &ended, const TaskEntryPtr &task, const Result<QVariant> &outcome,
                          Aftermath &after);
    void dropDependencies(const TaskEntryPtr &task, Aftermath &after);
    void cancelEntry(const TaskEntryPtr &entry, Aftermath &after);
    void leaveQueue(const TaskEntryPtr &entry);
    static Lane laneOf(const TaskEntry &entry) { return entry.record.cpuBound ? Cpu : Io; }
    static Error cancelledError();

    const TaskOptions m_options;
    const std::array<int, LaneCount> m_laneLimits;
    std::array<std::deque<TaskEntryPtr>, LaneCount> m_ready; // in order of number
    std::array<int, LaneCount> m_running{};
    QHash<QUuid, TaskEntryPtr> m_unfinished;
    size_t m_pending = 0, m_peakPending = 0;
    quint64 m_nextNumber = 0;
    TaskHistory m_history;
    TaskCounters m_counters;
};

} // namespace a360::tasks
