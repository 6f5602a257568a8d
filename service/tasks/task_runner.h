// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tasks/task.h"
#include "tasks/task_options.h"
#include "tasks/task_result_store.h"
#include "tasks/task_statistics.h"

#include <QFuture>
#include <QPromise>

#include <vector>

namespace a360::tasks {

class TaskWorkers;

/// A task whose end can be awaited. `future` always ends with a value; to be told in a thread with an event loop:
/// `future.then(context, [](const Result<T> &result) { … })`.
template <typename T>
struct TaskHandle
{
    QUuid id;
    QFuture<Result<T>> future;
};

/// Background tasks (contract §9; the guide's "Background Tasks"): small work that lives and dies with the process, limited in
/// number, watched, and tried again when that may help. Tasks that need the processor and tasks that wait have threads of
/// their own; together no more than TaskOptions::maxConcurrent run, the longest waiting first. All functions are thread-safe,
/// and tasks may submit tasks; but one that waits for another's future keeps a worker that the other may need, for ever when
/// all do so: join them by a chain or as dependencies instead.
class TaskRunner
{
public:
    explicit TaskRunner(const TaskOptions &options);
    /// shutdown(), unless that was done. Must not happen inside a task.
    ~TaskRunner();
    TaskRunner(const TaskRunner &) = delete;
    TaskRunner &operator=(const TaskRunner &) = delete;

    /// add_background_task_safe: one attempt; what goes wrong is recorded and logged. Returns at once with the task's id.
    /// Error{LimitExceeded}: too many are waiting (counted as refused); Error{Unavailable}: the runner is stopping;
    /// Error{InvalidArgument}: no function.
    Result<QUuid> addBackgroundTaskSafe(Task task);
    /// add_background_task_with_retry: tries again what may succeed later (isRetryable), after waits that take no worker.
    Result<QUuid> addBackgroundTaskWithRetry(Task task, const RetryPolicy &retry = {});
    /// One of the two above for any function that taskFunction() takes, with its result as a future. `task.function` is not used.
    template <typename F>
    Result<TaskHandle<typename TaskShape<F>::Value>> run(Task task, F f, const RetryPolicy &retry = {.maxAttempts = 1});

    /// chain_background_tasks: each begins when the one before has ended and finds its result, when there is one, as its first
    /// argument. After a failed step the next runs without; a cancelled one takes the rest along. Ids in order.
    Result<std::vector<QUuid>> chainBackgroundTasks(std::vector<Task> steps);
    /// add_task_with_dependencies: `task` runs when all dependencies have completed (side by side, with the arguments of
    /// `task`), their results in front of its arguments. When one fails, `task` fails and the others are cancelled.
    Result<QUuid> addTaskWithDependencies(Task task, std::vector<Task> dependencies);

    /// A pending task ends at once; a running one is asked to by its token. False when there is no such unfinished task.
    bool cancel(const QUuid &id);

    /// An unfinished task, or a tracked one that is still in the history.
    std::optional<TaskRecord> status(const QUuid &id) const;
    /// The history, oldest first, then what is running or waiting.
    std::vector<TaskRecord> tasks() const;
    size_t queueDepth() const;
    const TaskOptions &options() const { return m_options; }
    /// get_task_statistics.
    TaskStatistics statistics() const;
    /// cleanup_old_tasks: forgets finished tasks, and functions that have not run, for `age`. The history also keeps itself
    /// within TaskOptions. Returns the number of tasks.
    size_t cleanUpOldTasks(std::chrono::seconds age = std::chrono::seconds(3600));
    /// store_task_result and the like.
    TaskResultStore &results();

    /// Takes nothing more in and waits for what there is, at most `timeout` (unset: TaskOptions::shutdownTimeout). True when
    /// all is done; otherwise the rest is cancelled: what waits never runs, what runs has a fifth of a second to heed its token.
    /// A function that hangs beyond that is recorded as cancelled and left behind on its thread, which ends with the
    /// function or the process; what it touches must be its own (TaskFunction). Again: the first answer.
    bool shutdown(std::optional<std::chrono::milliseconds> timeout = {});

private:
    Result<QUuid> submit(Task task, const RetryPolicy &retry);

    const TaskOptions m_options;
    const std::shared_ptr<TaskWorkers> m_workers;
};

template <typename F>
Result<TaskHandle<typename TaskShape<F>::Value>> TaskRunner::run(Task task, F f, const RetryPolicy &retry)
{
    using T = typename TaskShape<F>::Value;
    struct State
    {
        explicit State(F &&function) : f(std::move(function)) { promise.start(); }
        F f;
        QPromise<Result<T>> promise;
        std::optional<Result<T>> value; // of the last attempt; handed over with the outcome
    };
    const auto state = std::make_shared<State>(std::move(f));
    const bool keep = task.keepResult.has_value();
    task.function = [state, keep](const TaskContext &context) -> Result<QVariant> {
        Result<T> result = TaskShape<F>::run(state->f, context);
        if (!result.ok())
            return result.error();
        QVariant kept;
        if constexpr (!std::is_void_v<T> && std::is_copy_constructible_v<T>) {
            if (keep)
                kept = QVariant::fromValue(result.value());
        } else {
            static_cast<void>(keep); // there is nothing to keep
        }
        state->value.emplace(std::move(result));
        return kept;
    };
    task.finished = [state, next = std::move(task.finished)](const TaskRecord &record, const Result<QVariant> &outcome) {
        if (outcome.ok())
            state->promise.addResult(std::move(*state->value));
        else
            state->promise.addResult(Result<T>(outcome.error()));
        state->promise.finish();
        if (next)
            next(record, outcome);
    };
    QFuture<Result<T>> future = state->promise.future();
    A360_TRY_ASSIGN(const QUuid id, submit(std::move(task), retry));
    return TaskHandle<T>{id, std::move(future)};
}

} // namespace a360::tasks
