// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/statement_observer.h"

#include <QJsonObject>

#include <vector>

namespace a360::db {

/// A statement that took longer than the threshold; all values in its text and plan are replaced by `?`.
struct SlowStatement
{
    quint64 id = 0;
    QByteArray text;
    StatementKind kind = StatementKind::Query;
    qint64 finishedAt = 0; ///< milliseconds since 1970 UTC
    double seconds = 0;
    qint64 rows = 0;
    QString error;         ///< empty when it succeeded
    QByteArray plan;       ///< one node a line; empty while it is unknown and for everything but a SELECT
};

/// What all runs of one statement, whatever its values, have in common. Times in seconds.
struct StatementFigures
{
    QByteArray text;
    qint64 calls = 0, rows = 0, errors = 0;
    double total = 0, mean = 0, longest = 0;
    double p95 = 0; ///< of the latest 128 runs
};

/// Sums over all statements; cheap to ask for every second.
struct QueryTotals
{
    qint64 queries = 0, slow = 0, failed = 0;
    double seconds = 0;
};

/// A copy of everything a QueryMonitor knows.
struct QueryStatistics
{
    bool enabled = false;
    qint64 totalQueries = 0, slowQueries = 0, failedQueries = 0;
    double totalSeconds = 0, slowThreshold = 0;
    std::vector<SlowStatement> slowStatements; ///< the newest first
    std::vector<StatementFigures> statements;  ///< the most expensive in all first
    qint64 forgottenStatements = 0; ///< different statements whose figures had to give way to others

    double averageSeconds() const { return totalQueries > 0 ? totalSeconds / static_cast<double>(totalQueries) : 0.0; }
    /// Contract §8: total_queries, slow_queries, total_query_time, average_query_time, slow_query_threshold; and enabled,
    /// failed_queries, slow_statements, statements (at most `statementsShown`), forgotten_statements. Times in seconds.
    QJsonObject toJson(size_t statementsShown = 100) const;
};

} // namespace a360::db
