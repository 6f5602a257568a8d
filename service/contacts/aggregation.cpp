// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/aggregation.h"

#include "contacts/predicates.h"
#include "contacts/sql_terms.h"
#include "db/sql_expressions.h"

namespace a360::contacts {

namespace {

using db::ColumnType;
using db::Expression;
using db::Sql;

Error badField(const QString &name, const QString &why)
{
    return makeError(ErrorCode::InvalidArgument, QStringLiteral("%1 %2").arg(name, why), name);
}

/// Builds the statement: what stands between SELECT and FROM, and which tables that needs.
class AggregateCompiler
{
public:
    AggregateCompiler(const SchemaInfo &schema, const Query &query) : m_terms(schema, query.entity), m_query(query) {}

    Result<Sql> compile(const Aggregation &aggregation)
    {
        A360_TRY_ASSIGN(const Sql figure, figureOf(aggregation));
        Sql list = m_terms.empty();
        QByteArray groups, order;
        for (qsizetype i = 0; i < aggregation.groupBy.size(); ++i) {
            A360_TRY_ASSIGN(const Expression key, keyOf(aggregation.groupBy[i]));
            const QByteArray number = QByteArray::number(i + 1);
            list.append(asText(key)).raw(", ");
            groups += (groups.isEmpty() ? " GROUP BY " : ", ") + number;
            order += ", k" + number + (m_terms.isPostgres() ? " COLLATE \"C\"" : "") + " NULLS LAST";
        }
        A360_TRY_ASSIGN(const Predicate filters, compileFilters(m_terms, m_query.filters));
        TableSet outer = filters.outer;
        outer.insert(m_tables.begin(), m_tables.end());
        Sql groupedRows = m_terms.text("SELECT ").append(list).append(figure);
        groupedRows.raw(" FROM " + m_terms.from(filters.inner, outer));
        if (!filters.condition.isEmpty())
            groupedRows.raw(" WHERE ").append(filters.condition);
        groupedRows.raw(groups);
        QByteArray names;
        for (qsizetype i = 0; i < aggregation.groupBy.size(); ++i)
            names += 'k' + QByteArray::number(i + 1) + ", ";
        Sql sql = m_terms.text("WITH groups (" + names + "figure) AS (").append(groupedRows);
        sql.raw(") SELECT " + names + "figure FROM groups ORDER BY figure DESC NULLS LAST" + order);
        if (aggregation.most >= 0)
            sql.raw(" LIMIT " + QByteArray::number(aggregation.most));
        return sql;
    }

private:
    Result<OutputColumn> column(const QString &name)
    {
        A360_TRY_ASSIGN(const std::vector<OutputColumn> columns, columnsByName(m_query.entity, {name}));
        const OutputColumn &found = columns.front();
        if (found.type == ColumnType::TextList)
            return badField(name, QStringLiteral("is a list; rows cannot be grouped by it."));
        if (!m_terms.has(found.source) && !m_terms.has(found.fallback))
            return badField(name, QStringLiteral("cannot be used here: this database has no such column."));
        for (const PhysicalColumn *source : {found.source, found.fallback}) {
            if (m_terms.has(source) && source->table != m_terms.mainTable())
                m_tables.insert(source->table);
        }
        return found;
    }
    Result<Expression> keyOf(const QString &name)
    {
        const bool domain = name == QLatin1String("email_domain") && m_query.entity == Entity::Contact;
        A360_TRY_ASSIGN(const OutputColumn found, column(domain ? QStringLiteral("email") : name));
        const Expression key = db::expression(m_terms.schema().dialect, m_terms.reading(found.source, found.fallback),
                                              found.type);
        return domain ? db::emailDomain(key) : key;
    }
    Sql asText(const Expression &key) const
    {
        if (key.type == ColumnType::Text)
            return key.sql;
        return m_terms.text("CAST(").append(key.sql).raw(" AS text)");
    }
    Result<Sql> figureOf(const Aggregation &aggregation)
    {
        if (aggregation.function == AggregateFunction::Count)
            return m_terms.text("count(*)");
        A360_TRY_ASSIGN(const OutputColumn found, column(aggregation.of));
        if (found.type != ColumnType::Integer)
            return badField(aggregation.of, QStringLiteral("is no number."));
        const QByteArray value = m_terms.reading(found.source, found.fallback);
        switch (aggregation.function) {
        case AggregateFunction::Sum: return m_terms.text("CAST(sum(" + value + ") AS bigint)");
        case AggregateFunction::Average: return m_terms.text("CAST(round(avg(" + value + ")) AS bigint)");
        case AggregateFunction::Minimum: return m_terms.text("min(" + value + ')');
        case AggregateFunction::Maximum: return m_terms.text("max(" + value + ')');
        case AggregateFunction::Count: break;
        }
        return m_terms.text("count(*)");
    }

    const SqlTerms m_terms;
    const Query &m_query;
    TableSet m_tables;
};

} // namespace

std::optional<AggregateFunction> aggregateFunctionByName(QStringView name)
{
    constexpr std::pair<const char *, AggregateFunction> names[] = {{"count", AggregateFunction::Count},
                                                                    {"sum", AggregateFunction::Sum},
                                                                    {"avg", AggregateFunction::Average},
                                                                    {"min", AggregateFunction::Minimum},
                                                                    {"max", AggregateFunction::Maximum}};
    for (const auto &[known, function] : names) {
        if (name == QLatin1String(known))
            return function;
    }
    return std::nullopt;
}

Result<std::vector<AggregateGroup>> useDatabaseAggregation(db::Lease &lease, const SchemaInfo &schema, const Query &query,
                                                           const Aggregation &aggregation, const CancelToken &cancel)
{
    A360_TRY_ASSIGN(const Sql sql, AggregateCompiler(schema, query).compile(aggregation));
    std::vector<ColumnType> types(static_cast<size_t>(aggregation.groupBy.size()), ColumnType::Text);
    types.push_back(ColumnType::Integer);
    const int figure = static_cast<int>(aggregation.groupBy.size());
    db::QueryOptions options;
    options.cancel = cancel;
    options.withoutJit = !query.filters.empty();
    A360_TRY_ASSIGN(const db::RowBatch rows, lease.query(sql, types, options));
    std::vector<AggregateGroup> groups;
    for (qsizetype row = 0; row < rows.rowCount(); ++row) {
        AggregateGroup group;
        for (int key = 0; key < figure; ++key) {
            const db::Cell cell = rows.cell(row, key);
            group.keys.push_back(cell.isNull() ? std::nullopt : std::optional(QByteArray(cell.data, cell.size)));
        }
        if (!rows.cell(row, figure).isNull())
            group.figure = rows.cell(row, figure).integer();
        groups.push_back(std::move(group));
    }
    return groups;
}

} // namespace a360::contacts
