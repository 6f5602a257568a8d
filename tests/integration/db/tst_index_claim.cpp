// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/connection_pool.h"
#include "db/index_claim.h"
#include "db/migrations.h"
#include "support/slow_index.h"
#include "support/test_databases.h"

#include <QtTest>

#include <algorithm>
#include <future>

using namespace a360;
using namespace a360::db;

class TestIndexClaim : public QObject
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
    void decision22_nextStartRebuildsWhatALoadGaveUp_data() { test::addDialectRows(); }
    void decision22_nextStartRebuildsWhatALoadGaveUp();
    void decision22_runningLoadIsNotDisturbed_data() { test::addDialectRows(); }
    void decision22_runningLoadIsNotDisturbed();
    void usedAgainProcessNumbersAreTold_data() { test::addDialectRows(); }
    void usedAgainProcessNumbersAreTold();
    void decision15_searchTablesAreRebuiltOnceAfterALoad();
    void cancelledRebuildKeepsTheRestListed_data() { test::addDialectRows(); }
    void cancelledRebuildKeepsTheRestListed();
    void cancelEndsARunningRebuild_data() { test::addDialectRows(); }
    void cancelEndsARunningRebuild();
    void cancelEndsTheWaitForAnotherWriter();
    void onlyOneOfTwoProgramsRebuilds_data() { test::addDialectRows(); }
    void onlyOneOfTwoProgramsRebuilds();
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

void TestIndexClaim::decision22_droppedAndRebuiltAroundALoad()
{
    QFETCH(Dialect, dialect);
    const auto pool = migrated(dialect);
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    const QByteArrayList before = described(*lease);
    QVERIFY2(before.size() >= 25, QByteArray::number(before.size()).constData());

    IndexClaim claim(*lease);
    const Result<bool> dropped = claim.drop(dataTables);
    A360_VERIFY_OK(dropped);
    QVERIFY(*dropped);
    QCOMPARE(described(*lease), QByteArrayList());
    QCOMPARE(deferredCount(*lease), before.size());
    A360_VERIFY_OK(lease->executeScript("INSERT INTO contacts (uuid, title) VALUES ('a', 'Chief'), ('b', 'Clerk')"));

    ProgressCounter progress;
    const Result<qint64> rebuilt = claim.rebuild(progress);
    A360_VERIFY_OK(rebuilt);
    QCOMPARE(*rebuilt, before.size());
    QCOMPARE(progress.snapshot().rowsDone, before.size());
    QCOMPARE(progress.snapshot().rowsTotal, before.size());
    QVERIFY(progress.snapshot().unit == Progress::Unit::Indexes);
    QCOMPARE(described(*lease), before);
    QCOMPARE(deferredCount(*lease), 0);
}

void TestIndexClaim::decision22_constraintsAndUniqueIndexesStay()
{
    QFETCH(Dialect, dialect);
    const auto pool = migrated(dialect);
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript("CREATE UNIQUE INDEX own_unique ON contacts (email)"));
    IndexClaim claim(*lease);
    const Result<bool> dropped = claim.drop(dataTables);
    A360_VERIFY_OK(dropped);
    QVERIFY(*dropped);
    A360_VERIFY_OK(lease->executeScript("INSERT INTO contacts (uuid, email) VALUES ('a', 'x@y.example')"));
    QVERIFY(!lease->executeScript("INSERT INTO contacts (uuid) VALUES ('a')").ok());
    QVERIFY(!lease->executeScript("INSERT INTO contacts (uuid, email) VALUES ('b', 'x@y.example')").ok());
}

void TestIndexClaim::decision22_usedTablesAreLoadedInPlace()
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
    IndexClaim claim(*lease);
    const Result<bool> dropped = claim.drop(dataTables);
    A360_VERIFY_OK(dropped);
    QVERIFY(!*dropped);
    QVERIFY2(timer.elapsed() < 8000, QByteArray::number(timer.elapsed()).constData());
    QVERIFY(!lease->inTransaction());
    QCOMPARE(described(*lease), before);
    QCOMPARE(deferredCount(*lease), 0);
}

void TestIndexClaim::decision22_nextStartRebuildsWhatACrashLeftOut()
{
    QFETCH(Dialect, dialect);
    const auto pool = migrated(dialect);
    Result<Lease> loading = pool->lease(), starting = pool->lease();
    A360_VERIFY_OK(loading);
    A360_VERIFY_OK(starting);
    const QByteArrayList before = described(*loading);
    IndexClaim claim(*loading);
    A360_VERIFY_OK(claim.drop(dataTables));
    A360_VERIFY_OK(loading->executeScript("INSERT INTO companies (uuid, name) VALUES ('c', 'Pumps')"));
    const Sql living(dialect, "SELECT count(*) FROM pg_stat_activity WHERE pid::text IN "
                              "(SELECT split_part(owner, ' ', 1) FROM a360_deferred_indexes)");
    if (dialect == Dialect::PostgreSql) {
        A360_VERIFY_OK(starting->executeScript("SELECT pg_terminate_backend(split_part(owner, ' ', 1)::int) FROM "
                                               "a360_deferred_indexes LIMIT 1"));
        QTRY_COMPARE(*starting->queryInteger(living), 0);
    } else { // as from a process that has ended
        A360_VERIFY_OK(starting->executeScript("UPDATE a360_deferred_indexes SET owner = '2000000000 1 x'"));
    }
    const Result<MigrationReport> report = migrate(*starting);
    A360_VERIFY_OK(report);
    QVERIFY(!report.value().notes.isEmpty());
    QCOMPARE(described(*starting), before);
    QCOMPARE(deferredCount(*starting), 0);
}

void TestIndexClaim::decision22_nextStartRebuildsWhatALoadGaveUp()
{
    QFETCH(Dialect, dialect);
    const auto pool = migrated(dialect);
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    const QByteArrayList before = described(*lease);
    {
        IndexClaim claim(*lease);
        A360_VERIFY_OK(claim.drop(dataTables));
        QCOMPARE(claim.held(), before.size());
    }
    QVERIFY(*anyIndexDown(*lease));
    // A program that has somebody else for it, and one that has not. The connection of the load lives on.
    A360_VERIFY_OK(migrate(*lease, {}, LeftIndexes::Leave));
    QCOMPARE(deferredCount(*lease), before.size());
    Result<Lease> starting = pool->lease();
    A360_VERIFY_OK(starting);
    A360_VERIFY_OK(migrate(*starting));
    QCOMPARE(described(*lease), before);
    QVERIFY(!*anyIndexDown(*lease));
}

void TestIndexClaim::decision22_runningLoadIsNotDisturbed()
{
    QFETCH(Dialect, dialect);
    const auto pool = migrated(dialect);
    Result<Lease> loading = pool->lease(), starting = pool->lease();
    A360_VERIFY_OK(loading);
    A360_VERIFY_OK(starting);
    IndexClaim claim(*loading);
    A360_VERIFY_OK(claim.drop(dataTables));
    const qint64 waiting = deferredCount(*starting);
    A360_VERIFY_OK(migrate(*starting));
    QCOMPARE(deferredCount(*starting), waiting);
    ProgressCounter progress;
    const Result<qint64> rebuilt = claim.rebuild(progress);
    A360_VERIFY_OK(rebuilt);
    QCOMPARE(*rebuilt, waiting);
    QCOMPARE(claim.held(), 0);
}

void TestIndexClaim::usedAgainProcessNumbersAreTold()
{
    QFETCH(Dialect, dialect);
    const auto pool = migrated(dialect);
    Result<Lease> lease = pool->lease(), other = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(other);
    IndexClaim claim(*lease);
    A360_VERIFY_OK(claim.drop(dataTables));
    const auto marked = [&](const QByteArray &change) {
        const Result<void> done = other->executeScript("UPDATE a360_deferred_indexes SET owner = " + change);
        const Result<qint64> rebuilt = rebuildLeftBehind(*other);
        return done.ok() && rebuilt.ok() ? *rebuilt : -1;
    };
    const QByteArray pid = dialect == Dialect::PostgreSql ? "split_part(owner, ' ', 1)" : "substr(owner, 1, instr(owner, ' ') - 1)";
    QCOMPARE(marked(pid), 0); // by an earlier version, which knew no more
    const qint64 down = deferredCount(*lease);
    QCOMPARE(marked("owner || ' 5 x'"), down); // the same number, but another begin
    QCOMPARE(deferredCount(*lease), 0);
}

void TestIndexClaim::decision15_searchTablesAreRebuiltOnceAfterALoad()
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
    IndexClaim claim(*lease);
    A360_VERIFY_OK(claim.drop(dataTables));
    A360_VERIFY_OK(lease->executeScript("INSERT INTO contacts (uuid, title) VALUES ('b', 'Clerk of pumps');"
                                        "UPDATE contacts SET title = 'Head of wells' WHERE uuid = 'a'"));
    ProgressCounter progress;
    A360_VERIFY_OK(claim.rebuild(progress));
    QCOMPARE(hits("of pumps"), 1);
    QCOMPARE(hits("of wells"), 1);
    QCOMPARE(hits("chief"), 0);
    A360_VERIFY_OK(lease->executeScript("INSERT INTO contacts_fts(contacts_fts) VALUES ('integrity-check')"));
    // The triggers are back.
    A360_VERIFY_OK(lease->executeScript("DELETE FROM contacts WHERE uuid = 'b'"));
    QCOMPARE(hits("of pumps"), 0);
}

void TestIndexClaim::cancelledRebuildKeepsTheRestListed()
{
    QFETCH(Dialect, dialect);
    const auto pool = migrated(dialect);
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    const QByteArrayList before = described(*lease);
    CancelSource source;
    source.cancel();
    {
        IndexClaim claim(*lease);
        A360_VERIFY_OK(claim.drop(dataTables));
        ProgressCounter progress;
        const Result<qint64> cancelled = claim.rebuild(progress, source.token());
        QVERIFY(!cancelled.ok());
        QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
        QCOMPARE(claim.held(), before.size());
    }
    QCOMPARE(deferredCount(*lease), before.size());
    QCOMPARE(rebuildLeftBehind(*lease, source.token()).error().code, ErrorCode::Cancelled);
    QCOMPARE(deferredCount(*lease), before.size());
    A360_VERIFY_OK(rebuildLeftBehind(*lease));
    QCOMPARE(described(*lease), before);
}

void TestIndexClaim::cancelEndsARunningRebuild()
{
    QFETCH(Dialect, dialect);
    const auto pool = migrated(dialect);
    Result<Lease> lease = pool->lease(), other = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(other);
    A360_VERIFY_OK(lease->executeScript(test::slowIndex(dialect)));
    const QByteArrayList before = described(*lease);
    IndexClaim claim(*lease);
    A360_VERIFY_OK(claim.drop(dataTables));
    A360_VERIFY_OK(other->executeScript(test::slowRows(dialect)));
    CancelSource source;
    ProgressCounter progress;
    std::future<Result<qint64>> running =
        std::async(std::launch::async, [&] { return claim.rebuild(progress, source.token()); });
    const bool atTheLast = QTest::qWaitFor([&] { return progress.snapshot().rowsDone == before.size() - 1; }, 60'000);
    source.cancel();
    const Result<qint64> cancelled = running.get();
    QVERIFY(atTheLast);
    QVERIFY(!cancelled.ok());
    QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
    QCOMPARE(claim.held(), 1);
    QCOMPARE(deferredCount(*other), 1);
    A360_VERIFY_OK(other->executeScript(test::hurryUp()));
    A360_VERIFY_OK(claim.rebuild(progress)); // goes on from there
    QCOMPARE(described(*lease), before);
}

void TestIndexClaim::cancelEndsTheWaitForAnotherWriter()
{
    const auto pool = migrated(Dialect::Sqlite);
    Result<Lease> lease = pool->lease(), writer = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(writer);
    IndexClaim claim(*lease);
    A360_VERIFY_OK(claim.drop(dataTables));
    A360_VERIFY_OK(writer->begin(TransactionMode::ReadWrite));
    CancelSource source;
    ProgressCounter progress;
    std::future<Result<qint64>> running =
        std::async(std::launch::async, [&] { return claim.rebuild(progress, source.token()); });
    QTRY_VERIFY(progress.snapshot().rowsTotal > 0);
    source.cancel();
    QCOMPARE(running.get().error().code, ErrorCode::Cancelled); // not a conflict, which comes after five seconds
    A360_VERIFY_OK(writer->rollback());
}

void TestIndexClaim::onlyOneOfTwoProgramsRebuilds()
{
    QFETCH(Dialect, dialect);
    const auto pool = migrated(dialect);
    Result<Lease> lease = pool->lease(), other = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(other);
    const QByteArrayList before = described(*lease);
    {
        IndexClaim load(*lease);
        A360_VERIFY_OK(load.drop(dataTables));
    }
    ProgressCounter progress;
    IndexClaim second(*other);
    {
        IndexClaim first(*lease);
        A360_VERIFY_OK(first.takeOver());
        QCOMPARE(first.held(), before.size());
        A360_VERIFY_OK(second.takeOver());
        QCOMPARE(second.held(), 0);
        QCOMPARE(*second.rebuild(progress), 0);
        QCOMPARE(described(*lease), QByteArrayList());
    }
    A360_VERIFY_OK(second.takeOver()); // the first has given up
    QCOMPARE(*second.rebuild(progress), before.size());
    QCOMPARE(described(*lease), before);
    QCOMPARE(deferredCount(*lease), 0);
}

void TestIndexClaim::oddNamesSurvive()
{
    QFETCH(Dialect, dialect);
    const auto pool = migrated(dialect);
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript("CREATE INDEX \"Odd \"\"name.of index\" ON contacts (title, \"status\")"));
    const QByteArrayList before = described(*lease);
    IndexClaim claim(*lease);
    A360_VERIFY_OK(claim.drop(dataTables));
    QCOMPARE(described(*lease), QByteArrayList());
    ProgressCounter progress;
    A360_VERIFY_OK(claim.rebuild(progress));
    QCOMPARE(described(*lease), before);
}

QTEST_GUILESS_MAIN(TestIndexClaim)
#include "tst_index_claim.moc"
