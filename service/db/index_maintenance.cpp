// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/index_maintenance.h"

namespace a360::db {

namespace {

QByteArray bytesOf(Cell cell)
{
    return {cell.text().data(), static_cast<qsizetype>(cell.text().size())};
}

Result<std::vector<IndexDefinition>> readDefinitions(Lease &lease, const Sql &select)
{
    A360_TRY_ASSIGN(const RowBatch rows,
                    lease.query(select, {ColumnType::Text, ColumnType::Text, ColumnType::Text}));
    std::vector<IndexDefinition> definitions;
    for (qsizetype row = 0; row < rows.rowCount(); ++row)
        definitions.push_back({bytesOf(rows.cell(row, 0)), bytesOf(rows.cell(row, 1)), bytesOf(rows.cell(row, 2))});
    return definitions;
}

Result<std::vector<IndexDefinition>> postgresIndexes(Lease &lease, const std::vector<QByteArray> &tables)
{
    Sql select(Dialect::PostgreSql,
               "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), x.indrelid::regclass::text, "
               "regexp_replace(pg_get_indexdef(x.indexrelid), '^CREATE INDEX ', 'CREATE INDEX IF NOT EXISTS ') "
               "FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
               "WHERE NOT x.indisprimary AND NOT x.indisunique AND NOT x.indisexclusion "
               "AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid) "
               "AND x.indrelid = ANY (SELECT to_regclass(t) FROM unnest(");
    select.bind(TextList(tables.begin(), tables.end())).raw(") t) ORDER BY 1");
    return readDefinitions(lease, select);
}

/// Triggers `<table>_fts_*` and a rebuild, in one script: they belong together.
Result<std::vector<IndexDefinition>> sqliteSearchTable(Lease &lease, const QByteArray &table)
{
    const QByteArray search = table + "_fts";
    Sql triggers(Dialect::Sqlite, "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ");
    triggers.bind(table).raw(" AND name LIKE ").bind(search + "\\_%").raw(" ESCAPE '\\' ORDER BY name");
    A360_TRY_ASSIGN(const std::vector<IndexDefinition> found, readDefinitions(lease, triggers));
    if (found.empty())
        return std::vector<IndexDefinition>();
    QByteArray script = "INSERT INTO " + search + '(' + search + ") VALUES ('rebuild');\n";
    for (IndexDefinition trigger : found) {
        trigger.definition.replace("CREATE TRIGGER ", "CREATE TRIGGER IF NOT EXISTS ");
        script += trigger.definition + ";\n";
    }
    return std::vector<IndexDefinition>{{search, table, script}};
}

Result<std::vector<IndexDefinition>> sqliteIndexes(Lease &lease, const std::vector<QByteArray> &tables)
{
    std::vector<IndexDefinition> all;
    for (const QByteArray &table : tables) {
        Sql select(Dialect::Sqlite, "SELECT m.name, m.tbl_name, replace(m.sql, 'CREATE INDEX ', 'CREATE INDEX IF NOT EXISTS ') "
                                    "FROM pragma_index_list(");
        select.bind(table).raw(") AS i JOIN sqlite_master m ON m.type = 'index' AND m.name = i.name "
                               "WHERE i.origin = 'c' AND i.\"unique\" = 0 AND m.sql IS NOT NULL ORDER BY 1");
        A360_TRY_ASSIGN(std::vector<IndexDefinition> indexes, readDefinitions(lease, select));
        A360_TRY_ASSIGN(std::vector<IndexDefinition> search, sqliteSearchTable(lease, table));
        for (auto *some : {&indexes, &search})
            all.insert(all.end(), std::make_move_iterator(some->begin()), std::make_move_iterator(some->end()));
    }
    return all;
}

} // namespace

Result<std::vector<IndexDefinition>> listSecondaryIndexes(Lease &lease, const std::vector<QByteArray> &tables)
{
    return lease.dialect() == Dialect::PostgreSql ? postgresIndexes(lease, tables) : sqliteIndexes(lease, tables);
}

} // namespace a360::db
