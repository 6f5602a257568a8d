// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "tasks/retry_policy.h"
#include "tasks/task_record.h"

#include <QVariant>

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

namespace a360::tasks {

/// What a running task is given.
struct TaskContext
{
    QUuid id;
    int attempt = 1;
    CancelToken cancel;     ///< to be heeded by whatever runs longer than a moment
    QVariantList arguments; ///< of the submission; in front of them what earlier tasks of a chain or dependencies made
};

/// Called by a worker thread, once for each attempt. An invalid QVariant is "no result". What it throws is a failure. It owns
/// what it touches, for it may outlive whoever submitted it and, when it hangs, even the runner (TaskRunner::shutdown).
using TaskFunction = std::function<Result<QVariant>(const TaskContext &)>;

/// Called once when a task has ended, outside all locks, by a worker or by the thread that cancelled; short, must not throw.
using TaskFinished = std::function<void(const TaskRecord &, const Result<QVariant> &)>;

/// A submission.
struct Task
{
    QString name;                ///< func_name: statistics are kept by it, and it tells CPU-bound tasks
    TaskFunction function;
    QVariantList arguments;
    std::optional<bool> cpuBound; ///< unset: by the rule of isCpuBound()
    bool isAsync = false;        ///< it mostly waits (database, network)
    bool trackStatus = false;    ///< its record stays in the history when it has ended
    std::optional<std::chrono::milliseconds> keepResult; ///< its result goes to the store for so long
    TaskFinished finished;
};

/// What `f` (with a const TaskContext & or without) returns: T, Result<T> or nothing.
template <typename F>
struct TaskShape
{
    template <typename R>
    struct Unwrapped
    {
        using Type = R;
    };
    template <typename R>
    struct Unwrapped<Result<R>>
    {
        using Type = R;
    };
    static auto call(F &f, const TaskContext &context) -> decltype(auto)
    {
        if constexpr (std::is_invocable_v<F &, const TaskContext &>)
            return f(context);
        else
            return f();
    }
    using Raw = std::remove_cvref_t<decltype(call(std::declval<F &>(), std::declval<const TaskContext &>()))>;
    using Value = typename Unwrapped<Raw>::Type;

    static Result<Value> run(F &f, const TaskContext &context)
    {
        if constexpr (std::is_void_v<Raw>) {
            call(f, context);
            return {};
        } else {
            return call(f, context);
        }
    }
};

/// A TaskFunction of any function as above; a T becomes a QVariant.
template <typename F>
TaskFunction taskFunction(F f)
{
    const auto shared = std::make_shared<F>(std::move(f)); // it may not be copyable
    return [shared](const TaskContext &context) -> Result<QVariant> {
        auto result = TaskShape<F>::run(*shared, context);
        if (!result.ok())
            return std::move(result).error();
        using Value = typename TaskShape<F>::Value;
        if constexpr (std::is_void_v<Value>)
            return QVariant();
        else if constexpr (std::is_same_v<Value, QVariant>)
            return std::move(result).value();
        else
            return QVariant::fromValue(std::move(result).value());
    };
}

} // namespace a360::tasks
