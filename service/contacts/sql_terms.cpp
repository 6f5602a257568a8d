// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/sql_terms.h"

#include "db/timestamp_text.h"

#include <algorithm>

namespace a360::contacts {

namespace {

QByteArray bytes(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

/// Other programs write SQLite times with a space for our T, and with a shorter fraction or none. Texts of one form
/// compare like the times.
QByteArray foreignSqliteTime(const QByteArray &name)
{
    const QByteArray withT = "replace(" + name + ", ' ', 'T')";
    return "CASE length(" + name + ") WHEN 10 THEN " + name + " || 'T00:00:00.000000' WHEN 19 THEN " + withT +
           " || '.000000' ELSE substr(" + withT + " || '000000', 1, 26) END";
}

/// Days and the rest apart: intervals are multiplied in floating point, which holds either exactly, but not their sum.
db::Sql postgresTime(qint64 microseconds)
{
    if (microseconds == db::infiniteFuture || microseconds == db::infinitePast)
        return db::Sql(db::Dialect::PostgreSql, microseconds < 0 ? "'-infinity'::timestamp" : "'infinity'::timestamp");
    constexpr qint64 microsPerDay = 86'400'000'000;
    const qint64 rest = (microseconds % microsPerDay + microsPerDay) % microsPerDay;
    db::Sql sql(db::Dialect::PostgreSql, "('epoch'::timestamp + ");
    sql.bind((microseconds - rest) / microsPerDay).raw(" * '1 day'::interval + ");
    return sql.bind(rest).raw(" * '1 microsecond'::interval)");
}

db::Sql joinedRange(const std::vector<db::Sql> &conditions, size_t first, size_t last, QByteArrayView op,
                    db::Dialect dialect)
{
    if (last - first == 1)
        return conditions[first];
    const size_t middle = first + (last - first) / 2;
    db::Sql sql(dialect);
    sql.raw("(").append(joinedRange(conditions, first, middle, op, dialect)).raw(" ").raw(op).raw(" ");
    return sql.append(joinedRange(conditions, middle, last, op, dialect)).raw(")");
}

} // namespace

db::Sql joined(const std::vector<db::Sql> &conditions, QByteArrayView op, db::Dialect dialect)
{
    if (conditions.empty())
        return db::Sql(dialect);
    return joinedRange(conditions, 0, conditions.size(), op, dialect);
}

QByteArray SqlTerms::id() const
{
    return bytes(tableAlias(mainTable())) + ".id";
}

QByteArray SqlTerms::column(const PhysicalColumn &column) const
{
    return bytes(tableAlias(column.table)) + '.' + bytes(column.name);
}

bool SqlTerms::mayHoldPlaceholder(const PhysicalColumn &column) const
{
    return !m_schema.ownSchema && column.type == db::ColumnType::Text;
}

QByteArray SqlTerms::reading(const PhysicalColumn *source, const PhysicalColumn *fallback) const
{
    const auto one = [this](const PhysicalColumn &physical) {
        const QByteArray name = column(physical);
        if (mayHoldPlaceholder(physical))
            return "NULLIF(" + name + ", '_')";
        if (!isPostgres() && !m_schema.ownSchema && physical.type == db::ColumnType::Timestamp)
            return foreignSqliteTime(name);
        return name;
    };
    if (has(source) && has(fallback))
        return "coalesce(" + one(*source) + ", " + one(*fallback) + ')';
    if (has(source))
        return one(*source);
    if (has(fallback))
        return one(*fallback);
    return null(source != nullptr ? source->type : db::ColumnType::Text, m_schema.dialect);
}

QByteArray SqlTerms::null(db::ColumnType type, db::Dialect dialect)
{
    if (dialect == db::Dialect::Sqlite)
        return "NULL";
    switch (type) {
    case db::ColumnType::Integer: return "NULL::bigint";
    case db::ColumnType::Timestamp: return "NULL::timestamp";
    case db::ColumnType::TextList: return "NULL::text[]";
    case db::ColumnType::Text: break;
    }
    return "NULL::text";
}

db::Sql SqlTerms::time(qint64 microseconds) const
{
    if (isPostgres())
        return postgresTime(microseconds);
    char stored[db::timestampTextSize];
    // Beyond the years SQLite can hold, the nearest text that no row reaches keeps the comparison right.
    if (!db::writeTimestampText(microseconds, stored))
        return empty().bind(QByteArray(microseconds < 0 ? "" : "~"));
    return empty().bind(QByteArray(stored, sizeof stored));
}

QByteArray SqlTerms::listText(const QByteArray &list) const
{
    return (isPostgres() ? QByteArray("array_to_string(") : QByteArray("a360_array_text(")) + list + ", ', ')";
}

QByteArray SqlTerms::folded(const QByteArray &textExpression) const
{
    return isPostgres() ? postgresFoldExpression(textExpression, m_schema.foldCollation)
                        : "a360_fold(" + textExpression + ')';
}

QByteArray SqlTerms::join(Table table) const
{
    const QByteArray alias = bytes(tableAlias(table));
    QByteArray key;
    if (m_entity == Entity::Company)
        key = "co.uuid";
    else
        key = table == Table::ContactsMetadata ? "c.uuid" : "c.company_id";
    return "JOIN " + bytes(tableName(table)) + ' ' + alias + " ON " + alias + ".uuid = " + key;
}

QByteArray SqlTerms::from(const TableSet &inner, const TableSet &outer) const
{
    QByteArray out = bytes(tableName(mainTable())) + ' ' + bytes(tableAlias(mainTable()));
    for (const Table table : inner) {
        if (table != mainTable())
            out += ' ' + join(table);
    }
    for (const Table table : outer) {
        if (table != mainTable() && !inner.contains(table))
            out += " LEFT " + join(table);
    }
    return out;
}

} // namespace a360::contacts
