// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "parallel/process_in_parallel.h"
#include "parallel/staged_work.h"

namespace a360::parallel {

/// What the first function makes of an item, as the second one takes it.
template <typename Cpu, typename Items>
using MixedMiddle = ItemValue<Cpu, Items>;
template <typename Cpu, typename Io, typename Items>
using MixedValue = CallValue<Io, MixedMiddle<Cpu, Items>>;

template <typename Mode, typename Items, typename Cpu, typename Io>
Outcome<MixedValue<Cpu, Io, Items>, Mode> runMixed(QThreadPool *cpuPool, QThreadPool *ioPool, StageLimits limits,
                                                   const Items &items, Cpu &cpu, Io &io, const ParallelCall &call)
{
    using V = MixedValue<Cpu, Io, Items>;
    const auto count = static_cast<qsizetype>(items.size());
    std::vector<std::optional<MixedMiddle<Cpu, Items>>> between(static_cast<size_t>(count));
    ItemSlots<V> results(static_cast<size_t>(count));
    const ItemStep first = [&](qsizetype index, const CancelToken &cancel) {
        using Index = decltype(items.size());
        auto made = callGuarded(cpu, cancel, items[static_cast<Index>(index)]);
        if (made.ok())
            between[static_cast<size_t>(index)].emplace(std::move(made).value());
        else
            results[static_cast<size_t>(index)].emplace(std::move(made).error());
        return made.ok();
    };
    const ItemStep second = [&](qsizetype index, const CancelToken &cancel) {
        auto &slot = results[static_cast<size_t>(index)];
        auto &made = between[static_cast<size_t>(index)];
        slot.emplace(callGuarded(io, cancel, std::move(*made)));
        made.reset();
        return slot->ok();
    };
    runStaged(cpuPool, ioPool, count, first, second, limits,
              {CallOutcome<V, Mode>::stopAtFirstError, call.cancel, call.progress, 1});
    return CallOutcome<V, Mode>::from(std::move(results), call.cancel);
}

/// process_in_parallel_mixed: every item goes through `cpu` and, as soon as it is through, what that made through `io`; both
/// run side by side, on `call.workers` threads each. Blocks; the calling thread takes part.
template <typename Items, typename Cpu, typename Io, typename Mode = FirstError>
Outcome<MixedValue<Cpu, Io, Items>, Mode> processInParallelMixed(const Items &items, Cpu cpu, Io io,
                                                                 const ParallelCall &call = {}, Mode = {})
{
    const int workers = call.options.clamped(call.workers.value_or(call.options.workers));
    if (!call.options.enabled)
        return runMixed<Mode>(nullptr, nullptr, {1, 1}, items, cpu, io, call);
    QThreadPool pool;
    pool.setMaxThreadCount(2 * workers);
    return runMixed<Mode>(&pool, &pool, {workers, workers}, items, cpu, io, call);
}

} // namespace a360::parallel
