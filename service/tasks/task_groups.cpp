// SPDX-License-Identifier: GPL-3.0-or-later
// Chains and dependencies: what the end of one task does to those that wait for it (contract §9).
#include "tasks/task_board.h"

namespace a360::tasks {

void TaskBoard::joinChain(const std::vector<TaskEntryPtr> &steps)
{
    for (size_t i = 1; i < steps.size(); ++i) {
        steps[i]->follows = TaskEntry::Follows::Chain;
        steps[i]->waitingFor = 1;
        steps[i - 1]->follower = steps[i];
    }
}

void TaskBoard::joinDependencies(const TaskEntryPtr &task, const std::vector<TaskEntryPtr> &dependencies)
{
    task->follows = TaskEntry::Follows::Dependencies;
    task->waitingFor = dependencies.size();
    task->inputs.resize(static_cast<qsizetype>(dependencies.size()));
    for (size_t i = 0; i < dependencies.size(); ++i) {
        dependencies[i]->arguments = task->arguments;
        dependencies[i]->slot = i;
        dependencies[i]->follower = task;
        task->dependencies.push_back(dependencies[i]);
    }
}

void TaskBoard::follow(const TaskEntryPtr &ended, const Result<QVariant> &outcome, Aftermath &after)
{
    const TaskEntryPtr next = std::exchange(ended->follower, nullptr);
    if (!next || next->record.isFinished())
        return;
    if (next->follows == TaskEntry::Follows::Dependencies) {
        followDependency(ended, next, outcome, after);
        return;
    }
    if (ended->record.state == TaskState::Cancelled) {
        // Step by step and not one inside the other: a chain may be as long as the queue.
        for (TaskEntryPtr step = next; step;) {
            const TaskEntryPtr following = std::exchange(step->follower, nullptr);
            if (!step->record.isFinished())
                cancelEntry(step, after);
            step = following;
        }
        return;
    }
    // A failed step does not end a chain: the next one runs without its result.
    if (outcome.ok() && !outcome.value().isNull())
        next->arguments.prepend(outcome.value());
    next->waitingFor = 0;
    makeReady(next);
}

void TaskBoard::followDependency(const TaskEntryPtr &ended, const TaskEntryPtr &task, const Result<QVariant> &outcome,
                                 Aftermath &after)
{
    if (!outcome.ok()) {
        if (ended->record.state == TaskState::Cancelled) {
            cancelEntry(task, after);
            return;
        }
        Error error = outcome.error();
        error.message = QStringLiteral("It needs %1, which failed: %2").arg(ended->record.function, error.message);
        end(task, TaskState::Failed, std::move(error), after);
        return;
    }
    task->inputs[static_cast<qsizetype>(ended->slot)] = outcome.value();
    if (--task->waitingFor > 0)
        return;
    task->arguments = task->inputs + task->arguments;
    makeReady(task);
}

void TaskBoard::dropDependencies(const TaskEntryPtr &task, Aftermath &after)
{
    for (const auto &weak : std::exchange(task->dependencies, {})) {
        const TaskEntryPtr dependency = weak.lock();
        if (dependency && m_unfinished.contains(dependency->record.id))
            cancelEntry(dependency, after);
    }
}

} // namespace a360::tasks
