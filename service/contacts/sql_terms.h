// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/schema_info.h"
#include "db/sql.h"

#include <set>

namespace a360::contacts {

using TableSet = std::set<Table>;

/// How one database spells the small things of a statement: columns, times, folded text. Stateless; borrows the schema.
class SqlTerms
{
public:
    SqlTerms(const SchemaInfo &schema, Entity entity) : m_schema(schema), m_entity(entity) {}

    const SchemaInfo &schema() const { return m_schema; }
    Entity entity() const { return m_entity; }
    bool isPostgres() const { return m_schema.dialect == db::Dialect::PostgreSql; }
    db::Sql empty() const { return db::Sql(m_schema.dialect); }
    db::Sql text(QByteArrayView trusted) const { return db::Sql(m_schema.dialect, trusted); }

    Table mainTable() const { return m_entity == Entity::Contact ? Table::Contacts : Table::Companies; }
    QByteArray id() const; ///< "c.id"
    /// "c.title", as it is stored.
    QByteArray column(const PhysicalColumn &column) const;
    /// The column as it is read: on adopted data `_` is NULL. NULL when the database has neither column.
    QByteArray reading(const PhysicalColumn *column, const PhysicalColumn *fallback) const;
    /// True where the placeholder may stand in the column.
    bool mayHoldPlaceholder(const PhysicalColumn &column) const;
    bool has(const PhysicalColumn *column) const { return column != nullptr && m_schema.has(*column); }

    /// A time as a constant that compares with a timestamp column's reading.
    db::Sql time(qint64 microseconds) const;
    /// A list column as one text, its elements joined by ", ".
    QByteArray listText(const QByteArray &list) const;
    /// Equal for two texts exactly when their foldings are equal.
    QByteArray folded(const QByteArray &textExpression) const;

    /// "contacts c JOIN …": the main table, `inner` joined so that the planner may start there, `outer` kept optional.
    QByteArray from(const TableSet &inner, const TableSet &outer) const;
    static QByteArray null(db::ColumnType type, db::Dialect dialect);

private:
    QByteArray join(Table table) const;
    const SchemaInfo &m_schema;
    Entity m_entity;
};

/// Conditions joined by `op` ("AND", "OR") in a balanced tree: SQLite refuses expressions deeper than 1000.
db::Sql joined(const std::vector<db::Sql> &conditions, QByteArrayView op, db::Dialect dialect);

} // namespace a360::contacts
