// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/index_advice.h"

#include "db/index_facts.h"
#include "db/migration_scripts.h"
#include "db/schema_facts.h"
#include "db/search_expressions.h"

#include <QRegularExpression>

#include <algorithm>

namespace a360::db {

namespace {

/// A recommended index, as the migrations write it.
struct Recommended
{
    QByteArray name, table, method, definition;
    std::vector<IndexKey> keys;
};

/// "a, (b || c) gin_trgm_ops" at its outermost commas.
std::vector<QByteArray> splitKeys(const QByteArray &list)
{
    std::vector<QByteArray> keys(1);
    int depth = 0;
    for (const char c : list) {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == ',' && depth == 0)
            keys.emplace_back();
        else
            keys.back() += c;
    }
    return keys;
}

IndexKey parseKey(const QByteArray &text)
{
    IndexKey key;
    QByteArray expression = text.trimmed();
    const qsizetype space = expression.lastIndexOf(' ');
    if (space > 0 && isTrigramClass(expression.mid(space + 1))) {
        key.operatorClass = expression.mid(space + 1);
        expression.truncate(space);
    }
    key.expression = normalisedIndexKey(expression);
    return key;
}

/// The index statements of the numbered scripts. Those scripts stay the only place that says which indexes there are.
std::vector<Recommended> recommendedIndexes(Dialect dialect)
{
    static const QRegularExpression statement(
        QStringLiteral("CREATE INDEX IF NOT EXISTS (\\w+) ON ((\\w+)(?: USING (\\w+))? \\((.*?)\\));"),
        QRegularExpression::DotMatchesEverythingOption);
    std::vector<Recommended> found;
    for (const MigrationScript &script : migrationScripts(dialect)) {
        auto matches = statement.globalMatch(QString::fromUtf8(script.text));
        while (matches.hasNext()) {
            const QRegularExpressionMatch match = matches.next();
            Recommended index{match.captured(1).toUtf8(), match.captured(3).toUtf8(), match.captured(4).toUtf8(),
                              match.captured(2).toUtf8(), {}};
            if (index.method.isEmpty())
                index.method = "btree";
            for (const QByteArray &key : splitKeys(match.captured(5).toUtf8()))
                index.keys.push_back(parseKey(key));
            found.push_back(std::move(index));
        }
    }
    return found;
}

bool isTrigram(const Recommended &index)
{
    return isTrigramClass(index.keys.front().operatorClass);
}

/// A b-tree serves whoever asks for a prefix of its keys, read forwards or backwards.
bool servesAsTree(const IndexFact &fact, const Recommended &wanted)
{
    if (fact.method != "btree" || fact.keys.size() < wanted.keys.size())
        return false;
    for (size_t i = 0; i < wanted.keys.size(); ++i) {
        const IndexKey &key = fact.keys[i];
        if (key.expression != wanted.keys[i].expression || !key.operatorClass.isEmpty() || key.unusual ||
            key.descending != fact.keys.front().descending)
            return false;
    }
    return true;
}

/// GIN finds each of its columns alike; GiST is good at its first only.
bool servesAsInverted(const IndexFact &fact, const Recommended &wanted)
{
    const IndexKey &key = wanted.keys.front();
    const auto serves = [&](const IndexKey &other) {
        const bool sameClass = isTrigramClass(key.operatorClass) ? isTrigramClass(other.operatorClass)
                                                                 : other.operatorClass == key.operatorClass;
        return other.expression == key.expression && sameClass && !other.unusual;
    };
    if (fact.method == "gin")
        return std::any_of(fact.keys.begin(), fact.keys.end(), serves);
    return fact.method == "gist" && isTrigram(wanted) && serves(fact.keys.front());
}

bool serves(const IndexFact &fact, const Recommended &wanted)
{
    if (fact.table != wanted.table || !fact.valid || fact.partial)
        return false;
    return wanted.method == "gin" ? servesAsInverted(fact, wanted) : servesAsTree(fact, wanted);
}

/// "contacts.status" of what the index is made of; nothing is missing when it is empty.
QByteArray missingColumn(const Recommended &index, const std::set<QByteArray> &columns)
{
    const auto lacks = [&](const QByteArray &column) { return !columns.contains(index.table + '.' + column); };
    const SearchTable *searched = findSearchTable({index.table.constData(), static_cast<size_t>(index.table.size())});
    for (const IndexKey &key : index.keys) {
        if (!key.expression.contains('\'')) {
            if (lacks(key.expression))
                return index.table + '.' + key.expression;
            continue;
        }
        for (const auto &names : {searched->textColumns, searched->listColumns}) {
            for (const std::string_view name : names) {
                const QByteArray column(name.data(), static_cast<qsizetype>(name.size()));
                if (lacks(column))
                    return index.table + '.' + column;
            }
        }
    }
    return {};
}

IndexAdvice advise(const Recommended &wanted, const std::vector<IndexFact> &facts, const std::set<QByteArray> &columns)
{
    IndexAdvice advice;
    advice.name = wanted.name;
    advice.table = wanted.table;
    advice.definition = wanted.definition;
    advice.needsTrigram = isTrigram(wanted);
    advice.needsListText = wanted.definition.contains("a360_list_text");
    if (const QByteArray missing = missingColumn(wanted, columns); !missing.isEmpty()) {
        advice.state = IndexState::Impossible;
        advice.note = QStringLiteral("there is no column %1").arg(QString::fromLatin1(missing));
        return advice;
    }
    for (const IndexFact &fact : facts) {
        if (fact.name == wanted.name && fact.table == wanted.table && !fact.valid)
            advice.note = QStringLiteral("an unfinished one is there");
        if (!serves(fact, wanted))
            continue;
        advice.state = fact.name == wanted.name ? IndexState::Present : IndexState::Equivalent;
        advice.servedBy = fact.name;
        if (advice.state == IndexState::Present)
            break; // the name says more than an equal one
    }
    if (advice.state == IndexState::Present)
        advice.servedBy.clear();
    if (advice.state != IndexState::Missing)
        advice.note.clear();
    return advice;
}

} // namespace

Result<std::vector<IndexAdvice>> adviseIndexes(Lease &lease)
{
    A360_TRY_ASSIGN(const std::vector<IndexFact> facts, listIndexes(lease));
    A360_TRY_ASSIGN(const std::set<QByteArray> columns, existingDataColumns(lease));
    std::vector<IndexAdvice> advice;
    for (const Recommended &wanted : recommendedIndexes(lease.dialect()))
        advice.push_back(advise(wanted, facts, columns));
    return advice;
}

qsizetype missingIndexCount(const std::vector<IndexAdvice> &advice)
{
    return std::count_if(advice.begin(), advice.end(),
                         [](const IndexAdvice &index) { return index.state == IndexState::Missing; });
}

Result<QString> indexObstacle(Lease &lease, const std::vector<IndexAdvice> &advice)
{
    TextList tables;
    for (const IndexAdvice &index : advice) {
        if (index.state == IndexState::Missing && std::find(tables.begin(), tables.end(), index.table) == tables.end())
            tables.push_back(index.table);
    }
    if (lease.dialect() == Dialect::Sqlite || tables.empty())
        return QString();
    Sql look(Dialect::PostgreSql,
             "SELECT quote_ident(current_user), t.relname::text, quote_ident(pg_get_userbyid(t.relowner)), "
             "quote_ident(n.nspname), pg_has_role(t.relowner, 'USAGE')::int::bigint "
             "FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace "
             "WHERE t.oid = ANY (SELECT to_regclass(w) FROM unnest(");
    look.bind(std::move(tables))
        .raw(") w) AND NOT (pg_has_role(t.relowner, 'USAGE') AND has_schema_privilege(n.oid, 'CREATE')) "
             "ORDER BY 2 LIMIT 1");
    using enum ColumnType;
    A360_TRY_ASSIGN(const RowBatch rows, lease.query(look, {Text, Text, Text, Text, Integer}));
    if (rows.rowCount() == 0)
        return QString();
    const auto text = [&rows](int column) {
        const std::string_view cell = rows.cell(0, column).text();
        return QString::fromUtf8(cell.data(), static_cast<qsizetype>(cell.size()));
    };
    if (rows.cell(0, 4).integer() == 0)
        return QStringLiteral("The role %1 may not add indexes to the table %2: only its owner, %3, can. Log in as %3, or "
                              "have an administrator GRANT %3 TO %1;").arg(text(0), text(1), text(2));
    return QStringLiteral("The role %1 may not add indexes to the table %2. The owner of the schema can allow it: "
                          "GRANT CREATE ON SCHEMA %3 TO %1;").arg(text(0), text(1), text(3));
}

} // namespace a360::db
