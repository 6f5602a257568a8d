// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/migrations.h"

#include "db/index_claim.h"
#include "db/migration_scripts.h"
#include "db/schema_facts.h"

namespace a360::db {

namespace {

constexpr qint64 advisoryLock = 0x61333630'6D696772; // "a360migr"

/// Names the grant that is missing, where that can be known.
Error explained(Lease &lease, Error error)
{
    if (error.code != ErrorCode::PermissionDenied)
        return error;
    if (lease.inTransaction())
        static_cast<void>(lease.rollback());
    if (lease.dialect() == Dialect::Sqlite) {
        error.message = QStringLiteral("The database file may only be read; preparing it needs the right to write.");
        return error;
    }
    const Sql facts(Dialect::PostgreSql,
                    "SELECT quote_ident(current_user), quote_ident(coalesce(current_schema(), 'public')), "
                    "has_schema_privilege(coalesce(current_schema(), 'public'), 'CREATE')::int");
    const Result<RowBatch> rows = lease.query(facts, {ColumnType::Text, ColumnType::Text, ColumnType::Integer});
    if (!rows.ok() || rows.value().rowCount() != 1)
        return error;
    const auto text = [&rows](int column) {
        const std::string_view cell = rows.value().cell(0, column).text();
        return QString::fromUtf8(cell.data(), static_cast<qsizetype>(cell.size()));
    };
    const QString grant =
        rows.value().cell(0, 2).integer() == 0
            ? QStringLiteral("GRANT CREATE ON SCHEMA %1 TO %2").arg(text(1), text(0))
            : QStringLiteral("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %1 TO %2").arg(text(1), text(0));
    error.message = QStringLiteral("This database has to be prepared first, and the role %1 lacks the right to do it. "
                                   "The owner of the database can give it: %2;").arg(text(0), grant);
    return error;
}

Result<void> beginLocked(Lease &lease)
{
    A360_TRY(lease.begin(TransactionMode::ReadWrite)); // SQLite: BEGIN IMMEDIATE is the lock
    if (lease.dialect() == Dialect::PostgreSql) {
        Sql lock(Dialect::PostgreSql, "SELECT pg_advisory_xact_lock(");
        lock.bind(advisoryLock).raw(")");
        A360_TRY(lease.execute(lock));
    }
    return {};
}

Result<void> createRecord(Lease &lease)
{
    return lease.executeScript(lease.dialect() == Dialect::PostgreSql
                                   ? QByteArrayView("CREATE TABLE IF NOT EXISTS a360_schema_migrations (name text PRIMARY "
                                                    "KEY, applied_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'utc'))")
                                   : QByteArrayView("CREATE TABLE IF NOT EXISTS a360_schema_migrations (name TEXT PRIMARY "
                                                    "KEY, applied_at TEXT NOT NULL DEFAULT "
                                                    "(strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000'))"));
}

Result<void> record(Lease &lease, const QString &name)
{
    Sql insert(lease.dialect(), "INSERT INTO a360_schema_migrations (name) VALUES (");
    insert.bind(name.toUtf8()).raw(")");
    A360_TRY(lease.execute(insert));
    return {};
}

/// Inside a locked transaction: runs one script unless it has run, or waits for something. Gives whether it ran.
Result<bool> applyLocked(Lease &lease, const MigrationScript &script, QStringList &notes)
{
    A360_TRY(createRecord(lease));
    A360_TRY_ASSIGN(const QStringList applied, appliedMigrations(lease));
    if (applied.contains(script.name))
        return false;
    A360_TRY_ASSIGN(const bool own, isOwnSchema(lease));
    if (script.needsOwnSchema && !own)
        return false;
    if (script.needsTrigram) {
        A360_TRY_ASSIGN(const bool ready, makeTrigramAvailable(lease, notes));
        if (!ready)
            return false;
    }
    const bool makesData = script.name.endsWith(u"_data_tables");
    A360_TRY_ASSIGN(const QStringList found, makesData ? existingDataTables(lease) : Result<QStringList>(QStringList()));
    A360_TRY(lease.executeScript(script.text));
    if (makesData && found.isEmpty())
        A360_TRY(lease.executeScript("INSERT INTO a360_meta (key, value) VALUES ('own_schema', 'true')"));
    A360_TRY(record(lease, script.name));
    return true;
}

Result<bool> apply(Lease &lease, const MigrationScript &script, QStringList &notes)
{
    A360_TRY(beginLocked(lease));
    Result<bool> ran = applyLocked(lease, script, notes);
    if (!ran.ok()) {
        static_cast<void>(lease.rollback());
        return ran;
    }
    A360_TRY(lease.commit());
    return ran;
}

/// The scripts that are still to run, by a look that needs no right to write.
Result<std::vector<MigrationScript>> pendingScripts(Lease &lease)
{
    std::vector<MigrationScript> pending;
    A360_TRY_ASSIGN(const QStringList applied, appliedMigrations(lease));
    A360_TRY_ASSIGN(const bool own, isOwnSchema(lease));
    const bool known = applied.contains(QStringLiteral("0002_data_tables")); // whose schema it is has been decided
    for (MigrationScript &script : migrationScripts(lease.dialect())) {
        const bool forThisSchema = !known || own || !script.needsOwnSchema;
        if (forThisSchema && !applied.contains(script.name))
            pending.push_back(std::move(script));
    }
    return pending;
}

Result<void> runPending(Lease &lease, MigrationReport &report)
{
    A360_TRY_ASSIGN(const std::vector<MigrationScript> pending, pendingScripts(lease));
    for (const MigrationScript &script : pending) {
        A360_TRY_ASSIGN(const bool ran, apply(lease, script, report.notes));
        if (ran)
            report.applied += script.name;
    }
    return {};
}

} // namespace

Result<MigrationReport> migrate(Lease &lease, const CancelToken &cancel, LeftIndexes left)
{
    MigrationReport report;
    if (const Result<void> ran = runPending(lease, report); !ran.ok())
        return explained(lease, ran.error());
    A360_TRY_ASSIGN(const bool own, isOwnSchema(lease));
    report.adopted = !own;
    A360_TRY_ASSIGN(report.trigramAvailable, isTrigramAvailable(lease));
    if (report.adopted)
        report.notes += QStringLiteral("The data tables of this database were made by another program. They are used as they "
                                       "are; indexes are only added on request.");
    A360_TRY(noteWeakCollation(lease, report.notes));
    if (left == LeftIndexes::Leave)
        return report;
    if (const Result<qint64> rebuilt = rebuildLeftBehind(lease, cancel); !rebuilt.ok())
        return explained(lease, rebuilt.error());
    else if (rebuilt.value() > 0)
        report.notes += QStringLiteral("Indexes that an import had left out were rebuilt: %1.").arg(rebuilt.value());
    return report;
}

Result<bool> isMigrated(Lease &lease)
{
    A360_TRY_ASSIGN(const std::vector<MigrationScript> pending, pendingScripts(lease));
    A360_TRY_ASSIGN(const bool trigram, isTrigramAvailable(lease));
    for (const MigrationScript &script : pending) {
        if (trigram || !script.needsTrigram)
            return false;
    }
    return true;
}

} // namespace a360::db
