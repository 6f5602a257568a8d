// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/sql_compiler.h"

#include "contacts/order_terms.h"
#include "contacts/predicates.h"

#include <algorithm>

namespace a360::contacts {

namespace {

using db::Sql;
using db::Value;

/// A query taken apart for one database.
struct Parts
{
    SqlTerms terms;
    Predicate filters;
    std::vector<OrderTerm> order;
    TableSet orderTables;
};

Result<Parts> takeApart(const SchemaInfo &schema, const Query &query)
{
    const SqlTerms terms(schema, query.entity);
    A360_TRY_ASSIGN(Predicate filters, compileFilters(terms, query.filters));
    TableSet orderTables;
    A360_TRY_ASSIGN(std::vector<OrderTerm> order, orderTerms(terms, query.order, orderTables));
    return Parts{terms, std::move(filters), std::move(order), std::move(orderTables)};
}

/// "k1", "k2", …: the order keys under names of their own, so that the outer select can repeat them.
QByteArray keyName(size_t index)
{
    return 'k' + QByteArray::number(static_cast<qulonglong>(index + 1));
}

/// `placeholders`: leave '_' in, where it costs a call for each cell of a whole table; readers take it for NULL anyway
/// (read_rules.h).
QByteArray outputList(const SqlTerms &terms, const std::vector<OutputColumn> &columns, TableSet &tables,
                      bool placeholders = false)
{
    QByteArray out;
    for (const OutputColumn &column : columns) {
        for (const PhysicalColumn *source : {column.source, column.fallback}) {
            if (terms.has(source) && source->table != terms.mainTable())
                tables.insert(source->table);
        }
        const bool single = terms.has(column.source) && !terms.has(column.fallback);
        if (placeholders && single && column.source->type == db::ColumnType::Text)
            out += terms.column(*column.source);
        else
            out += terms.has(column.source) || terms.has(column.fallback)
                       ? terms.reading(column.source, column.fallback)
                       : SqlTerms::null(column.type, terms.schema().dialect);
        out += ", ";
    }
    return out;
}

/// Conditions of one run over the ids: the filters, which segment of the leading key, and the place to start behind.
enum class Segment { Whole, LeadingNotNull, LeadingNull };

/// The order within a segment: a leading key that is not NULL, or all NULL and so no key at all.
std::vector<OrderTerm> orderWithin(const std::vector<OrderTerm> &order, Segment segment)
{
    std::vector<OrderTerm> inside = order;
    if (segment == Segment::LeadingNotNull)
        inside.front().nullable = false;
    if (segment == Segment::LeadingNull)
        inside.erase(inside.begin());
    return inside;
}

/// "FROM … WHERE … ORDER BY …" of one segment.
Sql segmentBody(const Parts &parts, Segment segment, const std::optional<Keyset> &after, const TableSet &moreTables)
{
    TableSet outer = parts.filters.outer;
    outer.insert(parts.orderTables.begin(), parts.orderTables.end());
    outer.insert(moreTables.begin(), moreTables.end());
    std::vector<Sql> conditions;
    if (!parts.filters.condition.isEmpty())
        conditions.push_back(parts.filters.condition);
    if (segment == Segment::LeadingNotNull)
        conditions.push_back(parts.terms.text(parts.order.front().expression + " IS NOT NULL"));
    if (segment == Segment::LeadingNull)
        conditions.push_back(parts.terms.text(parts.order.front().expression + " IS NULL"));
    const std::vector<OrderTerm> order = orderWithin(parts.order, segment);
    if (after) {
        const bool leadingLeftOut = segment == Segment::LeadingNull;
        const std::vector<Value> values(after->values.begin() + (leadingLeftOut ? 1 : 0), after->values.end());
        conditions.push_back(behind(parts.terms, order, values));
    }
    Sql sql = parts.terms.text("FROM " + parts.terms.from(parts.filters.inner, outer));
    if (!conditions.empty())
        sql.raw(" WHERE ").append(joined(conditions, "AND", parts.terms.schema().dialect));
    return sql.raw(" ORDER BY " + orderBy(order, segment == Segment::LeadingNotNull));
}

/// "SELECT 0 AS seg, c.created_at AS k1, c.id AS k2 FROM …": the ids of a segment, no more than `limit`.
Sql segmentIds(const Parts &parts, Segment segment, const std::optional<Keyset> &after, qint64 limit)
{
    QByteArray list = segment == Segment::LeadingNull ? "1 AS seg" : "0 AS seg";
    for (size_t i = 0; i < parts.order.size(); ++i) {
        // The NULL of a segment is written as such: a computed key would be computed for nothing.
        const bool known = segment == Segment::LeadingNull && i == 0;
        list += ", " + (known ? SqlTerms::null(parts.order[i].type, parts.terms.schema().dialect)
                              : parts.order[i].expression) + " AS " + keyName(i);
    }
    return parts.terms.text("SELECT " + list + ' ')
        .append(segmentBody(parts, segment, after, {}))
        .raw(" LIMIT " + QByteArray::number(limit));
}

/// The ids of a page. Two runs where the leading key may be NULL (decision 13): each reads an index from its start, and
/// the second only begins when the first has not filled the page.
Sql pageIds(const Parts &parts, const Slice &slice)
{
    const QByteArray window = " LIMIT " + QByteArray::number(slice.limit) +
                              (slice.skip > 0 ? " OFFSET " + QByteArray::number(slice.skip) : QByteArray());
    const qint64 needed = slice.limit + slice.skip;
    if (!parts.order.front().nullable)
        return parts.terms.text("SELECT * FROM (").append(segmentIds(parts, Segment::Whole, slice.after, needed))
            .raw(") a").raw(window);
    const bool amongNulls =
        slice.after && std::holds_alternative<std::monostate>(slice.after->values.front());
    Sql sql = parts.terms.text("SELECT * FROM (");
    if (!amongNulls)
        sql.append(segmentIds(parts, Segment::LeadingNotNull, slice.after, needed)).raw(") a UNION ALL SELECT * FROM (");
    return sql.append(segmentIds(parts, Segment::LeadingNull, amongNulls ? slice.after : std::nullopt, needed))
        .raw(") b")
        .raw(window);
}

/// Limit before join: the ids and keys of the page first, then what its columns need.
Sql pageSelect(const Parts &parts, const std::vector<OutputColumn> &columns, const Slice &slice)
{
    TableSet tables;
    QByteArray list = outputList(parts.terms, columns, tables);
    QByteArray order = "p.seg";
    for (size_t i = 0; i < parts.order.size(); ++i) {
        const QByteArray key = "p." + keyName(i);
        list += (i == 0 ? "" : ", ") + key;
        order += ", " + key + (parts.order[i].descending ? " DESC" : "") + (parts.order[i].nullable ? " NULLS LAST" : "");
    }
    const QByteArray main = parts.terms.from({}, tables);
    const QByteArray id = "p." + keyName(parts.order.size() - 1);
    // The join that finds the rows of the ids stands before those that hang on it.
    const qsizetype joins = main.indexOf(" LEFT JOIN ");
    const QByteArray table = joins < 0 ? main : main.left(joins);
    return parts.terms.text("SELECT " + list + " FROM (")
        .append(pageIds(parts, slice))
        .raw(") p JOIN " + table + " ON " + parts.terms.id() + " = " + id + (joins < 0 ? QByteArray() : main.mid(joins)))
        .raw(" ORDER BY " + order);
}

/// Everything from a place on: one run, as all rows are read anyway.
Sql wholeSelect(const Parts &parts, const std::vector<OutputColumn> &columns, const Slice &slice)
{
    TableSet tables;
    QByteArray list = outputList(parts.terms, columns, tables, true);
    for (size_t i = 0; i < parts.order.size(); ++i)
        list += (i == 0 ? "" : ", ") + parts.order[i].expression;
    Sql sql = parts.terms.text("SELECT " + list + ' ').append(segmentBody(parts, Segment::Whole, slice.after, tables));
    if (slice.skip > 0)
        sql.raw((parts.terms.isPostgres() ? " OFFSET " : " LIMIT -1 OFFSET ") + QByteArray::number(slice.skip));
    return sql;
}

db::ColumnType keyType(const OrderKey &key)
{
    if (key.column == nullptr)
        return db::ColumnType::Integer;
    return key.column->type == db::ColumnType::TextList ? db::ColumnType::Text : key.column->type;
}

} // namespace

Result<Sql> SqlCompiler::select(const Query &query, const std::vector<OutputColumn> &columns, const Slice &slice) const
{
    A360_TRY_ASSIGN(const Parts parts, takeApart(m_schema, query));
    if (slice.after)
        A360_TRY(checkKeyset(parts.order, *slice.after));
    return slice.limit >= 0 ? pageSelect(parts, columns, slice) : wholeSelect(parts, columns, slice);
}

Result<Sql> SqlCompiler::count(const Query &query) const
{
    return countUpTo(query, -1);
}

Result<Sql> SqlCompiler::countUpTo(const Query &query, qint64 limit) const
{
    const SqlTerms terms(m_schema, query.entity);
    A360_TRY_ASSIGN(const Predicate filters, compileFilters(terms, query.filters));
    Sql body = terms.text(" FROM " + terms.from(filters.inner, filters.outer));
    if (!filters.condition.isEmpty())
        body.raw(" WHERE ").append(filters.condition);
    if (limit < 0)
        return terms.text("SELECT count(*)").append(body);
    return terms.text("SELECT count(*), max(id) FROM (SELECT " + terms.id() + " AS id")
        .append(body)
        .raw(" ORDER BY " + terms.id() + " LIMIT " + QByteArray::number(limit) + ") matches");
}

Result<Sql> SqlCompiler::ids(const Query &query) const
{
    const SqlTerms terms(m_schema, query.entity);
    A360_TRY_ASSIGN(const Predicate filters, compileFilters(terms, query.filters));
    Sql sql = terms.text("SELECT " + terms.id() + " FROM " + terms.from(filters.inner, filters.outer));
    if (!filters.condition.isEmpty())
        sql.raw(" WHERE ").append(filters.condition);
    return sql;
}

Sql SqlCompiler::detail(Entity entity, const QByteArray &uuid, const std::vector<OutputColumn> &columns) const
{
    const SqlTerms terms(m_schema, entity);
    TableSet tables;
    QByteArray list = outputList(terms, columns, tables);
    list.chop(2);
    const QByteArray key = terms.column(*findPhysicalColumn(terms.mainTable(), "uuid"));
    return terms.text("SELECT " + list + " FROM " + terms.from({}, tables) + " WHERE " + key + " = ").bind(uuid);
}

std::vector<db::ColumnType> SqlCompiler::resultTypes(const Query &query, const std::vector<OutputColumn> &columns) const
{
    std::vector<db::ColumnType> types;
    for (const OutputColumn &column : columns)
        types.push_back(column.type);
    for (const OrderKey &key : query.order)
        types.push_back(keyType(key));
    return types;
}

Keyset keysetOf(const db::RowBatch &batch, qsizetype row, const Query &query)
{
    Keyset keyset;
    const int first = batch.columnCount() - static_cast<int>(query.order.size());
    for (size_t i = 0; i < query.order.size(); ++i) {
        const db::Cell cell = batch.cell(row, first + static_cast<int>(i));
        if (cell.isNull())
            keyset.values.emplace_back(std::monostate());
        else if (keyType(query.order[i]) == db::ColumnType::Text)
            keyset.values.emplace_back(QByteArray(cell.data, cell.size));
        else
            keyset.values.emplace_back(cell.integer());
    }
    return keyset;
}

} // namespace a360::contacts
