// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace a360::tasks {

/// Whether a task needs the processor (contract §9): an explicit flag wins; otherwise a name that contains one of process,
/// compute, calculate, … format, serialize, deserialize, in any case, says yes; otherwise functions that are not
/// asynchronous do.
bool isCpuBound(const QString &functionName, bool isAsync, std::optional<bool> explicitFlag = {});

/// What is known of a piece of work before it is started.
struct TaskDemands
{
    double seconds = 0; ///< expected duration
    bool critical = false, retry = false, persistence = false, distributed = false, cpu = false;
};
enum class TaskType {
    BackgroundTask, ///< in this process, see TaskRunner
    DurableJob,     ///< must outlive the process
};

/// The guide's decision matrix (contract §9): a durable job for more than 2 s or any of the demands.
TaskType recommendTaskType(const TaskDemands &demands);
/// The contract's words: "background_tasks", and "celery" for what durable jobs take the place of.
QString taskTypeName(TaskType type);

} // namespace a360::tasks
