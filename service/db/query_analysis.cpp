// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/query_analysis.h"

#include "db/bulk_load.h"
#include "db/statement_text.h"
#include "db/table_facts.h"

#include <QHash>
#include <QJsonArray>
#include <QLocale>
#include <QRegularExpression>

#include <algorithm>

namespace a360::db {

namespace {

/// Below this a scan is as quick as an index.
constexpr qint64 smallTable = 1'000;
constexpr qint64 bigTable = 10'000;
/// An index that finds more than this share of a table saves nothing.
constexpr double selectiveShare = 0.2;
constexpr double costOfSearch = 10;

QString text(const QByteArray &utf8)
{
    return QString::fromUtf8(utf8);
}

bool holds(const QByteArray &statement, const char *pattern)
{
    return QRegularExpression(QLatin1String(pattern), QRegularExpression::CaseInsensitiveOption)
        .match(text(statement))
        .hasMatch();
}

/// LIKE with a pattern that begins with a wildcard, in the text or among the bound values.
bool seeksPartsOfTexts(const Sql &query)
{
    static const QRegularExpression endsWithLike(QStringLiteral("\\bI?LIKE\\s*\\(?$"),
                                                 QRegularExpression::CaseInsensitiveOption);
    for (size_t i = 0; i < query.values().size(); ++i) {
        const auto *value = std::get_if<QByteArray>(&query.values()[i]);
        if (value && value->startsWith('%') && endsWithLike.match(text(query.pieces()[i]).trimmed()).hasMatch())
            return true;
    }
    return holds(query.text(), "\\bI?LIKE\\s+E?'%");
}

class Analyst
{
public:
    Analyst(Lease &lease, const Sql &query, QueryAnalysis &analysis)
        : m_lease(lease), m_query(query), m_fingerprint(statementFingerprint(query.text())), m_analysis(analysis)
    {
    }

    Result<void> run()
    {
        A360_TRY(visit(m_analysis.plan));
        m_analysis.estimatedCost =
            m_lease.dialect() == Dialect::PostgreSql ? m_analysis.plan.totalCost : m_visitedRows;
        warnOfScans();
        warnOfText();
        return {};
    }

private:
    Result<void> visit(const PlanNode &node)
    {
        if (node.sequentialScan) {
            A360_TRY_ASSIGN(const TableFacts facts, factsOf(node.table));
            const qint64 rows = std::max(facts.rows, node.rows);
            m_visitedRows += static_cast<double>(rows);
            m_analysis.scans.push_back({node.table, rows, node.condition});
            suggest(node, facts);
        } else if (!node.table.isEmpty()) {
            m_visitedRows += costOfSearch;
        }
        bool reached = true;
        for (const PlanNode &child : node.children) {
            if (!reached && readsTable(child))
                continue;
            A360_TRY(visit(child));
            A360_TRY_ASSIGN(const bool empty, isEmptySqliteTable(child));
            reached = reached && !empty;
        }
        return {};
    }

    static bool readsTable(const PlanNode &node) { return !node.table.isEmpty() && !node.operation.contains(' '); }
    /// SQLite joins tables that stand side by side in a loop each: behind an empty one the others are not read.
    Result<bool> isEmptySqliteTable(const PlanNode &node)
    {
        if (m_lease.dialect() != Dialect::Sqlite || !readsTable(node))
            return false;
        A360_TRY_ASSIGN(const TableFacts facts, factsOf(node.table));
        return facts.rowsKnown && facts.rows == 0;
    }
    Result<TableFacts> factsOf(const QByteArray &table)
    {
        if (const auto known = m_facts.constFind(table); known != m_facts.constEnd())
            return *known;
        A360_TRY_ASSIGN(TableFacts facts, tableFacts(m_lease, table));
        m_facts.insert(table, facts);
        return facts;
    }

    /// `column op` in the scan's condition; SQLite tells none, so there the statement itself has to do.
    void suggest(const PlanNode &scan, const TableFacts &facts)
    {
        if (facts.rows < smallTable)
            return;
        const bool told = m_lease.dialect() == Dialect::PostgreSql;
        const QByteArray condition =
            told ? statementFingerprint(scan.condition) : m_fingerprint.mid(m_fingerprint.toUpper().indexOf(" WHERE "));
        const bool selective =
            !told || static_cast<double>(scan.rows) <= selectiveShare * static_cast<double>(facts.rows);
        for (const ColumnFacts &column : facts.columns) {
            if (selective && !column.leadsIndex && compares(condition, column.name, "(?:<=?|>=?|=|IN\\b|IS NULL)"))
                add(facts.name, column.name, false);
            if (told && !column.trigramIndex && compares(condition, column.name, "~~\\*?"))
                add(facts.name, column.name, true);
        }
    }
    static bool compares(const QByteArray &condition, const QByteArray &column, const char *op)
    {
        const QString name = QRegularExpression::escape(text(column));
        const QString pattern = QStringLiteral("(?:(?<!\\w)\\(%1\\)(?:::[\\w ]+)?|(?<!\\w)\"?%1\"?)\\s*%2")
                                    .arg(name, QLatin1String(op));
        return QRegularExpression(pattern).match(text(condition)).hasMatch();
    }
    void add(const QByteArray &table, const QByteArray &column, bool trigram)
    {
        const QByteArray on = "CREATE INDEX ON " + quotedName(table);
        const QByteArray plain = m_lease.dialect() == Dialect::PostgreSql
                                     ? on + " (" + quotedName(column) + ')'
                                     : "CREATE INDEX " + quotedName(table + '_' + column) + " ON " + quotedName(table) +
                                           " (" + quotedName(column) + ')';
        m_analysis.suggestions.push_back(
            {table, column, trigram, trigram ? on + " USING gin (" + quotedName(column) + " gin_trgm_ops)" : plain});
    }

    void warnOfScans()
    {
        bool anyBig = false;
        for (const SequentialScan &scan : m_analysis.scans) {
            if (scan.rows < bigTable)
                continue;
            anyBig = true;
            m_analysis.warnings << QStringLiteral("The whole of %1 is read, about %2 rows.")
                                       .arg(text(scan.table), QLocale::c().toString(scan.rows));
        }
        if (anyBig && seeksPartsOfTexts(m_query))
            m_analysis.warnings << QStringLiteral("LIKE with a wildcard in front needs a trigram index to be quick.");
        for (const IndexSuggestion &suggestion : m_analysis.suggestions) {
            m_analysis.warnings << QStringLiteral("%1.%2 has no %3index that this query could use.")
                                       .arg(text(suggestion.table), text(suggestion.column),
                                            suggestion.trigram ? QStringLiteral("trigram ") : QString());
        }
    }
    void warnOfText()
    {
        // A subquery names its columns itself; only * of a table drags in what nobody asked for.
        if (holds(m_fingerprint, "\\bSELECT\\s+(?:DISTINCT\\s+)?(?:\\w+\\.)?\\*\\s+FROM\\s+[\\w\"]"))
            m_analysis.warnings << QStringLiteral("SELECT * reads every column; name those that are needed.");
        if (holds(m_fingerprint, "\\bOFFSET\\b") && holds(m_fingerprint, "\\bLIMIT\\b"))
            m_analysis.warnings << QStringLiteral("OFFSET with LIMIT passes over rows one by one; a cursor does not.");
    }

    Lease &m_lease;
    const Sql &m_query;
    const QByteArray m_fingerprint;
    QueryAnalysis &m_analysis;
    QHash<QByteArray, TableFacts> m_facts;
    double m_visitedRows = 0;
};

} // namespace

Result<QueryAnalysis> analyzeQuery(Lease &lease, const Sql &query, const QueryOptions &options)
{
    QueryAnalysis analysis;
    analysis.queryText = query.text();
    A360_TRY_ASSIGN(analysis.plan, explainQuery(lease, query, options));
    A360_TRY(Analyst(lease, query, analysis).run());
    return analysis;
}

QJsonObject QueryAnalysis::toJson() const
{
    QJsonArray scanned, missing;
    for (const SequentialScan &scan : scans) {
        scanned.append(QJsonObject{{QStringLiteral("table"), text(scan.table)},
                                   {QStringLiteral("rows"), scan.rows},
                                   {QStringLiteral("condition"), text(scan.condition)}});
    }
    for (const IndexSuggestion &suggestion : suggestions) {
        missing.append(QJsonObject{{QStringLiteral("table"), text(suggestion.table)},
                                   {QStringLiteral("column"), text(suggestion.column)},
                                   {QStringLiteral("kind"), suggestion.trigram ? QStringLiteral("trigram")
                                                                               : QStringLiteral("btree")},
                                   {QStringLiteral("statement"), text(suggestion.statement)}});
    }
    return {{QStringLiteral("query_text"), text(queryText)},
            {QStringLiteral("execution_plan"), planJson(plan)},
            {QStringLiteral("estimated_cost"), estimatedCost},
            {QStringLiteral("sequential_scans"), scanned},
            {QStringLiteral("index_suggestions"), missing},
            {QStringLiteral("warnings"), QJsonArray::fromStringList(warnings)}};
}

} // namespace a360::db
