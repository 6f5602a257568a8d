// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/stale_staging.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <csignal>

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

Result<void> dropStaleFiles(db::Lease &lease)
{
    A360_TRY_ASSIGN(const QString base, sqliteFileOf(lease));
    const QFileInfo info(base);
    const QString prefix = info.fileName() + QStringLiteral("-import-");
    for (const QString &name : info.dir().entryList({prefix + QStringLiteral("*.stage")}, QDir::Files)) {
        bool ok = false;
        const qint64 pid = name.mid(prefix.size()).section(u'-', 0, 0).toLongLong(&ok);
        const bool alive = ok && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
        if (!alive)
            QFile::remove(info.dir().filePath(name));
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
    return lease.dialect() == db::Dialect::PostgreSql ? dropStaleTables(lease) : dropStaleFiles(lease);
}

Result<QString> sqliteFileOf(db::Lease &lease)
{
    const db::Sql sql(db::Dialect::Sqlite, "SELECT file FROM pragma_database_list WHERE name = 'main'");
    A360_TRY_ASSIGN(const db::RowBatch rows, lease.query(sql, {db::ColumnType::Text}));
    return text(rows, 0);
}

QString stagingFileName(const QString &databaseFile, const QString &id)
{
    return QStringLiteral("%1-import-%2-%3.stage").arg(databaseFile).arg(QCoreApplication::applicationPid()).arg(id);
}

} // namespace a360::transfer
