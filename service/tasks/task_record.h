// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QJsonObject>
#include <QUuid>

namespace a360::tasks {

enum class TaskState { Pending, Running, Completed, Failed, Cancelled };

/// What is known of a task (contract §9). Times are seconds since 1970, 0 while they have not come.
struct TaskRecord
{
    QUuid id;              ///< uuid4
    QString function;
    TaskState state = TaskState::Pending; ///< pending also between two attempts
    double createdAt = 0;
    double startedAt = 0;  ///< of the first attempt
    double completedAt = 0;
    double duration = 0;   ///< seconds of running, all attempts together
    int attempts = 0;
    QString error;
    QString errorType;     ///< code of the error ("Timeout"), or type of what was thrown ("std::runtime_error")
    bool cpuBound = false;

    bool isFinished() const { return state != TaskState::Pending && state != TaskState::Running; }
    /// The contract's keys; null for what has not come.
    QJsonObject toJson() const;
};

QString taskStateName(TaskState state); ///< "pending"
/// "Timeout".
QString errorTypeName(const Error &error);
QString taskIdText(const QUuid &id); ///< without braces
/// A new uuid4.
QUuid newTaskId();
double epochSeconds();

} // namespace a360::tasks
