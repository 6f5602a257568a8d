// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/query_plan.h"

#include <QStringList>

namespace a360::db {

struct SequentialScan
{
    QByteArray table;
    qint64 rows = 0; ///< of the table, as the database believes
    QByteArray condition;
};

/// An index that would spare a sequential scan.
struct IndexSuggestion
{
    QByteArray table, column;
    bool trigram = false; ///< for parts of texts (pg_trgm)
    QByteArray statement; ///< that makes it
};

struct QueryAnalysis
{
    QByteArray queryText;   ///< with placeholders
    PlanNode plan;
    /// PostgreSQL: the planner's cost of the whole. SQLite: the rows of the tables it scans, and 10 for each table it
    /// searches; a measure to compare plans of one database with.
    double estimatedCost = 0;
    std::vector<SequentialScan> scans;
    std::vector<IndexSuggestion> suggestions;
    QStringList warnings;   ///< for people

    /// Contract §8: query_text, execution_plan, estimated_cost, warnings; and sequential_scans, index_suggestions.
    QJsonObject toJson() const;
};

/// What the guide's analyze_query_performance promises: asks the database for its plan (the query is not run) and looks
/// for what makes queries slow: scans of big tables, missing indexes, parts of texts sought without a trigram index,
/// SELECT *, OFFSET with LIMIT.
Result<QueryAnalysis> analyzeQuery(Lease &lease, const Sql &query, const QueryOptions &options = {});

} // namespace a360::db
