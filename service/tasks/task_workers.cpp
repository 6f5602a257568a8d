// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/task_workers.h"

#include "core/logging.h"
#include "core/thrown_error.h"

namespace a360::tasks {

namespace {

constexpr std::chrono::seconds kSweepEvery{60};
/// For functions that heed their token, when the time for stopping is over.
constexpr std::chrono::milliseconds kGrace{200};

struct Attempt
{
    Result<QVariant> outcome = QVariant();
    bool thrown = false;
    double seconds = 0;
};

Attempt attempt(const TaskFunction &function, const TaskContext &context)
{
    Attempt done;
    const auto startedAt = std::chrono::steady_clock::now();
    try {
        done.outcome = function(context);
    } catch (...) {
        done.outcome = errorFromException(QStringLiteral("A background task"));
        done.thrown = true;
    }
    done.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - startedAt).count();
    return done;
}

} // namespace

TaskWorkers::TaskWorkers(const TaskOptions &options)
    : m_limits{static_cast<size_t>(options.cpuWorkers()), static_cast<size_t>(options.ioWorkers())},
      m_results(options.maxResults), m_board(options), m_timer(kSweepEvery, [this] {
          m_results.sweep();
          std::lock_guard lock(m_mutex);
          m_board.trimHistory();
      })
{
}

void TaskWorkers::run(Worker &worker, TaskBoard::Lane lane)
{
    LaneThreads &threads = m_lanes[lane];
    std::unique_lock lock = lockBriefly(m_mutex);
    --threads.waking;
    for (;;) {
        if (TaskEntryPtr entry = m_board.take(lane)) {
            worker.busy = true;
            ++m_busy;
            lock.unlock();
            while (entry)
                entry = runOne(std::move(entry), lane);
            lock = lockBriefly(m_mutex);
            worker.busy = false;
            --m_busy;
            if (m_stopping && isAllDone())
                m_idle.notify_all();
            continue;
        }
        if (m_quit)
            return;
        ++threads.idle;
        threads.wake.wait(lock);
        --threads.idle;
        if (threads.waking > 0)
            --threads.waking;
    }
}

/// Runs a task that this thread has taken and gives the next one, when it could be taken in the same breath: after tasks
/// that need no more than to be counted.
TaskEntryPtr TaskWorkers::runOne(TaskEntryPtr entry, TaskBoard::Lane lane)
{
    Attempt done = attempt(entry->function, {entry->record.id, entry->record.attempts, entry->cancel.token(), entry->arguments});
    Aftermath after;
    TaskEntryPtr next;
    std::unique_lock lock = lockBriefly(m_mutex);
    m_board.attemptEnded(entry, std::move(done.outcome), done.thrown, done.seconds, after);
    if (after.isEmpty())
        next = m_board.take(lane);
    const Calls calls = callWorkers();
    lock.unlock();
    wake(calls);
    settle(after);
    return next; // what the function owns goes here, outside the lock
}

/// Counts in no more sleepers than there are tasks to take: with short tasks the first one has often done them all already.
TaskWorkers::Calls TaskWorkers::callWorkers()
{
    Calls calls{};
    for (const auto lane : {TaskBoard::Cpu, TaskBoard::Io}) {
        LaneThreads &threads = m_lanes[lane];
        while (m_board.mayTake(lane) && m_board.ready(lane) > threads.waking) {
            if (threads.idle > threads.waking)
                ++calls[lane];
            else if (threads.started < m_limits[lane] && !m_quit)
                startWorker(lane);
            else
                break; // a busy one will come by
            ++threads.waking;
        }
    }
    if (m_stopping && isAllDone())
        m_idle.notify_all();
    return calls;
}

/// Outside the lock, which those who wake want next.
void TaskWorkers::wake(const Calls &calls)
{
    for (const auto lane : {TaskBoard::Cpu, TaskBoard::Io}) {
        for (size_t i = 0; i < calls[lane]; ++i)
            m_lanes[lane].wake.notify_one();
    }
}

void TaskWorkers::startWorker(TaskBoard::Lane lane)
{
    ++m_lanes[lane].started;
    Worker &worker = *m_workers.emplace_back(std::make_unique<Worker>());
    worker.thread = std::thread([self = shared_from_this(), &worker, lane] { self->run(worker, lane); });
}

void TaskWorkers::settle(Aftermath &after)
{
    for (CancelSource &source : after.cancelled)
        source.cancel();
    for (const Aftermath::Ended &ended : after.ended) {
        if (ended.record.state == TaskState::Failed) {
            qCWarning(lcTasks).noquote() << "background task" << ended.record.function << "failed:" << ended.record.errorType
                                         << ended.record.error;
        }
        if (ended.entry->keepResult && ended.outcome.ok())
            m_results.store(ended.record.id, ended.outcome.value(), ended.entry->keepResult);
        if (ended.entry->finished)
            ended.entry->finished(ended.record, ended.outcome);
    }
    for (Aftermath::Delayed &delayed : after.delayed) {
        m_timer.callAfter(delayed.delay, [this, entry = std::move(delayed.entry)] {
            change([&](TaskBoard &board, Aftermath &) {
                board.makeReady(entry);
                return true;
            });
        });
    }
}

bool TaskWorkers::finish(std::chrono::milliseconds timeout)
{
    std::unique_lock lock(m_mutex);
    if (std::exchange(m_stopping, true))
        return m_allDone;
    m_allDone = m_idle.wait_for(lock, timeout, [this] { return isAllDone(); });
    Aftermath cancelled, givenUp;
    if (!m_allDone) {
        m_board.cancelAll(cancelled);
        lock.unlock();
        settle(cancelled);
        lock.lock();
        m_idle.wait_for(lock, kGrace, [this] { return isAllDone(); });
        m_board.giveUpRunning(givenUp);
    }
    m_quit = true;
    for (LaneThreads &threads : m_lanes)
        threads.wake.notify_all();
    std::vector<std::thread> ending;
    for (const auto &worker : m_workers) {
        if (worker->busy)
            worker->thread.detach();
        else
            ending.push_back(std::move(worker->thread));
    }
    const size_t leftBehind = m_workers.size() - ending.size();
    lock.unlock();
    settle(givenUp);
    m_timer.stop();
    for (std::thread &thread : ending)
        thread.join();
    if (leftBehind > 0)
        qCWarning(lcTasks) << leftBehind << "background tasks did not end when they were cancelled; they are left behind";
    return m_allDone;
}

} // namespace a360::tasks
