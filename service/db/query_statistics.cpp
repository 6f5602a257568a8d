// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/query_statistics.h"

#include <QDateTime>
#include <QJsonArray>

namespace a360::db {

namespace {

QJsonObject slowJson(const SlowStatement &slow)
{
    return {{QStringLiteral("statement"), QString::fromUtf8(slow.text)},
            {QStringLiteral("kind"), QLatin1String(statementKindName(slow.kind))},
            {QStringLiteral("finished_at"),
             QDateTime::fromMSecsSinceEpoch(slow.finishedAt).toUTC().toString(Qt::ISODateWithMs)},
            {QStringLiteral("duration_seconds"), slow.seconds},
            {QStringLiteral("rows"), slow.rows},
            {QStringLiteral("error"), slow.error.isEmpty() ? QJsonValue() : QJsonValue(slow.error)},
            {QStringLiteral("plan"), slow.plan.isEmpty() ? QJsonValue() : QJsonValue(QString::fromUtf8(slow.plan))}};
}

QJsonObject figuresJson(const StatementFigures &figures)
{
    return {{QStringLiteral("statement"), QString::fromUtf8(figures.text)},
            {QStringLiteral("calls"), figures.calls},
            {QStringLiteral("rows"), figures.rows},
            {QStringLiteral("errors"), figures.errors},
            {QStringLiteral("total_seconds"), figures.total},
            {QStringLiteral("mean_seconds"), figures.mean},
            {QStringLiteral("p95_seconds"), figures.p95},
            {QStringLiteral("max_seconds"), figures.longest}};
}

} // namespace

QJsonObject QueryStatistics::toJson(size_t statementsShown) const
{
    if (!enabled)
        return {{QStringLiteral("enabled"), false}};
    QJsonArray slow, all;
    for (const SlowStatement &statement : slowStatements)
        slow.append(slowJson(statement));
    for (size_t i = 0; i < statements.size() && i < statementsShown; ++i)
        all.append(figuresJson(statements[i]));
    return {{QStringLiteral("enabled"), true},
            {QStringLiteral("total_queries"), totalQueries},
            {QStringLiteral("slow_queries"), slowQueries},
            {QStringLiteral("failed_queries"), failedQueries},
            {QStringLiteral("total_query_time"), totalSeconds},
            {QStringLiteral("average_query_time"), averageSeconds()},
            {QStringLiteral("slow_query_threshold"), slowThreshold},
            {QStringLiteral("slow_statements"), slow},
            {QStringLiteral("statements"), all},
            {QStringLiteral("forgotten_statements"), forgottenStatements}};
}

} // namespace a360::db
