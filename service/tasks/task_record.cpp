// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/task_record.h"

#include <QRandomGenerator>
#include <QtEndian>

#include <array>
#include <chrono>

namespace a360::tasks {

QString taskStateName(TaskState state)
{
    switch (state) {
    case TaskState::Pending: return QStringLiteral("pending");
    case TaskState::Running: return QStringLiteral("running");
    case TaskState::Completed: return QStringLiteral("completed");
    case TaskState::Failed: return QStringLiteral("failed");
    case TaskState::Cancelled: break;
    }
    return QStringLiteral("cancelled");
}

QString errorTypeName(const Error &error)
{
    switch (error.code) {
    case ErrorCode::InvalidArgument: return QStringLiteral("InvalidArgument");
    case ErrorCode::UnusableInput: return QStringLiteral("UnusableInput");
    case ErrorCode::NotFound: return QStringLiteral("NotFound");
    case ErrorCode::PermissionDenied: return QStringLiteral("PermissionDenied");
    case ErrorCode::LimitExceeded: return QStringLiteral("LimitExceeded");
    case ErrorCode::Timeout: return QStringLiteral("Timeout");
    case ErrorCode::Cancelled: return QStringLiteral("Cancelled");
    case ErrorCode::Unavailable: return QStringLiteral("Unavailable");
    case ErrorCode::Conflict: return QStringLiteral("Conflict");
    case ErrorCode::Io: return QStringLiteral("Io");
    case ErrorCode::Database: return QStringLiteral("Database");
    case ErrorCode::Unsupported: return QStringLiteral("Unsupported");
    case ErrorCode::Internal: break;
    }
    return QStringLiteral("Internal");
}

QString taskIdText(const QUuid &id)
{
    return id.toString(QUuid::WithoutBraces);
}

QUuid newTaskId()
{
    // Not QUuid::createUuid(), which asks the system each time: an id is no secret, and that was a fifth of a submission.
    thread_local QRandomGenerator64 random = QRandomGenerator64::securelySeeded();
    std::array<uchar, 16> bytes;
    for (size_t i = 0; i < bytes.size(); i += sizeof(quint64))
        qToUnaligned(random.generate(), bytes.data() + i);
    bytes[6] = static_cast<uchar>((bytes[6] & 0x0Fu) | 0x40u); // version 4
    bytes[8] = static_cast<uchar>((bytes[8] & 0x3Fu) | 0x80u); // RFC 4122
    return QUuid::fromRfc4122(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
}

double epochSeconds()
{
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

QJsonObject TaskRecord::toJson() const
{
    const auto time = [](double seconds) { return seconds > 0 ? QJsonValue(seconds) : QJsonValue(QJsonValue::Null); };
    const auto text = [](const QString &value) { return value.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(value); };
    return {{QStringLiteral("task_id"), taskIdText(id)},
            {QStringLiteral("func_name"), function},
            {QStringLiteral("status"), taskStateName(state)},
            {QStringLiteral("created_at"), createdAt},
            {QStringLiteral("started_at"), time(startedAt)},
            {QStringLiteral("completed_at"), time(completedAt)},
            {QStringLiteral("duration_seconds"), isFinished() && startedAt > 0 ? QJsonValue(duration) : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("attempts"), attempts},
            {QStringLiteral("error"), text(error)},
            {QStringLiteral("error_type"), text(errorType)},
            {QStringLiteral("is_cpu_bound"), cpuBound}};
}

} // namespace a360::tasks
