// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/connection_pool.h"
#include "support/test_databases.h"

#include <QSqlDatabase>
#include <QtTest>

#include <latch>
#include <thread>

using namespace a360;
using namespace a360::db;
using namespace std::chrono_literals;

class TestConnectionPool : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }
    void manyThreadsShareFewConnections_data() { test::addDialectRows(); }
    void manyThreadsShareFewConnections();
    void decision24_leaseMovesBetweenThreads_data() { test::addDialectRows(); }
    void decision24_leaseMovesBetweenThreads();
    void exhaustedPoolTimesOut_data() { test::addDialectRows(); }
    void exhaustedPoolTimesOut();
    void waitersAreServedInOrder();
    void waitIsMeasured();
    void cancelEndsTheWait();
    void closeEndsTheWait();
    void bulkLaneCannotStarveClicks();
    void slowWorkLeavesAPlaceInASmallPool();
    void overflowIsClosedOnReturn();
    void openTransactionIsRolledBackOnReturn_data() { test::addDialectRows(); }
    void openTransactionIsRolledBackOnReturn();
    void invalidatedConnectionIsNotReused();
    void oldConnectionsAreReplaced();
    void prePingFindsADeadServer();
    void terminatedConnectionIsReplaced();
    void readOnlyPoolRefusesWrites_data() { test::addDialectRows(); }
    void readOnlyPoolRefusesWrites();

private:
    DatabaseUrl postgres() { return m_databases.fresh(Dialect::PostgreSql); }
    static qint64 backend(Lease &lease)
    {
        const Result<qint64> pid = lease.queryInteger(Sql(Dialect::PostgreSql, "SELECT pg_backend_pid()"));
        return pid.ok() ? pid.value() : -1;
    }
    test::TestDatabases m_databases;
};

namespace {

PoolSettings small(int size, int overflow, std::chrono::milliseconds timeout = 10s)
{
    PoolSettings settings;
    settings.size = size;
    settings.maxOverflow = overflow;
    settings.timeout = timeout;
    return settings;
}

} // namespace

void TestConnectionPool::manyThreadsShareFewConnections()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), small(3, 2));
    {
        Result<Lease> lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1, 0)"));
    }
    constexpr int threads = 12, rounds = 40;
    std::atomic<int> failures = 0, inUse = 0, mostInUse = 0;
    {
        std::vector<std::thread> running;
        for (int i = 0; i < threads; ++i) {
            running.emplace_back([&] {
                for (int round = 0; round < rounds; ++round) {
                    Result<Lease> lease = pool.lease();
                    const int now = ++inUse;
                    for (int most = mostInUse; now > most && !mostInUse.compare_exchange_weak(most, now);) {
                    }
                    Sql echo(dialect, "SELECT ");
                    echo.bind(qint64(round));
                    Sql add(dialect, "UPDATE t SET n = n + ");
                    add.bind(qint64(1)).raw(" WHERE id = 1");
                    if (!lease.ok() || lease->queryInteger(echo).value() != round || lease->execute(add).value() != 1)
                        ++failures;
                    --inUse;
                }
            });
        }
        for (std::thread &thread : running)
            thread.join();
    }
    QCOMPARE(failures.load(), 0);
    QVERIFY2(mostInUse <= 5, QByteArray::number(mostInUse.load()).constData());
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    const Result<qint64> sum = lease->queryInteger(Sql(dialect, "SELECT n FROM t"));
    A360_VERIFY_OK(sum);
    QCOMPARE(*sum, threads * rounds);
    const PoolStats stats = pool.stats();
    QCOMPARE(stats.totalCheckouts, threads * rounds + 2);
    QCOMPARE(stats.totalCheckins, threads * rounds + 1);
    QCOMPARE(stats.checkedOut, 1);
    QVERIFY(stats.checkedIn <= 3);
    QCOMPARE(stats.waiting, 0);
    QCOMPARE(stats.waitSamples, threads * rounds + 2);
}

void TestConnectionPool::decision24_leaseMovesBetweenThreads()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), small(1, 0));
    // Taken here, used there, used here again, given back over there: no event loop in the other threads, and the next
    // lease is the very same connection.
    for (int round = 0; round < 3; ++round) {
        Result<Lease> leased = pool.lease();
        A360_VERIFY_OK(leased);
        Lease lease = std::move(leased).value();
        A360_VERIFY_OK(lease.queryInteger(Sql(dialect, "SELECT 1")));
        lease.releaseFromCurrentThread();
        qint64 elsewhere = 0;
        std::thread([&] {
            lease.adoptByCurrentThread();
            elsewhere = lease.queryInteger(Sql(dialect, "SELECT 2")).value();
            lease.releaseFromCurrentThread();
        }).join();
        QCOMPARE(elsewhere, 2);
        A360_VERIFY_OK(lease.queryInteger(Sql(dialect, "SELECT 3")));
        std::thread([held = std::move(lease)]() mutable { const Lease end = std::move(held); }).join();
    }
    QCOMPARE(pool.stats().checkedIn, 1);
    QCOMPARE(pool.stats().totalInvalidated, 0);
    QCOMPARE(QSqlDatabase::connectionNames().filter(QStringLiteral("a360-")).size(), 1);
}

void TestConnectionPool::exhaustedPoolTimesOut()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), small(1, 1, 150ms));
    Result<Lease> first = pool.lease(), second = pool.lease();
    A360_VERIFY_OK(first);
    A360_VERIFY_OK(second);
    QElapsedTimer timer;
    timer.start();
    const Result<Lease> third = pool.lease();
    QVERIFY(timer.elapsed() >= 150);
    QVERIFY(!third.ok());
    QCOMPARE(third.error().code, ErrorCode::Timeout);
    QCOMPARE(third.error().field, QStringLiteral("DATABASE_POOL_TIMEOUT"));
    QCOMPARE(pool.stats().totalTimeouts, 1);
    QCOMPARE(pool.stats().overflow, 1);
    QCOMPARE(pool.stats().usagePercentage(), 200.0);
    *first = Lease();
    A360_VERIFY_OK(pool.lease());
}

void TestConnectionPool::waitersAreServedInOrder()
{
    ConnectionPool pool(m_databases.fresh(Dialect::Sqlite), small(1, 0));
    Result<Lease> held = pool.lease();
    A360_VERIFY_OK(held);
    constexpr int count = 6;
    std::mutex mutex;
    QList<int> order;
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) {
        threads.emplace_back([&, i] {
            Result<Lease> lease = pool.lease();
            const std::lock_guard lock(mutex);
            order += lease.ok() ? i : -1;
        });
        QTRY_COMPARE(pool.stats().waiting, i + 1); // the next one comes once this one stands in line
    }
    *held = Lease();
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(order, (QList<int>{0, 1, 2, 3, 4, 5}));
}

void TestConnectionPool::waitIsMeasured()
{
    ConnectionPool pool(m_databases.fresh(Dialect::Sqlite), small(1, 0));
    Result<Lease> held = pool.lease();
    A360_VERIFY_OK(held);
    std::thread other([&] { static_cast<void>(pool.lease()); });
    QTRY_COMPARE(pool.stats().waiting, 1);
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY(timer.elapsed() >= 120);
    *held = Lease();
    other.join();
    const PoolStats stats = pool.stats();
    QVERIFY2(stats.maxWait >= 0.12, QByteArray::number(stats.maxWait).constData());
    QVERIFY(stats.totalWait >= stats.maxWait);
    QVERIFY(stats.averageWait > 0.06 && stats.averageWait <= stats.maxWait);
    QCOMPARE(stats.waitSamples, 2);
}

void TestConnectionPool::cancelEndsTheWait()
{
    ConnectionPool pool(m_databases.fresh(Dialect::Sqlite), small(1, 0));
    Result<Lease> held = pool.lease();
    A360_VERIFY_OK(held);
    CancelSource source;
    ErrorCode code = ErrorCode::Internal;
    std::thread other([&] {
        const Result<Lease> lease = pool.lease(Lane::Interactive, source.token());
        if (!lease.ok())
            code = lease.error().code;
    });
    QTRY_COMPARE(pool.stats().waiting, 1);
    source.cancel();
    other.join();
    QCOMPARE(code, ErrorCode::Cancelled);
    QCOMPARE(pool.stats().waiting, 0);
    const Result<Lease> already = pool.lease(Lane::Interactive, source.token());
    QVERIFY(!already.ok());
    QCOMPARE(already.error().code, ErrorCode::Cancelled);
}

void TestConnectionPool::closeEndsTheWait()
{
    ConnectionPool pool(m_databases.fresh(Dialect::Sqlite), small(1, 0));
    Result<Lease> held = pool.lease();
    A360_VERIFY_OK(held);
    ErrorCode code = ErrorCode::Internal;
    std::thread other([&] {
        const Result<Lease> lease = pool.lease();
        if (!lease.ok())
            code = lease.error().code;
    });
    QTRY_COMPARE(pool.stats().waiting, 1);
    pool.close();
    other.join();
    QCOMPARE(code, ErrorCode::Unavailable);
    A360_VERIFY_OK(held->queryInteger(Sql(Dialect::Sqlite, "SELECT 1"))); // a lease that is out stays usable
    *held = Lease();
    QCOMPARE(pool.stats().checkedIn, 0);
    QCOMPARE(pool.stats().checkedOut, 0);
}

void TestConnectionPool::bulkLaneCannotStarveClicks()
{
    PoolSettings settings = small(4, 0, 200ms);
    settings.bulkCap = 2;
    settings.jobsCap = 1;
    ConnectionPool pool(m_databases.fresh(Dialect::Sqlite), settings);
    Result<Lease> export1 = pool.lease(Lane::Bulk), export2 = pool.lease(Lane::Bulk);
    A360_VERIFY_OK(export1);
    A360_VERIFY_OK(export2);
    ErrorCode third = ErrorCode::Internal;
    std::thread waiting([&] {
        const Result<Lease> lease = pool.lease(Lane::Bulk);
        third = lease.ok() ? ErrorCode::Internal : lease.error().code;
    });
    QTRY_COMPARE(pool.stats().waiting, 1);
    A360_VERIFY_OK(pool.lease(Lane::Interactive)); // passes the waiting export
    Result<Lease> job = pool.lease(Lane::Jobs);
    A360_VERIFY_OK(job);
    waiting.join();
    QCOMPARE(third, ErrorCode::Timeout);
    *export1 = Lease();
    A360_VERIFY_OK(pool.lease(Lane::Bulk));
    const Result<Lease> secondJob = pool.lease(Lane::Jobs);
    QVERIFY(!secondJob.ok());
}

void TestConnectionPool::slowWorkLeavesAPlaceInASmallPool()
{
    // The lanes' own caps of eight would be no bound at all here.
    ConnectionPool pool(m_databases.fresh(Dialect::Sqlite), small(2, 1, 200ms));
    Result<Lease> first = pool.tryLease(Lane::Bulk);
    const Result<Lease> second = pool.tryLease(Lane::Jobs);
    A360_VERIFY_OK(first);
    A360_VERIFY_OK(second);
    QVERIFY(!pool.tryLease(Lane::Bulk).ok());
    QVERIFY(!pool.lease(Lane::Jobs).ok());
    A360_VERIFY_OK(pool.lease(Lane::Interactive));
    *first = Lease();
    A360_VERIFY_OK(pool.lease(Lane::Bulk));
    // With one place there is no choice.
    ConnectionPool tiny(m_databases.fresh(Dialect::Sqlite), small(1, 0, 200ms));
    A360_VERIFY_OK(tiny.lease(Lane::Bulk));
}

void TestConnectionPool::overflowIsClosedOnReturn()
{
    ConnectionPool pool(m_databases.fresh(Dialect::Sqlite), small(2, 3));
    {
        std::vector<Lease> leases;
        for (int i = 0; i < 5; ++i) {
            Result<Lease> lease = pool.lease();
            A360_VERIFY_OK(lease);
            leases.push_back(std::move(lease).value());
        }
        QCOMPARE(pool.stats().overflow, 3);
    }
    QCOMPARE(pool.stats().checkedIn, 2);
    QCOMPARE(pool.stats().checkedOut, 0);
    QCOMPARE(pool.stats().overflow, 0);
    QCOMPARE(QSqlDatabase::connectionNames().filter(QStringLiteral("a360-")).size(), 2);
}

void TestConnectionPool::openTransactionIsRolledBackOnReturn()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), small(1, 0));
    {
        Result<Lease> lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript("CREATE TABLE t (n INTEGER)"));
        A360_VERIFY_OK(lease->begin(TransactionMode::ReadWrite));
        A360_VERIFY_OK(lease->executeScript("INSERT INTO t VALUES (1)"));
        QVERIFY(lease->inTransaction());
    }
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    QVERIFY(!lease->inTransaction());
    const Result<qint64> rows = lease->queryInteger(Sql(dialect, "SELECT count(*) FROM t"));
    A360_VERIFY_OK(rows);
    QCOMPARE(*rows, 0);
    QCOMPARE(pool.stats().totalInvalidated, 0);
}

void TestConnectionPool::invalidatedConnectionIsNotReused()
{
    ConnectionPool pool(postgres(), small(1, 0));
    qint64 first = 0;
    {
        Result<Lease> lease = pool.lease();
        A360_VERIFY_OK(lease);
        first = backend(*lease);
        lease->invalidate(QStringLiteral("test"));
    }
    QCOMPARE(pool.stats().totalInvalidated, 1);
    QCOMPARE(pool.stats().checkedIn, 0);
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    QVERIFY(backend(*lease) != first);
}

void TestConnectionPool::oldConnectionsAreReplaced()
{
    PoolSettings settings = small(1, 0);
    settings.recycle = 1s;
    ConnectionPool pool(postgres(), settings);
    const auto pid = [&] {
        Result<Lease> lease = pool.lease();
        return lease.ok() ? backend(*lease) : -1;
    };
    const qint64 first = pid();
    QVERIFY(first > 0);
    QCOMPARE(pid(), first); // young: reused
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY(timer.elapsed() > 1000);
    QVERIFY(pid() != first);
    QCOMPARE(pool.stats().totalInvalidated, 0); // age is no failure
}

void TestConnectionPool::prePingFindsADeadServer()
{
    const DatabaseUrl url = postgres();
    ConnectionPool pool(url, small(3, 0));
    {
        Result<Lease> a = pool.lease(), b = pool.lease();
        A360_VERIFY_OK(a);
        A360_VERIFY_OK(b);
    }
    QCOMPARE(pool.stats().checkedIn, 2);
    A360_VERIFY_OK(m_databases.postgres().stop());
    const Result<Lease> down = pool.lease();
    QVERIFY(!down.ok());
    QCOMPARE(down.error().code, ErrorCode::Unavailable);
    QVERIFY2(down.error().message.contains(QStringLiteral("127.0.0.1")), qPrintable(down.error().message));
    A360_VERIFY_OK(m_databases.postgres().startAgain());
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    QVERIFY(backend(*lease) > 0);
    QCOMPARE(pool.stats().totalInvalidated, 2);
}

void TestConnectionPool::terminatedConnectionIsReplaced()
{
    const DatabaseUrl url = postgres();
    ConnectionPool pool(url, small(1, 0));
    {
        Result<Lease> lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(m_databases.postgres().run(url, "SELECT pg_terminate_backend(" + QByteArray::number(backend(*lease)) +
                                                           ", 5000)"));
        const Result<qint64> broken = lease->queryInteger(Sql(Dialect::PostgreSql, "SELECT 1"));
        QVERIFY(!broken.ok());
        QCOMPARE(broken.error().code, ErrorCode::Unavailable);
        QVERIFY(broken.error().isTransient());
    }
    QCOMPARE(pool.stats().totalInvalidated, 1);
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    QVERIFY(backend(*lease) > 0);
}

void TestConnectionPool::readOnlyPoolRefusesWrites()
{
    QFETCH(Dialect, dialect);
    const DatabaseUrl url = m_databases.fresh(dialect);
    {
        ConnectionPool writer(url, small(1, 0));
        Result<Lease> lease = writer.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (7)"));
    }
    PoolSettings settings = small(1, 0);
    settings.readOnly = true;
    ConnectionPool pool(url, settings);
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    const Result<qint64> n = lease->queryInteger(Sql(dialect, "SELECT n FROM t"));
    A360_VERIFY_OK(n);
    QCOMPARE(*n, 7);
    const auto refused = [](const auto &result) { return !result.ok() && result.error().code == ErrorCode::PermissionDenied; };
    QVERIFY(refused(lease->execute(Sql(dialect, "UPDATE t SET n = 8"))));
    QVERIFY(refused(lease->executeScript("CREATE TABLE u (n INTEGER)")));
    A360_VERIFY_OK(lease->begin(TransactionMode::ReadWrite));
    QVERIFY(refused(lease->execute(Sql(dialect, "DELETE FROM t"))));
    A360_VERIFY_OK(lease->rollback());
    auto stream = lease->stream(Sql(dialect, "SELECT n FROM t"), {ColumnType::Integer});
    A360_VERIFY_OK(stream);
    RowBatch batch;
    const Result<bool> more = (*stream)->next(batch);
    A360_VERIFY_OK(more);
    QCOMPARE(batch.cell(0, 0).integer(), 7);
}

QTEST_GUILESS_MAIN(TestConnectionPool)
#include "tst_connection_pool.moc"
