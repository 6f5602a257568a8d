// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/query.h"
#include "contacts/schema_info.h"
#include "db/sql.h"

namespace a360::contacts {

/// The place of a row in a query's order: one value per order key (the last is the id). NULL values belong to the
/// second keyset segment (decision 13).
struct Keyset
{
    std::vector<db::Value> values; ///< NULL, integer (times: microseconds) or text
};

/// What to fetch of a query.
struct Slice
{
    std::optional<Keyset> after; ///< rows behind this place only
    qint64 skip = 0;             ///< then pass over so many
    qint64 limit = -1;           ///< -1: all
};

/// Compiles a query for one database. The select yields `columns` in order, then one column per order key (the keyset
/// of the row; the last one is the id). Filters and limit are applied to ids before the joins. A filter or order key
/// on a column the database lacks is Error{InvalidArgument} naming it; an output column it lacks yields NULL. Without a
/// limit, adopted data keeps its `_` in the columns (not in keys): who writes whole tables reads it as NULL anyway.
class SqlCompiler
{
public:
    explicit SqlCompiler(const SchemaInfo &schema) : m_schema(schema) {}

    Result<db::Sql> select(const Query &query, const std::vector<OutputColumn> &columns, const Slice &slice) const;
    Result<db::Sql> count(const Query &query) const;
    /// Two cells: how many of the first `limit` matches in order of id there are, and the last of their ids.
    Result<db::Sql> countUpTo(const Query &query, qint64 limit) const;
    /// The ids of all matches in no order (what EXPLAIN estimates).
    Result<db::Sql> ids(const Query &query) const;
    /// The columns of the row with this uuid.
    db::Sql detail(Entity entity, const QByteArray &uuid, const std::vector<OutputColumn> &columns) const;
    /// Column types of select()'s result: the columns', then the order keys'.
    std::vector<db::ColumnType> resultTypes(const Query &query, const std::vector<OutputColumn> &columns) const;

private:
    const SchemaInfo &m_schema;
};

/// The keyset of row `row` of a batch that select() produced.
Keyset keysetOf(const db::RowBatch &batch, qsizetype row, const Query &query);

} // namespace a360::contacts
