// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/task_board.h"

#include "tasks/task_rules.h"

#include <algorithm>
#include <random>

namespace a360::tasks {

namespace {

double chance()
{
    thread_local std::minstd_rand random{std::random_device{}()};
    return std::uniform_real_distribution<double>(0.0, 1.0)(random);
}

} // namespace

TaskBoard::TaskBoard(const TaskOptions &options)
    : m_options(options), m_laneLimits{options.cpuWorkers(), options.ioWorkers()},
      m_history(options.historySize, static_cast<double>(options.historyAge.count()))
{
}

Error TaskBoard::cancelledError()
{
    return makeError(ErrorCode::Cancelled, QStringLiteral("Cancelled."));
}

TaskEntryPtr TaskBoard::makeEntry(Task &&task, const RetryPolicy &retry)
{
    auto entry = std::make_shared<TaskEntry>();
    entry->record.id = newTaskId();
    entry->record.cpuBound = isCpuBound(task.name, task.isAsync, task.cpuBound);
    entry->record.function = std::move(task.name);
    entry->record.createdAt = epochSeconds();
    entry->function = std::move(task.function);
    entry->arguments = std::move(task.arguments);
    entry->retry = retry;
    entry->keepResult = task.keepResult;
    entry->finished = std::move(task.finished);
    entry->track = task.trackStatus;
    return entry;
}

Result<void> TaskBoard::admit(std::span<const TaskEntryPtr> entries)
{
    if (m_pending + entries.size() > m_options.maxPending) {
        m_counters.refused(static_cast<qint64>(entries.size()));
        return makeError(ErrorCode::LimitExceeded,
                         QStringLiteral("%1 background tasks are waiting already; no further ones are taken for now.")
                             .arg(m_pending));
    }
    m_pending += entries.size();
    m_peakPending = std::max(m_peakPending, m_pending);
    for (const TaskEntryPtr &entry : entries) {
        m_unfinished.insert(entry->record.id, entry);
        if (entry->waitingFor == 0)
            makeReady(entry);
    }
    return {};
}

void TaskBoard::makeReady(const TaskEntryPtr &entry)
{
    if (entry->record.state != TaskState::Pending)
        return; // cancelled while it waited
    entry->number = m_nextNumber++;
    m_ready[laneOf(*entry)].push_back(entry);
}

bool TaskBoard::mayTake(Lane lane) const
{
    const int running = m_running[Cpu] + m_running[Io];
    if (m_ready[lane].empty() || running >= m_options.maxConcurrent || m_running[lane] >= m_laneLimits[lane])
        return false;
    const Lane other = lane == Cpu ? Io : Cpu;
    const bool lastPlace = running == m_options.maxConcurrent - 1;
    const bool otherIsOlder = !m_ready[other].empty() && m_running[other] < m_laneLimits[other]
        && m_ready[other].front()->number < m_ready[lane].front()->number;
    return !(lastPlace && otherIsOlder);
}

TaskEntryPtr TaskBoard::take(Lane lane)
{
    if (!mayTake(lane))
        return nullptr;
    TaskEntryPtr entry = std::move(m_ready[lane].front());
    m_ready[lane].pop_front();
    --m_pending;
    ++m_running[lane];
    entry->record.state = TaskState::Running;
    if (++entry->record.attempts == 1)
        entry->record.startedAt = epochSeconds();
    return entry;
}

void TaskBoard::attemptEnded(const TaskEntryPtr &entry, Result<QVariant> outcome, bool thrown, double seconds,
                             Aftermath &after)
{
    if (entry->record.state != TaskState::Running)
        return; // given up
    entry->record.duration += seconds;
    if (outcome.ok()) {
        end(entry, TaskState::Completed, std::move(outcome), after);
        return;
    }
    if (entry->cancel.isCancelled() || outcome.error().code == ErrorCode::Cancelled) {
        end(entry, TaskState::Cancelled, cancelledError(), after);
        return;
    }
    if (entry->record.attempts < entry->retry.maxAttempts && isRetryable(outcome.error())) {
        --m_running[laneOf(*entry)];
        entry->record.state = TaskState::Pending;
        m_peakPending = std::max(m_peakPending, ++m_pending); // admitted once, so never refused
        m_counters.retried();
        after.delayed.push_back({entry, retryDelay(entry->retry, entry->record.attempts, chance())});
        return;
    }
    if (thrown)
        entry->record.errorType = outcome.error().detail;
    end(entry, TaskState::Failed, std::move(outcome), after);
}

void TaskBoard::end(const TaskEntryPtr &entry, TaskState state, Result<QVariant> outcome, Aftermath &after)
{
    TaskRecord &record = entry->record;
    if (record.state == TaskState::Running)
        --m_running[laneOf(*entry)];
    else
        --m_pending;
    record.state = state;
    record.completedAt = epochSeconds();
    if (!outcome.ok()) {
        record.error = outcome.error().message;
        if (record.errorType.isEmpty())
            record.errorType = errorTypeName(outcome.error());
    }
    m_unfinished.remove(record.id);
    m_counters.finished(record);
    if (entry->track) {
        m_history.add(record);
        m_history.trim(record.completedAt);
    }
    follow(entry, outcome, after);
    if (entry->follows == TaskEntry::Follows::Dependencies)
        dropDependencies(entry, after);
    if (state != TaskState::Completed || entry->finished || entry->keepResult)
        after.ended.push_back({record, std::move(outcome), entry});
}

bool TaskBoard::cancel(const QUuid &id, Aftermath &after)
{
    const TaskEntryPtr entry = m_unfinished.value(id);
    if (!entry)
        return false;
    cancelEntry(entry, after);
    return true;
}

void TaskBoard::cancelEntry(const TaskEntryPtr &entry, Aftermath &after)
{
    after.cancelled.push_back(entry->cancel); // callbacks of the token run outside the lock
    if (entry->record.state != TaskState::Pending)
        return;
    leaveQueue(entry);
    end(entry, TaskState::Cancelled, cancelledError(), after);
}

void TaskBoard::leaveQueue(const TaskEntryPtr &entry)
{
    auto &queue = m_ready[laneOf(*entry)];
    const auto place = std::lower_bound(queue.begin(), queue.end(), entry->number,
                                        [](const TaskEntryPtr &e, quint64 number) { return e->number < number; });
    if (place != queue.end() && *place == entry)
        queue.erase(place);
}

void TaskBoard::cancelAll(Aftermath &after)
{
    const auto all = m_unfinished.values();
    for (const TaskEntryPtr &entry : all) {
        if (!entry->record.isFinished())
            cancelEntry(entry, after);
    }
}

void TaskBoard::giveUpRunning(Aftermath &after)
{
    const auto all = m_unfinished.values();
    for (const TaskEntryPtr &entry : all) {
        if (!entry->record.isFinished()) {
            leaveQueue(entry); // where a further attempt may have brought it since cancelAll()
            end(entry, TaskState::Cancelled,
                makeError(ErrorCode::Cancelled, QStringLiteral("It did not end when the program stopped.")), after);
        }
    }
}

std::optional<TaskRecord> TaskBoard::find(const QUuid &id)
{
    if (const TaskEntryPtr entry = m_unfinished.value(id))
        return entry->record;
    trimHistory();
    return m_history.find(id);
}

std::vector<TaskRecord> TaskBoard::records()
{
    trimHistory();
    std::vector<TaskRecord> out(m_history.records().begin(), m_history.records().end());
    const size_t finished = out.size();
    for (const TaskEntryPtr &entry : std::as_const(m_unfinished))
        out.push_back(entry->record);
    std::sort(out.begin() + static_cast<qsizetype>(finished), out.end(),
              [](const TaskRecord &a, const TaskRecord &b) { return a.createdAt < b.createdAt; });
    return out;
}

TaskStatistics TaskBoard::statistics() const
{
    TaskStatistics out = m_counters.statistics();
    out.activeTasks = m_running[Cpu] + m_running[Io];
    out.pendingTasks = out.queueDepth = static_cast<qint64>(m_pending);
    out.peakQueueDepth = static_cast<qint64>(m_peakPending);
    out.totalTasks = out.activeTasks + out.pendingTasks + out.completedTasks + out.failedTasks + out.cancelledTasks;
    return out;
}

size_t TaskBoard::cleanUp(double age)
{
    const double now = epochSeconds();
    m_counters.dropFunctionsBefore(now - age);
    return m_history.dropOlderThan(age, now);
}

} // namespace a360::tasks
