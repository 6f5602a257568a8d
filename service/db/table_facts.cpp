// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/table_facts.h"

#include "db/bulk_load.h"

namespace a360::db {

namespace {

Result<TableFacts> postgresFacts(Lease &lease, const QByteArray &table)
{
    TableFacts facts;
    facts.name = table;
    const Sql rows = Sql(lease.dialect(), "SELECT coalesce((SELECT greatest(reltuples, 0)::bigint FROM pg_class "
                                          "WHERE oid = to_regclass(").bind(quotedName(table)).raw(")), 0)");
    A360_TRY_ASSIGN(facts.rows, lease.queryInteger(rows));
    const Sql columns =
        Sql(lease.dialect(),
            "SELECT a.attname::text, count(*) FILTER (WHERE m.amname = 'btree' AND k.place = 1 AND i.indpred IS NULL), "
            "count(*) FILTER (WHERE o.opcname IN ('gin_trgm_ops', 'gist_trgm_ops') AND i.indpred IS NULL) "
            "FROM pg_attribute a "
            "LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND a.attnum = ANY(i.indkey) AND i.indisvalid "
            "LEFT JOIN LATERAL unnest(i.indkey::int2[], i.indclass::oid[]) WITH ORDINALITY k(att, cls, place) "
            "ON k.att = a.attnum "
            "LEFT JOIN pg_class x ON x.oid = i.indexrelid LEFT JOIN pg_am m ON m.oid = x.relam "
            "LEFT JOIN pg_opclass o ON o.oid = k.cls "
            "WHERE a.attrelid = to_regclass(").bind(quotedName(table))
            .raw(") AND a.attnum > 0 AND NOT a.attisdropped GROUP BY a.attname, a.attnum ORDER BY a.attnum");
    A360_TRY_ASSIGN(const RowBatch found,
                    lease.query(columns, {ColumnType::Text, ColumnType::Integer, ColumnType::Integer}));
    for (qsizetype row = 0; row < found.rowCount(); ++row) {
        const Cell name = found.cell(row, 0);
        facts.columns.push_back(
            {QByteArray(name.data, name.size), found.cell(row, 1).integer() > 0, found.cell(row, 2).integer() > 0});
    }
    return facts;
}

Result<TableFacts> sqliteFacts(Lease &lease, const QByteArray &table)
{
    TableFacts facts;
    facts.name = table;
    const Sql columns =
        Sql(lease.dialect(), "SELECT t.name, t.pk = 1 AND upper(t.type) = 'INTEGER' OR EXISTS (SELECT 1 FROM "
                             "pragma_index_list(").bind(table)
            .raw(") l, pragma_index_info(l.name) i WHERE i.seqno = 0 AND i.name = t.name AND l.partial = 0) "
                 "FROM pragma_table_info(").bind(table).raw(") t");
    A360_TRY_ASSIGN(const RowBatch found, lease.query(columns, {ColumnType::Text, ColumnType::Integer}));
    if (found.rowCount() == 0)
        return facts;
    for (qsizetype row = 0; row < found.rowCount(); ++row) {
        const Cell name = found.cell(row, 0);
        facts.columns.push_back({QByteArray(name.data, name.size), found.cell(row, 1).integer() != 0, false});
    }
    const auto rows = lease.queryInteger(
        Sql(lease.dialect(), "SELECT coalesce(max(rowid), 0) FROM " + quotedName(table)));
    facts.rowsKnown = rows.ok();
    facts.rows = rows.ok() ? *rows : 0;
    return facts;
}

} // namespace

Result<TableFacts> tableFacts(Lease &lease, const QByteArray &table)
{
    return lease.dialect() == Dialect::PostgreSql ? postgresFacts(lease, table) : sqliteFacts(lease, table);
}

} // namespace a360::db
