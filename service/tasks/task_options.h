// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>

namespace a360 {
class Settings;
}

namespace a360::tasks {

/// Limits of the background tasks (contract §9, §13).
struct TaskOptions
{
    int maxConcurrent = 10;                           ///< running at a time, of both kinds (MAX_CONCURRENT_BACKGROUND_TASKS)
    std::chrono::milliseconds shutdownTimeout{30'000}; ///< longest wait for tasks when stopping (BACKGROUND_TASK_TIMEOUT)
    size_t maxPending = 10'000;                       ///< waiting at a time; further ones are refused
    size_t historySize = 1000;                        ///< finished tasks remembered
    std::chrono::seconds historyAge{3600};            ///< and for so long
    size_t maxResults = 1000;                         ///< stored results

    static TaskOptions from(const Settings &settings);

    /// Threads for tasks that need the processor: twice its cores, but so that one place is left for those that wait.
    int cpuWorkers() const;
    /// Threads for tasks that wait.
    int ioWorkers() const;
};

} // namespace a360::tasks
