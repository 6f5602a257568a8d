// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "parallel/batches.h"
#include "parallel/process_mixed.h"

namespace a360::parallel {

/// ParallelProcessor: the calls of process_in_parallel.h on threads that are kept between them. Any thread may call, also
/// one of its own. The destructor waits for what is running.
class ParallelProcessor
{
public:
    /// `maxWorkers` for work that needs the processor, `maxConcurrent` for work that waits; both are clamped.
    explicit ParallelProcessor(const ParallelOptions &options, std::optional<int> maxWorkers = {},
                               std::optional<int> maxConcurrent = {});
    ~ParallelProcessor();
    ParallelProcessor(const ParallelProcessor &) = delete;
    ParallelProcessor &operator=(const ParallelProcessor &) = delete;

    int maxWorkers() const { return m_workers; }
    int maxConcurrent() const { return m_concurrent; }

    /// process_sync. Options and workers of `call` are this object's own.
    template <typename Items, typename F, typename Mode = FirstError>
    Outcome<ItemValue<F, Items>, Mode> processSync(const Items &items, F f, const ParallelCall &call = {}, Mode = {})
    {
        const qsizetype grain = grainFor(static_cast<qsizetype>(items.size()), m_workers);
        return runOnPool<Mode>(m_workers > 1 ? &m_cpu : nullptr, m_workers, grain, items, f, call);
    }
    /// process_async.
    template <typename Items, typename F, typename Mode = FirstError>
    QFuture<Outcome<ItemValue<F, Items>, Mode>> processAsync(Items items, F f, ParallelCall call = {}, Mode mode = {})
    {
        call.options = m_options;
        call.workers = m_concurrent;
        return processInParallelAsync(m_io, std::move(items), std::move(f), call, mode);
    }
    template <typename Items, typename Cpu, typename Io, typename Mode = FirstError>
    Outcome<MixedValue<Cpu, Io, Items>, Mode> processMixed(const Items &items, Cpu cpu, Io io, const ParallelCall &call = {},
                                                           Mode = {})
    {
        const bool parallel = m_options.enabled;
        return runMixed<Mode>(parallel ? &m_cpu : nullptr, parallel ? &m_io : nullptr, {m_workers, m_concurrent}, items, cpu,
                              io, call);
    }
    /// For a stream of items (ordered_stream.h).
    QThreadPool &cpuPool() { return m_cpu; }

private:
    const ParallelOptions m_options;
    const int m_workers, m_concurrent;
    QThreadPool m_cpu, m_io;
};

} // namespace a360::parallel
