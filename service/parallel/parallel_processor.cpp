// SPDX-License-Identifier: GPL-3.0-or-later
#include "parallel/parallel_processor.h"

namespace a360::parallel {

ParallelProcessor::ParallelProcessor(const ParallelOptions &options, std::optional<int> maxWorkers,
                                     std::optional<int> maxConcurrent)
    : m_options(options), m_workers(options.clamped(maxWorkers.value_or(options.workers))),
      m_concurrent(options.clamped(maxConcurrent.value_or(std::numeric_limits<int>::max())))
{
    m_cpu.setMaxThreadCount(m_workers);
    m_io.setMaxThreadCount(m_concurrent);
}

ParallelProcessor::~ParallelProcessor()
{
    m_io.waitForDone(); // first: an asynchronous call may be using the other pool
    m_cpu.waitForDone();
}

} // namespace a360::parallel
