// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/index_claim.h"

#include "db/bulk_load.h"
#include "db/claim_mark.h"
#include "db/schema_facts.h"

namespace a360::db {

namespace {

constexpr qint64 advisoryLock = 0x61333630'6C6F6164; // "a360load"
constexpr std::chrono::milliseconds releaseTimeout{300}; // a cancelled import has to end within a second

QByteArray bytesOf(Cell cell)
{
    return {cell.text().data(), static_cast<qsizetype>(cell.text().size())};
}

/// Two loads that begin at the same moment list and drop one after the other: a definition cannot be read while its index is
/// being dropped. Waits 2 s at most. SQLite: BEGIN IMMEDIATE is the lock.
Result<void> lockDropping(Lease &lease, const CancelToken &cancel)
{
    if (lease.dialect() == Dialect::Sqlite)
        return {};
    A360_TRY(lease.executeScript("SET LOCAL lock_timeout = '2s'"));
    Sql lock(Dialect::PostgreSql, "SELECT pg_advisory_xact_lock(");
    lock.bind(advisoryLock).raw(")");
    A360_TRY(lease.execute(lock, {{}, cancel}));
    return {};
}

QByteArray dropStatement(const IndexDefinition &definition, Dialect dialect)
{
    if (dialect == Dialect::PostgreSql)
        return "DROP INDEX " + definition.name; // quoted by the server itself
    if (definition.name != definition.table + "_fts")
        return "DROP INDEX " + quotedName(definition.name);
    QByteArray script;
    for (const char *kind : {"insert", "delete", "update"})
        script += "DROP TRIGGER IF EXISTS " + quotedName(definition.name + '_' + kind) + ';';
    return script;
}

/// The texts that `select` gives of the list; none before there is a list.
Result<QByteArrayList> listed(Lease &lease, const char *select)
{
    QByteArrayList texts;
    A360_TRY_ASSIGN(const bool exists, tableExists(lease, "a360_deferred_indexes"));
    if (!exists)
        return texts;
    A360_TRY_ASSIGN(const RowBatch rows, lease.query(Sql(lease.dialect(), select), {ColumnType::Text}));
    for (qsizetype row = 0; row < rows.rowCount(); ++row)
        texts += bytesOf(rows.cell(row, 0));
    return texts;
}

/// All the marks in the list; "" for what nobody holds.
Result<QByteArrayList> listedMarks(Lease &lease)
{
    return listed(lease, "SELECT DISTINCT coalesce(owner, '') FROM a360_deferred_indexes");
}

Result<std::vector<IndexDefinition>> heldBy(Lease &lease, const QByteArray &mark)
{
    Sql select(lease.dialect(), "SELECT name, table_name, definition FROM a360_deferred_indexes WHERE owner = ");
    select.bind(mark).raw(" ORDER BY name");
    A360_TRY_ASSIGN(const RowBatch rows, lease.query(select, std::vector<ColumnType>(3, ColumnType::Text)));
    std::vector<IndexDefinition> held;
    for (qsizetype row = 0; row < rows.rowCount(); ++row)
        held.push_back({bytesOf(rows.cell(row, 0)), bytesOf(rows.cell(row, 1)), bytesOf(rows.cell(row, 2))});
    return held;
}

/// Others may do better where it is: not after a cancellation, nor while the database is gone or somebody else writes.
bool isOfOneIndex(const Error &error)
{
    return error.code != ErrorCode::Cancelled && error.code != ErrorCode::Timeout && !error.isTransient();
}

} // namespace

IndexClaim::~IndexClaim()
{
    if (m_held == 0)
        return;
    static_cast<void>(m_lease.rollback());
    Sql release(m_lease.dialect(), "UPDATE a360_deferred_indexes SET owner = NULL WHERE owner = ");
    release.bind(m_mark);
    if (!m_lease.execute(release, {releaseTimeout, {}}).ok())
        m_lease.invalidate(QStringLiteral("indexes could not be released")); // its end releases them
}

Result<void> IndexClaim::ensureMark()
{
    if (!m_mark.isEmpty())
        return {};
    A360_TRY_ASSIGN(m_mark, newClaimMark(m_lease));
    return {};
}

Result<bool> IndexClaim::drop(const std::vector<QByteArray> &tables, const CancelToken &cancel)
{
    A360_TRY(ensureMark());
    const Result<void> begun = m_lease.begin(TransactionMode::ReadWrite, cancel);
    if (!begun.ok())
        return begun.error().code == ErrorCode::Conflict ? Result<bool>(false) : Result<bool>(begun.error());
    const auto work = [&]() -> Result<qint64> {
        A360_TRY(lockDropping(m_lease, cancel));
        A360_TRY_ASSIGN(const std::vector<IndexDefinition> definitions, listSecondaryIndexes(m_lease, tables));
        for (const IndexDefinition &definition : definitions)
            A360_TRY(dropOne(definition, cancel));
        A360_TRY(m_lease.commit());
        return static_cast<qint64>(definitions.size());
    };
    const Result<qint64> dropped = work();
    if (dropped.ok()) {
        m_held += *dropped;
        return true;
    }
    static_cast<void>(m_lease.rollback());
    if (dropped.error().code == ErrorCode::Conflict)
        return false;
    return dropped.error();
}

Result<void> IndexClaim::dropOne(const IndexDefinition &definition, const CancelToken &cancel)
{
    Sql store(m_lease.dialect(), "INSERT INTO a360_deferred_indexes (name, table_name, definition, owner) VALUES (");
    store.bind(definition.name).raw(", ").bind(definition.table).raw(", ").bind(definition.definition).raw(", ");
    store.bind(m_mark).raw(") ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, owner = excluded.owner");
    A360_TRY(m_lease.execute(store, {{}, cancel}));
    return m_lease.executeScript(dropStatement(definition, m_lease.dialect()), {{}, cancel});
}

Result<void> IndexClaim::takeOver(const CancelToken &cancel)
{
    A360_TRY_ASSIGN(const QByteArrayList marks, listedMarks(m_lease));
    for (const QByteArray &mark : marks) {
        A360_TRY_ASSIGN(const bool alive, isClaimantAlive(m_lease, mark));
        if (alive)
            continue;
        A360_TRY(ensureMark());
        // Where two programs find the same mark dead, the second changes nothing: the mark is no longer there.
        Sql take(m_lease.dialect(), "UPDATE a360_deferred_indexes SET owner = ");
        take.bind(m_mark).raw(" WHERE coalesce(owner, '') = ").bind(mark);
        A360_TRY_ASSIGN(const qint64 taken, m_lease.execute(take, {{}, cancel}));
        m_held += taken;
    }
    return {};
}

Result<QByteArrayList> IndexClaim::heldNames()
{
    QByteArrayList names;
    if (m_held == 0)
        return names;
    A360_TRY_ASSIGN(const std::vector<IndexDefinition> definitions, heldBy(m_lease, m_mark));
    for (const IndexDefinition &definition : definitions)
        names += definition.name;
    return names;
}

Result<qint64> IndexClaim::rebuild(ProgressCounter &progress, const CancelToken &cancel, const QByteArrayList &later)
{
    m_failed.clear();
    if (m_held == 0)
        return qint64(0);
    A360_TRY(cancel.check());
    A360_TRY_ASSIGN(std::vector<IndexDefinition> definitions, heldBy(m_lease, m_mark));
    m_held = static_cast<qint64>(definitions.size());
    std::erase_if(definitions, [&](const IndexDefinition &one) { return later.contains(one.name); });
    const auto total = static_cast<qint64>(definitions.size());
    progress.update([&](Progress &p) { p.enter(QStringLiteral("Rebuilding indexes"), total, Progress::Unit::Indexes); });
    qint64 made = 0;
    for (const IndexDefinition &definition : definitions) {
        const Result<void> done = rebuildOne(definition, cancel);
        if (!done.ok() && !isOfOneIndex(done.error()))
            return done.error();
        if (!done.ok()) {
            m_failed.push_back({definition.name, done.error()});
            continue;
        }
        ++made;
        --m_held;
        progress.update([](Progress &p) { ++p.rowsDone; });
    }
    return made;
}

/// One piece in one transaction: taken off the list, and made.
Result<void> IndexClaim::rebuildOne(const IndexDefinition &definition, const CancelToken &cancel)
{
    A360_TRY(cancel.check());
    A360_TRY(m_lease.begin(TransactionMode::ReadWrite, cancel));
    const auto work = [&]() -> Result<void> {
        Sql remove(m_lease.dialect(), "DELETE FROM a360_deferred_indexes WHERE name = ");
        remove.bind(definition.name).raw(" AND owner = ").bind(m_mark);
        A360_TRY_ASSIGN(const qint64 listed, m_lease.execute(remove, {{}, cancel}));
        if (listed == 0) // a load that began meanwhile has it now
            return m_lease.commit();
        if (m_lease.dialect() == Dialect::PostgreSql)
            A360_TRY(m_lease.executeScript("SET LOCAL maintenance_work_mem = '256MB'"));
        A360_TRY(m_lease.executeScript(definition.definition, {{}, cancel}));
        return m_lease.commit();
    };
    Result<void> done = work();
    if (!done.ok())
        static_cast<void>(m_lease.rollback());
    return done;
}

Result<QByteArrayList> indexesDown(Lease &lease)
{
    return listed(lease, "SELECT name FROM a360_deferred_indexes ORDER BY name");
}

Result<bool> anyIndexDown(Lease &lease)
{
    A360_TRY_ASSIGN(const QByteArrayList names, indexesDown(lease));
    return !names.isEmpty();
}

Result<qint64> rebuildAndAnalyze(Lease &lease, IndexClaim &claim, ProgressCounter &progress, const CancelToken &cancel,
                                 const QByteArrayList &later)
{
    A360_TRY_ASSIGN(const qint64 rebuilt, claim.rebuild(progress, cancel, later));
    if (rebuilt == 0)
        return rebuilt;
    A360_TRY_ASSIGN(const QStringList tables, existingDataTables(lease));
    for (const QString &table : tables) // a failure (not our table) leaves older statistics
        static_cast<void>(lease.executeScript("ANALYZE " + table.toLatin1(), {{}, cancel}));
    return rebuilt;
}

Result<void> firstFailure(const std::vector<IndexFailure> &failures)
{
    if (failures.empty())
        return {};
    Error error = failures.front().error;
    error.message = QStringLiteral("The index %1 cannot be made: %2").arg(QString::fromUtf8(failures.front().name), error.message);
    if (failures.size() > 1)
        error.message += QStringLiteral(" (%1 more cannot be made either.)").arg(failures.size() - 1);
    return error;
}

Result<qint64> rebuildLeftBehind(Lease &lease, const CancelToken &cancel)
{
    IndexClaim claim(lease);
    A360_TRY(claim.takeOver(cancel));
    ProgressCounter unseen;
    A360_TRY_ASSIGN(const qint64 rebuilt, rebuildAndAnalyze(lease, claim, unseen, cancel));
    A360_TRY(firstFailure(claim.failed()));
    return rebuilt;
}

} // namespace a360::db
