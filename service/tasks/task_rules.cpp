// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/task_rules.h"

#include <algorithm>
#include <array>

namespace a360::tasks {

bool isCpuBound(const QString &functionName, bool isAsync, std::optional<bool> explicitFlag)
{
    static constexpr std::array words{"process", "compute", "calculate", "transform", "parse", "encode", "decode", "compress",
                                      "decompress", "generate", "render", "convert", "format", "serialize", "deserialize"};
    if (explicitFlag)
        return *explicitFlag;
    const auto inName = [&](const char *word) {
        return functionName.contains(QLatin1StringView(word), Qt::CaseInsensitive);
    };
    return !isAsync || std::any_of(words.begin(), words.end(), inName);
}

TaskType recommendTaskType(const TaskDemands &demands)
{
    constexpr double kRecommendedSeconds = 2.0;
    const bool durable = demands.seconds > kRecommendedSeconds || demands.critical || demands.retry || demands.persistence
        || demands.distributed || demands.cpu;
    return durable ? TaskType::DurableJob : TaskType::BackgroundTask;
}

QString taskTypeName(TaskType type)
{
    return type == TaskType::DurableJob ? QStringLiteral("celery") : QStringLiteral("background_tasks");
}

} // namespace a360::tasks
