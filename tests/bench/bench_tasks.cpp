// SPDX-License-Identifier: GPL-3.0-or-later
// Submits empty background tasks and waits until all have run: bench_tasks [count]. Prints tasks per second, for tasks
// without and with a future, tracked, and of both kinds.
#include "tasks/task_runner.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>

using namespace a360;
using namespace a360::tasks;

namespace {

void measure(const char *name, int count, const std::function<bool(TaskRunner &, int)> &submit)
{
    TaskOptions options;
    options.maxPending = static_cast<size_t>(count) + 1;
    TaskRunner runner(options);
    const auto startedAt = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) {
        if (!submit(runner, i))
            std::abort();
    }
    const std::chrono::duration<double> submitted = std::chrono::steady_clock::now() - startedAt;
    if (!runner.shutdown(std::chrono::minutes(10)) || runner.statistics().completedTasks != count)
        std::abort();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - startedAt;
    std::printf("%-24s %9.0f tasks/s   (submitting alone %9.0f/s, queue up to %lld)\n", name, count / seconds.count(),
                count / submitted.count(), static_cast<long long>(runner.statistics().peakQueueDepth));
}

Task empty(bool cpuBound, bool tracked)
{
    Task task;
    task.name = QStringLiteral("empty");
    task.function = [](const TaskContext &) -> Result<QVariant> { return QVariant(); };
    task.cpuBound = cpuBound;
    task.trackStatus = tracked;
    return task;
}

} // namespace

int main(int argc, char **argv)
{
    const int count = argc > 1 ? std::atoi(argv[1]) : 500'000;
    measure("waiting tasks", count, [](TaskRunner &r, int) { return r.addBackgroundTaskSafe(empty(false, false)).ok(); });
    measure("tracked", count, [](TaskRunner &r, int) { return r.addBackgroundTaskSafe(empty(false, true)).ok(); });
    measure("both kinds", count, [](TaskRunner &r, int i) { return r.addBackgroundTaskSafe(empty(i % 2, true)).ok(); });
    measure("with a future", count, [](TaskRunner &r, int) { return r.run(empty(false, false), [] {}).ok(); });
    return 0;
}
