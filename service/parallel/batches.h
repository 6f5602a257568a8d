// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "parallel/process_in_parallel.h"

#include <memory>
#include <span>

namespace a360::parallel {

/// batch_items: the items in pieces of `size`, the last one may be shorter; views into `items`. Error{InvalidArgument} for a
/// size below 1.
template <typename Items>
Result<std::vector<std::span<const typename Items::value_type>>> batchItems(const Items &items, qsizetype size)
{
    A360_TRY(checkBatchSize(size));
    const std::span<const typename Items::value_type> all(items.data(), static_cast<size_t>(items.size()));
    std::vector<std::span<const typename Items::value_type>> batches;
    for (size_t first = 0; first < all.size(); first += static_cast<size_t>(size))
        batches.push_back(all.subspan(first, std::min(all.size() - first, static_cast<size_t>(size))));
    return batches;
}

template <typename F, typename Items>
using BatchValue = CallValue<F, const std::span<const typename Items::value_type> &>;

/// process_batches_sync: `f` gets a batch, as std::span<const T>, and returns one result for it; results in the order of the
/// batches. `call.batchSize` has no meaning here.
template <typename Items, typename F, typename Mode = FirstError>
Outcome<BatchValue<F, Items>, Mode> processBatchesSync(const Items &items, F f, qsizetype batchSize, ParallelCall call = {},
                                                       Mode mode = {})
{
    const auto batches = batchItems(items, batchSize);
    if (!batches.ok())
        return CallOutcome<BatchValue<F, Items>, Mode>::refused(1, batches.error());
    call.batchSize.reset();
    return processInParallelSync(*batches, std::move(f), call, mode);
}

/// process_batches_async: the same beside the caller, `call.workers` is max_concurrent_batches. See processInParallelAsync.
template <typename Items, typename F, typename Mode = FirstError>
QFuture<Outcome<BatchValue<F, Items>, Mode>> processBatchesAsync(QThreadPool &pool, Items items, F f, qsizetype batchSize,
                                                                 ParallelCall call = {}, Mode mode = {})
{
    // The batches are views, so the items live as long as the function that is given them.
    const auto kept = std::make_shared<const Items>(std::move(items));
    auto batches = batchItems(*kept, batchSize);
    call.batchSize.reset();
    if (!batches.ok()) {
        QPromise<Outcome<BatchValue<F, Items>, Mode>> promise;
        promise.start();
        promise.addResult(CallOutcome<BatchValue<F, Items>, Mode>::refused(1, batches.error()));
        promise.finish();
        return promise.future();
    }
    const auto onBatch = [kept, f = std::move(f)](const std::span<const typename Items::value_type> &batch,
                                                  const CancelToken &cancel) mutable {
        return callGuarded(f, cancel, batch);
    };
    return processInParallelAsync(pool, std::move(*batches), onBatch, call, mode);
}

/// process_batches: `f` gets one item; a thread does a batch of them at a time. One result for each item, in their order.
template <typename Items, typename F, typename Mode = FirstError>
Outcome<ItemValue<F, Items>, Mode> processBatches(const Items &items, F f, qsizetype batchSize = 100, ParallelCall call = {},
                                                  Mode = {})
{
    const auto count = static_cast<qsizetype>(items.size());
    if (const Result<void> checked = checkBatchSize(batchSize); !checked.ok())
        return CallOutcome<ItemValue<F, Items>, Mode>::refused(count, checked.error());
    call.batchSize.reset();
    const int workers = call.options.clamped(call.workers.value_or(call.options.workers));
    if (workers == 1 || count <= batchSize)
        return runOnPool<Mode>(nullptr, 1, batchSize, items, f, call);
    QThreadPool pool;
    pool.setMaxThreadCount(workers - 1);
    return runOnPool<Mode>(&pool, workers, batchSize, items, f, call);
}

} // namespace a360::parallel
