// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/lease.h"

#include <QJsonObject>

#include <vector>

namespace a360::db {

/// One step of how a database means to run a query. Costs are the planner's own units; SQLite tells none.
struct PlanNode
{
    QByteArray operation;  ///< "Seq Scan", "SEARCH"
    /// Its real name; empty for steps that read none, and where SQLite tells no more than an alias of several tables.
    QByteArray table;
    QByteArray index;
    QByteArray condition;  ///< with the values it was asked with
    bool sequentialScan = false; ///< reads a whole table, or the whole of an index that has all it needs
    double startCost = 0, totalCost = 0;
    qint64 rows = 0;       ///< estimated result of the step
    std::vector<PlanNode> children;
};

/// Asks for the plan without running the query: EXPLAIN (FORMAT JSON) with the query's own values, EXPLAIN QUERY PLAN.
Result<PlanNode> explainQuery(Lease &lease, const Sql &query, const QueryOptions &options = {});

enum class PlanValues { Shown, Hidden };
/// One node a line, children indented by two spaces.
QByteArray planText(const PlanNode &plan, PlanValues values);
/// operation, table, index, condition, rows, startup_cost, total_cost, sequential_scan, plans.
QJsonObject planJson(const PlanNode &plan);

} // namespace a360::db
