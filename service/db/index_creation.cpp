// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/index_creation.h"

#include "db/index_advice.h"
#include "db/migration_scripts.h"
#include "db/schema_facts.h"

namespace a360::db {

namespace {

constexpr std::chrono::milliseconds dropTimeout{400}; // cancelling has to end within a second

/// A connection whose session has other limits. They go with the start of the session, as a SET would outlive it behind a
/// transaction pooler (decision 23).
std::unique_ptr<ConnectionPool> directPool(const DatabaseUrl &url, std::chrono::milliseconds lockTimeout)
{
    DatabaseUrl direct = url;
    QString &options = direct.options[QStringLiteral("options")];
    options += QStringLiteral(" -c lock_timeout=%1 -c statement_timeout=0 -c maintenance_work_mem=256MB")
                   .arg(lockTimeout.count());
    PoolSettings settings;
    settings.size = 1;
    settings.maxOverflow = 0;
    return std::make_unique<ConnectionPool>(direct, settings);
}

QByteArray quotedName(const QByteArray &name)
{
    QByteArray quoted = name;
    return '"' + quoted.replace('"', "\"\"") + '"';
}

/// The function an index on lists needs, out of the script that makes it for the own schema.
QByteArray listTextFunction()
{
    for (const MigrationScript &script : migrationScripts(Dialect::PostgreSql)) {
        const qsizetype begin = script.text.indexOf("CREATE OR REPLACE FUNCTION a360_list_text");
        const qsizetype end = begin < 0 ? -1 : script.text.indexOf("$$;", begin);
        if (end > 0)
            return script.text.mid(begin, end + 3 - begin);
    }
    return {};
}

class IndexMaker
{
public:
    IndexMaker(Lease &lease, const DatabaseUrl &url, ProgressCounter &progress, const CancelToken &cancel)
        : m_lease(lease), m_url(url), m_progress(progress), m_cancel(cancel)
    {
    }

    Result<IndexCreation> run()
    {
        A360_TRY_ASSIGN(const std::vector<IndexAdvice> advice, adviseIndexes(m_lease));
        A360_TRY_ASSIGN(const QString obstacle, indexObstacle(m_lease, advice));
        if (!obstacle.isEmpty())
            return makeError(ErrorCode::PermissionDenied, obstacle);
        A360_TRY_ASSIGN(const std::vector<IndexAdvice> wanted, possible(advice));
        for (const IndexAdvice &index : wanted) {
            m_progress.update([&](Progress &p) {
                p.phase = QStringLiteral("Creating %1").arg(QString::fromLatin1(index.name));
                p.unit = Progress::Unit::Indexes;
                p.rowsTotal = static_cast<qint64>(wanted.size());
            });
            A360_TRY(makeOne(index));
            m_progress.update([](Progress &p) { ++p.rowsDone; });
        }
        return std::move(m_done);
    }

private:
    bool isPostgres() const { return m_lease.dialect() == Dialect::PostgreSql; }

    /// The missing ones without those whose preconditions cannot be had.
    Result<std::vector<IndexAdvice>> possible(const std::vector<IndexAdvice> &advice)
    {
        std::vector<IndexAdvice> missing;
        bool trigram = false, listText = false;
        for (const IndexAdvice &index : advice) {
            if (index.state != IndexState::Missing)
                continue;
            missing.push_back(index);
            trigram = trigram || index.needsTrigram;
            listText = listText || index.needsListText;
        }
        if (!trigram)
            return missing;
        A360_TRY_ASSIGN(const bool available, prepareTrigram());
        if (!available)
            std::erase_if(missing, [](const IndexAdvice &index) { return index.needsTrigram; });
        else if (listText)
            A360_TRY(prepareListText());
        return missing;
    }
    Result<bool> prepareTrigram()
    {
        A360_TRY(m_lease.begin(TransactionMode::ReadWrite));
        Result<bool> available = makeTrigramAvailable(m_lease, m_done.notes);
        const Result<void> ended = available.ok() ? m_lease.commit() : m_lease.rollback();
        if (!available.ok() || !available.value())
            return available;
        A360_TRY(ended);
        const Sql place(Dialect::PostgreSql, "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n "
                                             "ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'");
        A360_TRY_ASSIGN(const RowBatch rows, m_lease.query(place, {ColumnType::Text}));
        const std::string_view name = rows.cell(0, 0).text();
        m_trigramSchema = QByteArray(name.data(), static_cast<qsizetype>(name.size()));
        return true;
    }
    Result<void> prepareListText()
    {
        const Sql look(Dialect::PostgreSql, "SELECT (to_regprocedure('a360_list_text(text[])') IS NOT NULL)::int::bigint");
        A360_TRY_ASSIGN(const qint64 exists, m_lease.queryInteger(look));
        return exists != 0 ? Result<void>() : m_lease.executeScript(listTextFunction());
    }

    /// Errors are those that end the whole run.
    Result<void> makeOne(const IndexAdvice &index)
    {
        A360_TRY(goOn());
        A360_TRY_ASSIGN(const QByteArray name, freeName(index));
        if (name.isEmpty())
            return {};
        const QByteArray definition = statement(index, name);
        Result<void> made = m_lease.executeScript(definition, {{}, m_cancel});
        if (made.ok()) {
            m_done.made += QString::fromLatin1(name);
            return {};
        }
        if (made.error().code == ErrorCode::Unavailable)
            return made;
        const bool cleared = !isPostgres() || dropUnfinished(index.table, name);
        if (made.error().code == ErrorCode::Cancelled)
            return cancelled(cleared ? QString() : QString::fromLatin1(name));
        fail(index, made.error().code == ErrorCode::Conflict
                        ? QStringLiteral("other transactions use the table for too long; try again when they have ended")
                        : made.error().detail);
        return {};
    }
    Result<void> goOn() const { return m_cancel.isCancelled() ? Result<void>(cancelled({})) : Result<void>(); }
    Error cancelled(const QString &unfinished) const
    {
        QString message =
            QStringLiteral("Cancelled. %1 of the missing indexes were made; they stay.").arg(m_done.made.size());
        if (!unfinished.isEmpty())
            message += QStringLiteral(" The table is still used by others, so that the unfinished index %1 could not be "
                                      "removed; the next run replaces it.").arg(unfinished);
        return makeError(ErrorCode::Cancelled, message);
    }
    void fail(const IndexAdvice &index, const QString &reason)
    {
        m_done.failed += QStringLiteral("%1: %2").arg(QString::fromLatin1(index.name), reason);
    }

    QByteArray statement(const IndexAdvice &index, const QByteArray &name) const
    {
        QByteArray definition = index.definition;
        if (!m_trigramSchema.isEmpty())
            definition.replace("gin_trgm_ops", m_trigramSchema + ".gin_trgm_ops");
        return (isPostgres() ? "CREATE INDEX CONCURRENTLY " : "CREATE INDEX ") + quotedName(name) + " ON " + definition;
    }

    /// The recommended name, or one with our prefix where somebody else's object has it; empty, and listed as failed, when
    /// both are taken. An unfinished index of ours is removed first.
    Result<QByteArray> freeName(const IndexAdvice &index)
    {
        for (const QByteArray &name : {index.name, "a360_" + index.name}) {
            A360_TRY_ASSIGN(const bool taken, isTaken(index.table, name));
            if (!taken || (isPostgres() && isUnfinished(index.table, name) && dropUnfinished(index.table, name)))
                return name;
        }
        fail(index, QStringLiteral("its name is in use"));
        return QByteArray();
    }
    Result<bool> isTaken(const QByteArray &table, const QByteArray &name)
    {
        Sql look(m_lease.dialect(), isPostgres() ? "SELECT count(*) FROM pg_class WHERE relnamespace = (SELECT relnamespace "
                                                   "FROM pg_class WHERE oid = to_regclass("
                                                 : "SELECT count(*) FROM sqlite_master WHERE ");
        if (isPostgres())
            look.bind(table).raw(")) AND relname = ").bind(name);
        else
            look.raw("name = ").bind(name);
        A360_TRY_ASSIGN(const qint64 count, m_lease.queryInteger(look));
        return count > 0;
    }
    /// An invalid index of this name that nobody is building: building holds this lock on the table.
    bool isUnfinished(const QByteArray &table, const QByteArray &name)
    {
        Sql look(Dialect::PostgreSql,
                 "SELECT count(*) FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid WHERE NOT x.indisvalid "
                 "AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.relation = x.indrelid AND l.pid <> pg_backend_pid() "
                 "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
                 "AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted) AND x.indrelid = to_regclass(");
        look.bind(table).raw(") AND c.relname = ").bind(name);
        const Result<qint64> count = m_lease.queryInteger(look);
        return count.ok() && count.value() > 0;
    }
    /// True when no unfinished index of this name is left. Waits for others only so long as a cancellation may take.
    bool dropUnfinished(const QByteArray &table, const QByteArray &name)
    {
        if (!isUnfinished(table, name))
            return true;
        const std::unique_ptr<ConnectionPool> pool = directPool(m_url, dropTimeout);
        Result<Lease> lease = pool->lease(Lane::Interactive, {}, "index drop");
        if (!lease.ok())
            return false;
        Sql where(Dialect::PostgreSql, "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_class c "
                                       "JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_index x "
                                       "ON x.indexrelid = c.oid WHERE x.indrelid = to_regclass(");
        where.bind(table).raw(") AND c.relname = ").bind(name);
        const Result<RowBatch> found = lease->query(where, {ColumnType::Text});
        if (!found.ok() || found.value().rowCount() != 1)
            return false;
        const std::string_view full = found.value().cell(0, 0).text();
        const QByteArray quoted(full.data(), static_cast<qsizetype>(full.size()));
        return lease->executeScript("DROP INDEX CONCURRENTLY " + quoted).ok();
    }

    Lease &m_lease;
    const DatabaseUrl &m_url;
    ProgressCounter &m_progress;
    const CancelToken &m_cancel;
    QByteArray m_trigramSchema;
    IndexCreation m_done;
};

} // namespace

Result<IndexCreation> createMissingIndexes(ConnectionPool &pool, ProgressCounter &progress, const CancelToken &cancel,
                                           const IndexCreationOptions &options)
{
    if (pool.dialect() == Dialect::PostgreSql) {
        const std::unique_ptr<ConnectionPool> direct = directPool(pool.url(), options.lockTimeout);
        Result<Lease> lease = direct->lease(Lane::Bulk, cancel, "index creation");
        if (lease.ok())
            return IndexMaker(*lease, pool.url(), progress, cancel).run();
        // A pooler that knows no such parameter says so: then without limits of our own.
        if (!lease.error().detail.contains(QStringLiteral("startup parameter")))
            return lease.error();
    }
    A360_TRY_ASSIGN(Lease lease, pool.lease(Lane::Bulk, cancel, "index creation"));
    return IndexMaker(lease, pool.url(), progress, cancel).run();
}

} // namespace a360::db
