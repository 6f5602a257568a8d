// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/query_plan.h"

#include "db/statement_text.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSet>

namespace a360::db {

namespace {

PlanNode fromJson(const QJsonObject &json)
{
    const auto text = [&json](const char *key) { return json[QLatin1String(key)].toString().toUtf8(); };
    PlanNode node;
    node.operation = text("Node Type");
    node.table = text("Relation Name");
    node.index = text("Index Name");
    node.sequentialScan = node.operation == "Seq Scan";
    node.startCost = json[QLatin1String("Startup Cost")].toDouble();
    node.totalCost = json[QLatin1String("Total Cost")].toDouble();
    node.rows = static_cast<qint64>(json[QLatin1String("Plan Rows")].toDouble());
    for (const char *key : {"Index Cond", "Recheck Cond", "Hash Cond", "Merge Cond", "Join Filter", "Filter"}) {
        const QByteArray condition = text(key);
        if (!condition.isEmpty() && !node.condition.contains(condition))
            node.condition += (node.condition.isEmpty() ? "" : " AND ") + condition;
    }
    const QJsonArray children = json[QLatin1String("Plans")].toArray();
    for (const QJsonValue &child : children)
        node.children.push_back(fromJson(child.toObject()));
    return node;
}

Result<PlanNode> explainPostgres(Lease &lease, const Sql &query, const QueryOptions &options)
{
    Sql explain(lease.dialect(), "EXPLAIN (FORMAT JSON) ");
    explain.append(query);
    A360_TRY_ASSIGN(const RowBatch rows, lease.query(explain, {ColumnType::Text}, options));
    const std::string_view text = rows.rowCount() > 0 ? rows.cell(0, 0).text() : std::string_view();
    const QJsonArray plans =
        QJsonDocument::fromJson(QByteArray(text.data(), static_cast<qsizetype>(text.size()))).array();
    if (plans.isEmpty())
        return makeError(ErrorCode::Database, QStringLiteral("The database gave no plan that can be read."));
    return fromJson(plans.first()[QLatin1String("Plan")].toObject());
}

/// SQLite's plans speak of aliases and indexes; these are the tables they stand for.
struct SqliteNames
{
    QHash<QByteArray, QSet<QByteArray>> tablesOfAlias; ///< several: it is used anew in another part of the statement
    QHash<QByteArray, QByteArray> tableOfIndex;

    /// The table of a step; empty when nothing tells it.
    QByteArray table(const QByteArray &alias, const QByteArray &index) const
    {
        const QSet<QByteArray> candidates = tablesOfAlias.value(alias);
        const QByteArray indexed = tableOfIndex.value(index);
        if (candidates.contains(indexed))
            return indexed;
        return candidates.size() == 1 ? *candidates.begin() : QByteArray();
    }
};

QHash<QByteArray, QSet<QByteArray>> tablesByAlias(const QByteArray &statement)
{
    static const QRegularExpression naming(
        QStringLiteral("\\b(?:FROM|JOIN|UPDATE|INTO)\\s+\"?(\\w+)\"?(?:\\s+(?:AS\\s+)?\"?(\\w+)\"?)?"),
        QRegularExpression::CaseInsensitiveOption);
    QHash<QByteArray, QSet<QByteArray>> tables;
    auto match = naming.globalMatch(QString::fromUtf8(statement));
    while (match.hasNext()) {
        const QRegularExpressionMatch found = match.next();
        const QByteArray table = found.captured(1).toUtf8();
        tables[table].insert(table);
        if (!found.captured(2).isEmpty())
            tables[found.captured(2).toUtf8()].insert(table);
    }
    return tables;
}

Result<QHash<QByteArray, QByteArray>> tablesByIndex(Lease &lease, const QueryOptions &options)
{
    const Sql indexes(lease.dialect(), "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'");
    A360_TRY_ASSIGN(const RowBatch rows, lease.query(indexes, {ColumnType::Text, ColumnType::Text}, options));
    QHash<QByteArray, QByteArray> tables;
    for (qsizetype row = 0; row < rows.rowCount(); ++row) {
        const Cell name = rows.cell(row, 0), table = rows.cell(row, 1);
        tables.insert(QByteArray(name.data, name.size), QByteArray(table.data, table.size));
    }
    return tables;
}

PlanNode fromDetail(const QString &detail, const SqliteNames &names)
{
    // An index that SQLite makes for the statement has no name: AUTOMATIC COVERING INDEX (uuid=?).
    static const QRegularExpression step(QStringLiteral(
        "^(SCAN|SEARCH)\\s+(?:TABLE\\s+)?(\\S+)(?:\\s+AS\\s+\\S+)?(?:\\s+USING\\s+(?:(.*?)INDEX(?:\\s+([^\\s(]\\S*))?|(INTEGER "
        "PRIMARY KEY)))?(?:\\s+VIRTUAL TABLE INDEX\\s+(\\S+))?(?:\\s+\\((.*)\\))?"));
    PlanNode node;
    const QRegularExpressionMatch match = step.match(detail);
    if (!match.hasMatch()) {
        node.operation = detail.toUtf8();
        return node;
    }
    node.operation = match.captured(1).toUtf8();
    const QString kind = match.captured(3);
    node.index = match.captured(4).toUtf8();
    if (kind.contains(QLatin1String("AUTOMATIC")))
        node.index = "an index made for it";
    if (!match.captured(5).isEmpty())
        node.index = "primary key";
    node.table = names.table(match.captured(2).toUtf8(), node.index);
    node.condition = match.captured(7).toUtf8();
    const bool isVirtual = !match.captured(6).isEmpty();
    // An index without all that is needed is gone through for its order, mostly no further than a page.
    const bool wholeIndex = kind.contains(QLatin1String("COVERING"));
    node.sequentialScan =
        node.operation == "SCAN" && (node.index.isEmpty() || wholeIndex) && !isVirtual && !node.table.isEmpty();
    if (node.table.isEmpty() || isVirtual) {
        node.operation = detail.toUtf8(); // a subquery, a table of a module, an unclear alias: in the database's words
        node.index.clear();
        node.condition.clear();
    }
    return node;
}

/// Puts the rows (id, parent, unused, detail) together; parents come before their children.
PlanNode subtree(const RowBatch &rows, qint64 id, const SqliteNames &names)
{
    PlanNode node;
    for (qsizetype row = 0; row < rows.rowCount(); ++row) {
        if (rows.cell(row, 1).integer() != id)
            continue;
        const std::string_view detail = rows.cell(row, 3).text();
        PlanNode child = fromDetail(QString::fromUtf8(detail.data(), static_cast<qsizetype>(detail.size())), names);
        child.children = subtree(rows, rows.cell(row, 0).integer(), names).children;
        node.children.push_back(std::move(child));
    }
    return node;
}

Result<PlanNode> explainSqlite(Lease &lease, const Sql &query, const QueryOptions &options)
{
    Sql explain(lease.dialect(), "EXPLAIN QUERY PLAN ");
    explain.append(query);
    A360_TRY_ASSIGN(const RowBatch rows,
                    lease.query(explain, {ColumnType::Integer, ColumnType::Integer, ColumnType::Integer, ColumnType::Text},
                                options));
    SqliteNames names{tablesByAlias(query.text()), {}};
    A360_TRY_ASSIGN(names.tableOfIndex, tablesByIndex(lease, options));
    PlanNode root = subtree(rows, 0, names);
    root.operation = "QUERY PLAN";
    return root;
}

void appendText(QByteArray &out, const PlanNode &node, PlanValues values, int depth)
{
    out += QByteArray(qsizetype(2) * depth, ' ') + node.operation;
    if (!node.table.isEmpty())
        out += " on " + node.table;
    if (!node.index.isEmpty())
        out += " by " + node.index;
    if (node.totalCost > 0) {
        out += "  (cost " + QByteArray::number(node.startCost, 'f', 2) + ".." + QByteArray::number(node.totalCost, 'f', 2) +
               ", rows " + QByteArray::number(node.rows) + ')';
    }
    if (!node.condition.isEmpty())
        out += "  [" + (values == PlanValues::Shown ? node.condition : statementFingerprint(node.condition)) + ']';
    out += '\n';
    for (const PlanNode &child : node.children)
        appendText(out, child, values, depth + 1);
}

} // namespace

Result<PlanNode> explainQuery(Lease &lease, const Sql &query, const QueryOptions &options)
{
    return lease.dialect() == Dialect::PostgreSql ? explainPostgres(lease, query, options)
                                                  : explainSqlite(lease, query, options);
}

QByteArray planText(const PlanNode &plan, PlanValues values)
{
    QByteArray out;
    appendText(out, plan, values, 0);
    return out;
}

QJsonObject planJson(const PlanNode &plan)
{
    QJsonArray children;
    for (const PlanNode &child : plan.children)
        children.append(planJson(child));
    const auto text = [](const QByteArray &utf8) {
        return utf8.isEmpty() ? QJsonValue() : QJsonValue(QString::fromUtf8(utf8));
    };
    return {{QStringLiteral("operation"), text(plan.operation)},
            {QStringLiteral("table"), text(plan.table)},
            {QStringLiteral("index"), text(plan.index)},
            {QStringLiteral("condition"), text(plan.condition)},
            {QStringLiteral("sequential_scan"), plan.sequentialScan},
            {QStringLiteral("rows"), plan.rows},
            {QStringLiteral("startup_cost"), plan.startCost},
            {QStringLiteral("total_cost"), plan.totalCost},
            {QStringLiteral("plans"), children}};
}

} // namespace a360::db
