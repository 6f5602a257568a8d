// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/stale_staging.h"

#include "transfer/staging_file.h"

namespace a360::transfer {

namespace {

QString text(const db::RowBatch &rows, qsizetype row)
{
    return QString::fromUtf8(rows.cell(row, 0).data, rows.cell(row, 0).size);
}

Result<void> dropStaleTables(db::Lease &lease)
{
    // A table is alive while the server process that made it still runs; process numbers are used again, so the time
    // it started counts as well.
    const db::Sql find(db::Dialect::PostgreSql,
                       "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind = 'r' AND c.relname LIKE "
                       "'a360\\_import\\_%' AND pg_table_is_visible(c.oid) AND NOT EXISTS (SELECT 1 FROM "
                       "pg_stat_activity a WHERE obj_description(c.oid, 'pg_class') = a.pid || ' ' || extract(epoch FROM a.backend_start))");
    A360_TRY_ASSIGN(const db::RowBatch tables, lease.query(find, {db::ColumnType::Text}));
    for (qsizetype row = 0; row < tables.rowCount(); ++row) {
        // Another import may be dropping it at the same time; whoever comes second has nothing left to do.
        (void)lease.executeScript("DROP TABLE IF EXISTS " + text(tables, row).toUtf8());
    }
    return {};
}

} // namespace

QByteArray aliveMark(const QByteArray &table)
{
    return "DO $$ BEGIN EXECUTE (SELECT format('COMMENT ON TABLE " + table
        + " IS %L', pid || ' ' || extract(epoch FROM backend_start)) FROM pg_stat_activity"
          " WHERE pid = pg_backend_pid()); END $$";
}

Result<void> dropStaleStaging(db::Lease &lease)
{
    if (lease.dialect() == db::Dialect::PostgreSql)
        return dropStaleTables(lease);
    A360_TRY_ASSIGN(const QString file, sqliteFileOf(lease));
    removeStaleStagingFiles(file);
    return {};
}

Result<QString> sqliteFileOf(db::Lease &lease)
{
    const db::Sql sql(db::Dialect::Sqlite, "SELECT file FROM pragma_database_list WHERE name = 'main'");
    A360_TRY_ASSIGN(const db::RowBatch rows, lease.query(sql, {db::ColumnType::Text}));
    return text(rows, 0);
}

} // namespace a360::transfer
