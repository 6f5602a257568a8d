// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/index_maintenance.h"

#include "db/bulk_load.h"
#include "db/schema_facts.h"

#include <QCoreApplication>

#include <cerrno>
#include <csignal>

namespace a360::db {

namespace {

constexpr qint64 advisoryLock = 0x61333630'6C6F6164; // "a360load"

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

/// Who is loading: the server process of this lease, or with SQLite this process.
Result<QByteArray> ownerMark(Lease &lease)
{
    if (lease.dialect() == Dialect::Sqlite)
        return QByteArray::number(QCoreApplication::applicationPid());
    A360_TRY_ASSIGN(const qint64 pid, lease.queryInteger(Sql(Dialect::PostgreSql, "SELECT pg_backend_pid()")));
    return QByteArray::number(pid);
}

Result<bool> isAlive(Lease &lease, const QByteArray &owner)
{
    if (owner.isEmpty())
        return false;
    A360_TRY_ASSIGN(const QByteArray self, ownerMark(lease));
    if (owner == self)
        return false; // nobody loads while this call runs
    if (lease.dialect() == Dialect::Sqlite)
        return ::kill(static_cast<pid_t>(owner.toLongLong()), 0) == 0 || errno == EPERM;
    Sql look(Dialect::PostgreSql, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid = ");
    look.bind(owner.toLongLong());
    A360_TRY_ASSIGN(const qint64 count, lease.queryInteger(look));
    return count > 0;
}

Result<void> dropAll(Lease &lease, const std::vector<IndexDefinition> &definitions, const QByteArray &owner)
{
    for (const IndexDefinition &definition : definitions) {
        Sql store(lease.dialect(), "INSERT INTO a360_deferred_indexes (name, table_name, definition, owner) VALUES (");
        store.bind(definition.name).raw(", ").bind(definition.table).raw(", ").bind(definition.definition).raw(", ");
        store.bind(owner).raw(") ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, owner = excluded.owner");
        A360_TRY(lease.execute(store));
        if (lease.dialect() == Dialect::PostgreSql) {
            A360_TRY(lease.executeScript("DROP INDEX " + definition.name)); // quoted by the server itself
        } else if (definition.name == definition.table + "_fts") {
            for (const char *kind : {"insert", "delete", "update"})
                A360_TRY(lease.executeScript("DROP TRIGGER IF EXISTS " + quotedName(definition.name + '_' + kind)));
        } else {
            A360_TRY(lease.executeScript("DROP INDEX " + quotedName(definition.name)));
        }
    }
    return {};
}

/// Two loads that begin at the same moment list and drop one after the other: a definition cannot be read while its index is
/// being dropped. Waits 2 s at most. SQLite: BEGIN IMMEDIATE is the lock.
Result<void> lockDropping(Lease &lease)
{
    if (lease.dialect() == Dialect::Sqlite)
        return {};
    A360_TRY(lease.executeScript("SET LOCAL lock_timeout = '2s'"));
    Sql lock(Dialect::PostgreSql, "SELECT pg_advisory_xact_lock(");
    lock.bind(advisoryLock).raw(")");
    A360_TRY(lease.execute(lock));
    return {};
}

/// One piece in one transaction: taken off the list, and made.
Result<void> rebuildOne(Lease &lease, const IndexDefinition &definition, const CancelToken &cancel)
{
    A360_TRY(lease.begin(TransactionMode::ReadWrite));
    const auto work = [&]() -> Result<void> {
        // The list first: of two programs that rebuild, the second waits here and then has nothing left to do.
        Sql remove(lease.dialect(), "DELETE FROM a360_deferred_indexes WHERE name = ");
        remove.bind(definition.name);
        A360_TRY_ASSIGN(const qint64 listed, lease.execute(remove, {{}, cancel}));
        if (listed == 0)
            return lease.commit();
        if (lease.dialect() == Dialect::PostgreSql)
            A360_TRY(lease.executeScript("SET LOCAL maintenance_work_mem = '256MB'"));
        A360_TRY(lease.executeScript(definition.definition, {{}, cancel}));
        return lease.commit();
    };
    Result<void> done = work();
    if (!done.ok())
        static_cast<void>(lease.rollback());
    return done;
}

struct Deferred
{
    IndexDefinition definition;
    QByteArray owner;
};

Result<std::vector<Deferred>> listDeferred(Lease &lease)
{
    A360_TRY_ASSIGN(const bool exists, tableExists(lease, "a360_deferred_indexes"));
    if (!exists)
        return std::vector<Deferred>();
    const Sql select(lease.dialect(), "SELECT name, table_name, definition, owner FROM a360_deferred_indexes ORDER BY name");
    A360_TRY_ASSIGN(const RowBatch rows, lease.query(select, std::vector<ColumnType>(4, ColumnType::Text)));
    std::vector<Deferred> deferred;
    for (qsizetype row = 0; row < rows.rowCount(); ++row)
        deferred.push_back({{bytesOf(rows.cell(row, 0)), bytesOf(rows.cell(row, 1)), bytesOf(rows.cell(row, 2))},
                            bytesOf(rows.cell(row, 3))});
    return deferred;
}

} // namespace

Result<std::vector<IndexDefinition>> listSecondaryIndexes(Lease &lease, const std::vector<QByteArray> &tables)
{
    return lease.dialect() == Dialect::PostgreSql ? postgresIndexes(lease, tables) : sqliteIndexes(lease, tables);
}

Result<bool> dropForLoad(Lease &lease, const std::vector<QByteArray> &tables)
{
    A360_TRY_ASSIGN(const QByteArray owner, ownerMark(lease));
    const Result<void> begun = lease.begin(TransactionMode::ReadWrite);
    if (!begun.ok())
        return begun.error().code == ErrorCode::Conflict ? Result<bool>(false) : Result<bool>(begun.error());
    const auto work = [&]() -> Result<void> {
        A360_TRY(lockDropping(lease));
        A360_TRY_ASSIGN(const std::vector<IndexDefinition> definitions, listSecondaryIndexes(lease, tables));
        A360_TRY(dropAll(lease, definitions, owner));
        return lease.commit();
    };
    const Result<void> done = work();
    if (done.ok())
        return true;
    static_cast<void>(lease.rollback());
    if (done.error().code == ErrorCode::Conflict)
        return false;
    return done.error();
}

Result<qint64> rebuildDeferred(Lease &lease, ProgressCounter &progress, CancelToken cancel)
{
    A360_TRY_ASSIGN(const std::vector<Deferred> deferred, listDeferred(lease));
    const auto total = static_cast<qint64>(deferred.size());
    progress.update([&](Progress &p) { p.enter(QStringLiteral("Rebuilding indexes"), total, Progress::Unit::Indexes); });
    for (const Deferred &entry : deferred) {
        A360_TRY(cancel.check());
        A360_TRY(rebuildOne(lease, entry.definition, cancel));
        progress.update([](Progress &p) { ++p.rowsDone; });
    }
    return total;
}

Result<qint64> rebuildLeftBehind(Lease &lease, const CancelToken &cancel)
{
    A360_TRY_ASSIGN(const std::vector<Deferred> deferred, listDeferred(lease));
    qint64 rebuilt = 0;
    for (const Deferred &entry : deferred) {
        A360_TRY_ASSIGN(const bool alive, isAlive(lease, entry.owner));
        if (alive)
            continue;
        A360_TRY(cancel.check());
        A360_TRY(rebuildOne(lease, entry.definition, cancel));
        ++rebuilt;
    }
    return rebuilt;
}

} // namespace a360::db
