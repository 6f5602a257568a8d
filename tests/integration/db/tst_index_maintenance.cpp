// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/connection_pool.h"
#include "db/index_maintenance.h"
#include "db/migrations.h"
#include "support/test_databases.h"

#include <QtTest>

#include <algorithm>
#include <future>

using namespace a360;
using namespace a360::db;

class TestIndexMaintenance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }
    void decision22_droppedAndRebuiltAroundALoad_data() { test::addDialectRows(); }
    void decision22_droppedAndRebuiltAroundALoad();
    void decision22_constraintsAndUniqueIndexesStay_data() { test::addDialectRows(); }
    void decision22_constraintsAndUniqueIndexesStay();
    void decision22_usedTablesAreLoadedInPlace_data() { test::addDialectRows(); }
    void decision22_usedTablesAreLoadedInPlace();
    void decision22_nextStartRebuildsWhatACrashLeftOut_data() { test::addDialectRows(); }
    void decision22_nextStartRebuildsWhatACrashLeftOut();
    void decision22_runningLoadIsNotDisturbed();
    void decision15_searchTablesAreRebuiltOnceAfterALoad();
    void cancelledRebuildKeepsTheRestListed_data() { test::addDialectRows(); }
    void cancelledRebuildKeepsTheRestListed();
    void twoProgramsMayRebuildTogether();
    void oddNamesSurvive_data() { test::addDialectRows(); }
    void oddNamesSurvive();

private:
    /// A pool on a migrated database.
    std::unique_ptr<ConnectionPool> migrated(Dialect dialect)
    {
        auto pool = std::make_unique<ConnectionPool>(m_databases.fresh(dialect), PoolSettings());
        Result<Lease> lease = pool->lease();
        if (!lease.ok() || !migrate(*lease).ok())
            qFatal("the database cannot be prepared");
        return pool;
    }
    test::TestDatabases m_databases;
};

namespace {

const std::vector<QByteArray> dataTables{"contacts", "contacts_metadata", "companies", "companies_metadata"};

/// Names and definitions, for comparison.
QByteArrayList described(Lease &lease)
{
    QByteArrayList list;
    const auto found = listSecondaryIndexes(lease, dataTables);
    if (!found.ok())
        return {test::describe(found.error())};
    for (const IndexDefinition &index : found.value())
        list += index.name + '|' + index.table + '|' + index.definition;
    std::sort(list.begin(), list.end());
    return list;
}

qint64 deferredCount(Lease &lease)
{
    const Result<qint64> count = lease.queryInteger(Sql(lease.dialect(), "SELECT count(*) FROM a360_deferred_indexes"));
    return count.ok() ? count.value() : -1;
}

} // namespace

void TestIndexMaintenance::decision22_droppedAndRebuiltAroundALoad()
{
    QFETCH(Dialect, dialect);
    const auto pool = migrated(dialect);
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    const QByteArrayList before = described(*lease);
    QVERIFY2(before.size() >= 25, QByteArray::number(before.size()).constData());

    const Result<bool> dropped = dropForLoad(*lease, dataTables);
    A360_VERIFY_OK(dropped);
    QVERIFY(*dropped);
    QCOMPARE(described(*lease), QByteArrayList());
    QCOMPARE(deferredCount(*lease), before.size());
    A360_VERIFY_OK(lease->executeScript("INSERT INTO contacts (uuid, title) VALUES ('a', 'Chief'), ('b', 'Clerk')"));

    ProgressCounter progress;
    const Result<qint64> rebuilt = rebuildDeferred(*lease, progress);
    A360_VERIFY_OK(rebuilt);
    QCOMPARE(*rebuilt, before.size());
    QCOMPARE(progress.snapshot().rowsDone, before.size());
    QCOMPARE(progress.snapshot().rowsTotal, before.size());
    QVERIFY(progress.snapshot().unit == Progress::Unit::Indexes);
    QCOMPARE(described(*lease), before);
    QCOMPARE(deferredCount(*lease), 0);
}

void TestIndexMaintenance::decision22_constraintsAndUniqueIndexesStay()
{
    QFETCH(Dialect, dialect);
    const auto pool = migrated(dialect);
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript("CREATE UNIQUE INDEX own_unique ON contacts (email)"));
    const Result<bool> dropped = dropForLoad(*lease, dataTables);
    A360_VERIFY_OK(dropped);
    QVERIFY(*dropped);
    A360_VERIFY_OK(lease->executeScript("INSERT INTO contacts (uuid, email) VALUES ('a', 'x@y.example')"));
    QVERIFY(!lease->executeScript("INSERT INTO contacts (uuid) VALUES ('a')").ok());
    QVERIFY(!lease->executeScript("INSERT INTO contacts (uuid, email) VALUES ('b', 'x@y.example')").ok());
}

void TestIndexMaintenance::decision22_usedTablesAreLoadedInPlace()
{
    QFETCH(Dialect, dialect);
    const auto pool = migrated(dialect);
    Result<Lease> lease = pool->lease(), other = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(other);
    const QByteArrayList before = described(*lease);
    A360_VERIFY_OK(other->begin(TransactionMode::ReadWrite));
    A360_VERIFY_OK(other->executeScript("INSERT INTO contacts (uuid) VALUES ('busy')"));
    QElapsedTimer timer;
    timer.start();
    const Result<bool> dropped = dropForLoad(*lease, dataTables);
    A360_VERIFY_OK(dropped);
    QVERIFY(!*dropped);
    QVERIFY2(timer.elapsed() < 8000, QByteArray::number(timer.elapsed()).constData());
    QVERIFY(!lease->inTransaction());
    QCOMPARE(described(*lease), before);
    QCOMPARE(deferredCount(*lease), 0);
}

void TestIndexMaintenance::decision22_nextStartRebuildsWhatACrashLeftOut()
{
    QFETCH(Dialect, dialect);
    const auto pool = migrated(dialect);
    QByteArrayList before;
    {
        Result<Lease> lease = pool->lease();
        A360_VERIFY_OK(lease);
        before = described(*lease);
        const Result<bool> dropped = dropForLoad(*lease, dataTables);
        A360_VERIFY_OK(dropped);
        QVERIFY(*dropped);
        A360_VERIFY_OK(lease->executeScript("INSERT INTO companies (uuid, name) VALUES ('c', 'Pumps')"));
        lease->invalidate(QStringLiteral("crash")); // the server process of the load is gone
    }
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    if (dialect == Dialect::PostgreSql) // its end is not immediate
        QTRY_COMPARE(*lease->queryInteger(Sql(dialect, "SELECT count(*) FROM a360_deferred_indexes d JOIN pg_stat_activity a "
                                                       "ON a.pid::text = d.owner")), 0);
    const Result<MigrationReport> report = migrate(*lease);
    A360_VERIFY_OK(report);
    QVERIFY(!report.value().notes.isEmpty());
    QCOMPARE(described(*lease), before);
    QCOMPARE(deferredCount(*lease), 0);
}

void TestIndexMaintenance::decision22_runningLoadIsNotDisturbed()
{
    const auto pool = migrated(Dialect::PostgreSql);
    Result<Lease> loading = pool->lease(), starting = pool->lease();
    A360_VERIFY_OK(loading);
    A360_VERIFY_OK(starting);
    const Result<bool> dropped = dropForLoad(*loading, dataTables);
    A360_VERIFY_OK(dropped);
    QVERIFY(*dropped);
    const qint64 waiting = deferredCount(*starting);
    const Result<MigrationReport> report = migrate(*starting);
    A360_VERIFY_OK(report);
    QCOMPARE(deferredCount(*starting), waiting);
    // The load itself ends with rebuilding, by whichever connection it has then.
    ProgressCounter progress;
    const Result<qint64> rebuilt = rebuildDeferred(*starting, progress);
    A360_VERIFY_OK(rebuilt);
    QCOMPARE(*rebuilt, waiting);
}

void TestIndexMaintenance::decision15_searchTablesAreRebuiltOnceAfterALoad()
{
    const auto pool = migrated(Dialect::Sqlite);
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    const auto hits = [&](const QByteArray &phrase) {
        Sql select(Dialect::Sqlite, "SELECT count(*) FROM contacts_fts WHERE contacts_fts MATCH ");
        select.bind('"' + phrase + '"');
        const Result<qint64> count = lease->queryInteger(select);
        return count.ok() ? count.value() : -1;
    };
    A360_VERIFY_OK(lease->executeScript("INSERT INTO contacts (uuid, title) VALUES ('a', 'Chief of pumps')"));
    A360_VERIFY_OK(dropForLoad(*lease, dataTables));
    A360_VERIFY_OK(lease->executeScript("INSERT INTO contacts (uuid, title) VALUES ('b', 'Clerk of pumps');"
                                        "UPDATE contacts SET title = 'Head of wells' WHERE uuid = 'a'"));
    ProgressCounter progress;
    A360_VERIFY_OK(rebuildDeferred(*lease, progress));
    QCOMPARE(hits("of pumps"), 1);
    QCOMPARE(hits("of wells"), 1);
    QCOMPARE(hits("chief"), 0);
    A360_VERIFY_OK(lease->executeScript("INSERT INTO contacts_fts(contacts_fts) VALUES ('integrity-check')"));
    // The triggers are back.
    A360_VERIFY_OK(lease->executeScript("DELETE FROM contacts WHERE uuid = 'b'"));
    QCOMPARE(hits("of pumps"), 0);
}

void TestIndexMaintenance::cancelledRebuildKeepsTheRestListed()
{
    QFETCH(Dialect, dialect);
    const auto pool = migrated(dialect);
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    const QByteArrayList before = described(*lease);
    A360_VERIFY_OK(dropForLoad(*lease, dataTables));
    CancelSource source;
    source.cancel();
    ProgressCounter progress;
    const Result<qint64> cancelled = rebuildDeferred(*lease, progress, source.token());
    QVERIFY(!cancelled.ok());
    QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
    QCOMPARE(deferredCount(*lease), before.size());
    QCOMPARE(rebuildLeftBehind(*lease, source.token()).error().code, ErrorCode::Cancelled);
    QCOMPARE(deferredCount(*lease), before.size());
    A360_VERIFY_OK(rebuildLeftBehind(*lease)); // its own ones count as left behind
    QCOMPARE(described(*lease), before);
}

void TestIndexMaintenance::twoProgramsMayRebuildTogether()
{
    const auto pool = migrated(Dialect::PostgreSql);
    Result<Lease> lease = pool->lease(), watch = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(watch);
    const QByteArrayList before = described(*lease);
    A360_VERIFY_OK(dropForLoad(*lease, dataTables));
    // One is at the first index of the list when the other comes to it.
    const Sql first(Dialect::PostgreSql, "SELECT definition FROM a360_deferred_indexes ORDER BY name LIMIT 1");
    const Result<RowBatch> rows = lease->query(first, {ColumnType::Text});
    A360_VERIFY_OK(rows);
    const QByteArray definition(rows->cell(0, 0).data, rows->cell(0, 0).size);
    A360_VERIFY_OK(lease->begin(TransactionMode::ReadWrite));
    A360_VERIFY_OK(lease->executeScript(definition));
    A360_VERIFY_OK(lease->executeScript("DELETE FROM a360_deferred_indexes WHERE name = "
                                        "(SELECT min(name) FROM a360_deferred_indexes)"));
    std::future<Result<qint64>> other = std::async(std::launch::async, [&pool]() -> Result<qint64> {
        A360_TRY_ASSIGN(Lease own, pool->lease());
        ProgressCounter progress;
        return rebuildDeferred(own, progress);
    });
    const Sql waiting(Dialect::PostgreSql, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                                           "AND datname = current_database()");
    const auto waiters = [&] {
        const Result<qint64> count = watch->queryInteger(waiting);
        return count.ok() ? count.value() : -1;
    };
    QTRY_COMPARE(waiters(), 1);
    A360_VERIFY_OK(lease->commit());
    const Result<qint64> rebuilt = other.get();
    A360_VERIFY_OK(rebuilt);
    QCOMPARE(described(*lease), before);
    QCOMPARE(deferredCount(*lease), 0);
}

void TestIndexMaintenance::oddNamesSurvive()
{
    QFETCH(Dialect, dialect);
    const auto pool = migrated(dialect);
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript("CREATE INDEX \"Odd \"\"name.of index\" ON contacts (title, \"status\")"));
    const QByteArrayList before = described(*lease);
    A360_VERIFY_OK(dropForLoad(*lease, dataTables));
    QCOMPARE(described(*lease), QByteArrayList());
    ProgressCounter progress;
    A360_VERIFY_OK(rebuildDeferred(*lease, progress));
    QCOMPARE(described(*lease), before);
}

QTEST_GUILESS_MAIN(TestIndexMaintenance)
#include "tst_index_maintenance.moc"
