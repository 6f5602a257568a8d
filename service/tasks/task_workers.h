// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/brief_lock.h"
#include "tasks/delay_timer.h"
#include "tasks/task_board.h"
#include "tasks/task_result_store.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace a360::tasks {

/// The threads of a TaskRunner, and the lock of its board. Threads start when they are first needed and stay until finish().
/// They are std::threads and not a QThreadPool's: a function that hangs must not hold up the end of the program, and a pool
/// always waits for its threads. Each holds a shared pointer to this object, so that one that was left behind finds it.
class TaskWorkers : public std::enable_shared_from_this<TaskWorkers>
{
public:
    explicit TaskWorkers(const TaskOptions &options);

    /// Calls change(board, aftermath) under the lock, wakes the workers it needs and does what has to follow.
    template <typename Change>
    auto change(Change &&change)
    {
        Aftermath after;
        std::unique_lock lock = lockBriefly(m_mutex);
        auto result = change(m_board, after);
        const Calls calls = callWorkers();
        lock.unlock();
        wake(calls);
        settle(after);
        return result;
    }
    /// Nothing is taken in any more once finish() has begun. To be asked under the lock, from a change.
    bool isStopping() const { return m_stopping; }
    /// See TaskRunner::shutdown().
    bool finish(std::chrono::milliseconds timeout);

    TaskResultStore &results() { return m_results; }

private:
    struct Worker
    {
        std::thread thread;
        bool busy = false; // guarded by m_mutex
    };
    /// Sleeping workers of each lane that there is work for.
    using Calls = std::array<size_t, TaskBoard::LaneCount>;
    void run(Worker &worker, TaskBoard::Lane lane);
    TaskEntryPtr runOne(TaskEntryPtr entry, TaskBoard::Lane lane);
    Calls callWorkers();
    void wake(const Calls &calls);
    void startWorker(TaskBoard::Lane lane);
    void settle(Aftermath &after);
    bool isAllDone() const { return m_board.isIdle() && m_busy == 0; }

    const std::array<size_t, TaskBoard::LaneCount> m_limits;
    TaskResultStore m_results;
    std::mutex m_mutex; // guards what follows
    TaskBoard m_board;
    struct LaneThreads
    {
        std::condition_variable wake;
        size_t started = 0, idle = 0;
        size_t waking = 0; ///< told to look for work, but not there yet
    };
    std::array<LaneThreads, TaskBoard::LaneCount> m_lanes;
    std::vector<std::unique_ptr<Worker>> m_workers;
    size_t m_busy = 0;
    bool m_stopping = false, m_quit = false, m_allDone = false;
    std::condition_variable m_idle;
    DelayTimer m_timer; // last: calls change()
};

} // namespace a360::tasks
