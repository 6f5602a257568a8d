// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/task_options.h"

#include "core/settings.h"

#include <algorithm>
#include <thread>

namespace a360::tasks {

TaskOptions TaskOptions::from(const Settings &settings)
{
    TaskOptions options;
    options.maxConcurrent = static_cast<int>(settings.integer("MAX_CONCURRENT_BACKGROUND_TASKS"));
    options.shutdownTimeout = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::duration<double>(settings.decimal("BACKGROUND_TASK_TIMEOUT")));
    return options;
}

int TaskOptions::cpuWorkers() const
{
    constexpr int kPerCore = 2; // contract §9, sizing
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    return std::clamp(kPerCore * cores, 1, std::max(1, maxConcurrent - 1));
}

int TaskOptions::ioWorkers() const
{
    return std::max(1, maxConcurrent);
}

} // namespace a360::tasks
