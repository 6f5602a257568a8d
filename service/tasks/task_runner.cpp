// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/task_runner.h"

#include "tasks/task_workers.h"

namespace a360::tasks {

namespace {

Result<void> checkFunction(const Task &task)
{
    if (task.function)
        return {};
    return makeError(ErrorCode::InvalidArgument, QStringLiteral("The task %1 has no function.").arg(task.name),
                     QStringLiteral("function"));
}

Result<void> admit(TaskWorkers &workers, std::span<const TaskEntryPtr> entries)
{
    return workers.change([&](TaskBoard &board, Aftermath &) -> Result<void> {
        if (workers.isStopping())
            return makeError(ErrorCode::Unavailable, QStringLiteral("The program is stopping; no further tasks are taken."));
        return board.admit(entries);
    });
}

} // namespace

TaskRunner::TaskRunner(const TaskOptions &options) : m_options(options), m_workers(std::make_shared<TaskWorkers>(options)) {}

TaskRunner::~TaskRunner()
{
    shutdown();
}

Result<QUuid> TaskRunner::addBackgroundTaskSafe(Task task)
{
    return submit(std::move(task), {.maxAttempts = 1});
}

Result<QUuid> TaskRunner::addBackgroundTaskWithRetry(Task task, const RetryPolicy &retry)
{
    return submit(std::move(task), retry);
}

Result<QUuid> TaskRunner::submit(Task task, const RetryPolicy &retry)
{
    A360_TRY(checkFunction(task));
    const TaskEntryPtr entry = TaskBoard::makeEntry(std::move(task), retry);
    const QUuid id = entry->record.id;
    A360_TRY(admit(*m_workers, {&entry, 1}));
    return id;
}

Result<std::vector<QUuid>> TaskRunner::chainBackgroundTasks(std::vector<Task> steps)
{
    std::vector<TaskEntryPtr> entries;
    std::vector<QUuid> ids;
    for (Task &step : steps) {
        A360_TRY(checkFunction(step));
        entries.push_back(TaskBoard::makeEntry(std::move(step), {.maxAttempts = 1}));
        ids.push_back(entries.back()->record.id);
    }
    TaskBoard::joinChain(entries);
    A360_TRY(admit(*m_workers, entries));
    return ids;
}

Result<QUuid> TaskRunner::addTaskWithDependencies(Task task, std::vector<Task> dependencies)
{
    A360_TRY(checkFunction(task));
    std::vector<TaskEntryPtr> entries;
    for (Task &dependency : dependencies) {
        A360_TRY(checkFunction(dependency));
        entries.push_back(TaskBoard::makeEntry(std::move(dependency), {.maxAttempts = 1}));
    }
    const TaskEntryPtr entry = TaskBoard::makeEntry(std::move(task), {.maxAttempts = 1});
    const QUuid id = entry->record.id;
    TaskBoard::joinDependencies(entry, entries);
    entries.push_back(entry);
    A360_TRY(admit(*m_workers, entries));
    return id;
}

bool TaskRunner::cancel(const QUuid &id)
{
    return m_workers->change([&](TaskBoard &board, Aftermath &after) { return board.cancel(id, after); });
}

std::optional<TaskRecord> TaskRunner::status(const QUuid &id) const
{
    return m_workers->change([&](TaskBoard &board, Aftermath &) { return board.find(id); });
}

std::vector<TaskRecord> TaskRunner::tasks() const
{
    return m_workers->change([](TaskBoard &board, Aftermath &) { return board.records(); });
}

size_t TaskRunner::queueDepth() const
{
    return m_workers->change([](TaskBoard &board, Aftermath &) { return board.queueDepth(); });
}

TaskStatistics TaskRunner::statistics() const
{
    return m_workers->change([](TaskBoard &board, Aftermath &) { return board.statistics(); });
}

size_t TaskRunner::cleanUpOldTasks(std::chrono::seconds age)
{
    return m_workers->change(
        [&](TaskBoard &board, Aftermath &) { return board.cleanUp(static_cast<double>(age.count())); });
}

TaskResultStore &TaskRunner::results()
{
    return m_workers->results();
}

bool TaskRunner::shutdown(std::optional<std::chrono::milliseconds> timeout)
{
    return m_workers->finish(timeout.value_or(m_options.shutdownTimeout));
}

} // namespace a360::tasks
