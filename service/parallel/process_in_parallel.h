// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "parallel/call_outcome.h"
#include "parallel/guarded_call.h"
#include "parallel/indexed_work.h"

#include <QFuture>
#include <QtConcurrentRun>

#include <limits>
#include <utility>

/// The guide's "Parallel Processing" (contract §10). Everywhere: results in the order of the items; no items, no results; a
/// function is called by several threads at a time and may take the CancelToken as its last argument; what it throws is an
/// Error{Internal} of its item; workers are clamped (ParallelOptions). With `firstError` (the default) the first error
/// cancels the token of the others, with `collectErrors` every item has its own Result. When `call.cancel` is cancelled,
/// items that have not begun end with Error{Cancelled}. A batch size below 1 is Error{InvalidArgument}. Safe to call from
/// inside a parallel function: the caller works on its own items.
namespace a360::parallel {

template <typename F, typename Items>
using ItemValue = CallValue<F, decltype(std::declval<const Items &>()[0])>;

/// What all the calls below have in common; in this thread and the helpers that `pool` can spare (null: none).
template <typename Mode, typename Items, typename F>
Outcome<ItemValue<F, Items>, Mode> runOnPool(QThreadPool *pool, int workers, qsizetype grain, const Items &items, F &f,
                                             const ParallelCall &call)
{
    using V = ItemValue<F, Items>;
    const auto count = static_cast<qsizetype>(items.size());
    if (const Result<void> checked = checkBatchSize(call.batchSize); !checked.ok())
        return CallOutcome<V, Mode>::refused(count, checked.error());
    ItemSlots<V> results(static_cast<size_t>(count));
    const ItemStep step = [&](qsizetype index, const CancelToken &cancel) {
        using Index = decltype(items.size());
        auto &slot = results[static_cast<size_t>(index)];
        slot.emplace(callGuarded(f, cancel, items[static_cast<Index>(index)]));
        return slot->ok();
    };
    runIndexed(pool, workers, count, call.batchSize.value_or(0), step,
               {CallOutcome<V, Mode>::stopAtFirstError, call.cancel, call.progress, grain});
    return CallOutcome<V, Mode>::from(std::move(results), call.cancel);
}

/// process_in_parallel_sync: for work that needs the processor. Blocks; the calling thread is one of the workers, the others
/// are made for the call and joined at its end (ParallelProcessor keeps them between calls).
template <typename Items, typename F, typename Mode = FirstError>
Outcome<ItemValue<F, Items>, Mode> processInParallelSync(const Items &items, F f, const ParallelCall &call = {}, Mode = {})
{
    const auto count = static_cast<qsizetype>(items.size());
    const int workers = call.options.clamped(call.workers.value_or(call.options.workers));
    if (workers == 1 || count < 2)
        return runOnPool<Mode>(nullptr, 1, 1, items, f, call);
    QThreadPool pool; // its threads start only when they are needed
    pool.setMaxThreadCount(workers - 1);
    return runOnPool<Mode>(&pool, workers, grainFor(count, workers), items, f, call);
}

/// process_in_parallel_async: for work that mostly waits (database, network, disk). Returns at once; `pool` must outlive the
/// future and should have a thread for each of `call.workers` (unset: as many as are allowed). A thread of the pool itself may
/// wait for the future. Switched off (ParallelOptions), everything is done before it returns.
template <typename Items, typename F, typename Mode = FirstError>
QFuture<Outcome<ItemValue<F, Items>, Mode>> processInParallelAsync(QThreadPool &pool, Items items, F f,
                                                                   const ParallelCall &call = {}, Mode = {})
{
    using Out = Outcome<ItemValue<F, Items>, Mode>;
    if (!call.options.enabled) {
        QPromise<Out> promise;
        promise.start();
        promise.addResult(runOnPool<Mode>(nullptr, 1, 1, items, f, call));
        promise.finish();
        return promise.future();
    }
    const int workers = call.options.clamped(call.workers.value_or(std::numeric_limits<int>::max()));
    return QtConcurrent::run(&pool, [&pool, workers, items = std::move(items), f = std::move(f), call]() mutable -> Out {
        return runOnPool<Mode>(&pool, workers, 1, items, f, call);
    });
}

/// process_in_parallel: the same for functions without an argument; `collectErrors` is the guide's return_exceptions. There
/// is no executor_type: threads do both kinds of work.
template <typename Task, typename Mode = FirstError>
Outcome<CallValue<Task>, Mode> processInParallel(const std::vector<Task> &tasks, const ParallelCall &call = {}, Mode mode = {})
{
    const auto run = [](const Task &task, const CancelToken &cancel) -> Result<CallValue<Task>> {
        return callGuarded(task, cancel);
    };
    return processInParallelSync(tasks, run, call, mode);
}

/// process_cpu_intensive: one function on a thread of `pool`, which must outlive the future.
template <typename F>
QFuture<Result<CallValue<F>>> processCpuIntensive(QThreadPool &pool, F f, CancelToken cancel = {})
{
    return QtConcurrent::run(&pool, [f = std::move(f), cancel = std::move(cancel)]() mutable -> Result<CallValue<F>> {
        A360_TRY(cancel.check());
        return callGuarded(f, cancel);
    });
}

} // namespace a360::parallel
