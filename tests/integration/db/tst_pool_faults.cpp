// SPDX-License-Identifier: GPL-3.0-or-later
// What may happen to connections: each is really done, and afterwards the pool is whole again, nobody has waited longer
// than the timeout, and no connection is lost from the counts.
#include "db/connection_pool.h"
#include "db/epoch_watcher.h"
#include "db/migrations.h"
#include "support/pg_bouncer.h"
#include "support/silent_proxy.h"
#include "support/test_databases.h"

#include <QtTest>

#include <latch>
#include <thread>

using namespace a360;
using namespace a360::db;
using namespace std::chrono_literals;

namespace {

const Sql one(Dialect::PostgreSql, "SELECT 1");

PoolSettings poolOf(int size, int overflow, std::chrono::milliseconds timeout)
{
    PoolSettings settings;
    settings.size = size;
    settings.maxOverflow = overflow;
    settings.timeout = timeout;
    return settings;
}

/// Threads that lease, ask and give back without end, as a server's do.
class Traffic
{
public:
    Traffic(ConnectionPool &pool, int threads, QueryOptions options = {1s, {}})
    {
        for (int i = 0; i < threads; ++i)
            m_threads.emplace_back([this, &pool, options] { run(pool, options); });
    }
    ~Traffic() { stop(); }
    Traffic(const Traffic &) = delete;
    Traffic &operator=(const Traffic &) = delete;

    void stop()
    {
        m_stopping = true;
        for (std::thread &thread : m_threads)
            thread.join();
        m_threads.clear();
    }
    qint64 good() const { return m_good; }
    qint64 failed() const { return m_failed; }
    double longestLease() const { return m_longest; }

private:
    void run(ConnectionPool &pool, const QueryOptions &options)
    {
        while (!m_stopping) {
            QElapsedTimer timer;
            timer.start();
            Result<Lease> lease = pool.lease();
            const double waited = static_cast<double>(timer.elapsed()) / 1000;
            for (double longest = m_longest; waited > longest && !m_longest.compare_exchange_weak(longest, waited);) {
            }
            const bool ok = lease.ok() && lease->queryInteger(one, options).ok();
            ++(ok ? m_good : m_failed);
            if (!ok)
                std::this_thread::yield();
        }
    }
    std::vector<std::thread> m_threads;
    std::atomic<bool> m_stopping = false;
    std::atomic<qint64> m_good = 0, m_failed = 0;
    std::atomic<double> m_longest = 0;
};

} // namespace

class TestPoolFaults : public QObject
{
    Q_OBJECT

    test::TestDatabases m_databases;

    DatabaseUrl fresh() { return m_databases.fresh(Dialect::PostgreSql); }

    /// Every place can be had and works, all at a time, and every lease is accounted for.
    static QByteArray wholeness(ConnectionPool &pool, int places)
    {
        std::vector<Lease> leases;
        for (int i = 0; i < places; ++i) {
            Result<Lease> lease = pool.lease();
            if (!lease.ok())
                return "lease " + QByteArray::number(i) + ": " + test::describe(lease.error());
            if (const auto answer = lease->queryInteger(one, {2s, {}}); !answer.ok())
                return "statement " + QByteArray::number(i) + ": " + test::describe(answer.error());
            leases.push_back(std::move(lease).value());
        }
        if (pool.stats().checkedOut != places)
            return "not all of them are out";
        leases.clear();
        return accounts(pool);
    }
    static QByteArray accounts(const ConnectionPool &pool)
    {
        const PoolStats stats = pool.stats();
        if (stats.checkedOut != 0 || stats.connecting != 0 || stats.waiting != 0)
            return "something is still out";
        if (stats.totalCheckouts != stats.totalCheckins)
            return "checkouts and checkins differ";
        const qint64 byCause = std::accumulate(stats.invalidations.begin(), stats.invalidations.end(), qint64(0));
        return byCause == stats.totalInvalidated ? QByteArray() : QByteArray("causes do not add up");
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }

    void countsAddUpAtEveryMoment()
    {
        ConnectionPool pool(fresh(), poolOf(3, 2, 5s));
        Traffic traffic(pool, 8);
        QElapsedTimer timer;
        timer.start();
        int looks = 0;
        while (traffic.good() < 2000 && timer.elapsed() < 20'000) {
            const PoolStats stats = pool.stats();
            QCOMPARE(stats.totalCheckouts, stats.totalCheckins + stats.checkedOut - stats.connecting);
            QVERIFY(stats.checkedOut <= 5 && stats.connecting >= 0 && stats.connecting <= stats.checkedOut);
            ++looks;
        }
        traffic.stop();
        QVERIFY(looks > 10);
        QCOMPARE(traffic.failed(), 0);
        QCOMPARE(accounts(pool), QByteArray());
    }

    void serverRestart()
    {
        const DatabaseUrl url = fresh();
        ConnectionPool pool(url, poolOf(5, 3, 3s));
        Traffic traffic(pool, 8);
        QTRY_VERIFY(traffic.good() > 200);
        A360_VERIFY_OK(m_databases.postgres().stop());
        const qint64 failedBefore = traffic.failed();
        QTRY_VERIFY(traffic.failed() > failedBefore + 20);
        A360_VERIFY_OK(m_databases.postgres().startAgain());
        QElapsedTimer back;
        back.start();
        traffic.stop();
        QCOMPARE(wholeness(pool, 8), QByteArray());
        QVERIFY2(back.elapsed() < 5000, QByteArray::number(back.elapsed()).constData());
        QVERIFY2(traffic.longestLease() < 3.5, QByteArray::number(traffic.longestLease()).constData());
        QVERIFY(pool.stats().totalInvalidated > 0);
        QVERIFY(pool.stats().totalOpenFailures > 0);
    }

    void halfOfTheBackendsTerminated()
    {
        const DatabaseUrl url = fresh();
        ConnectionPool pool(url, poolOf(10, 0, 3s));
        QCOMPARE(wholeness(pool, 10), QByteArray());
        QCOMPARE(pool.stats().checkedIn, 10);
        const auto killed = m_databases.postgres().ask(url, "SELECT count(pg_terminate_backend(pid, 5000)) FROM (SELECT pid "
                                                            "FROM pg_stat_activity WHERE datname = current_database() AND "
                                                            "pid <> pg_backend_pid() ORDER BY pid LIMIT 5) AS half");
        A360_VERIFY_OK(killed);
        QCOMPARE(killed->trimmed(), QByteArray("5"));
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(wholeness(pool, 10), QByteArray());
        QVERIFY2(timer.elapsed() < 5000, QByteArray::number(timer.elapsed()).constData());
        QCOMPARE(pool.stats().totalInvalidated, 5); // the other half is good and stays
        QCOMPARE(pool.stats().invalidations.size(), 1);
        QCOMPARE(pool.stats().checkedIn, 10);
    }

    void networkGoesSilent()
    {
        test::SilentProxy proxy(m_databases.postgres().port());
        QVERIFY(proxy.port() > 0);
        DatabaseUrl url = fresh();
        url.port = proxy.port();
        ConnectionPool pool(url, poolOf(6, 0, 4s));
        QCOMPARE(wholeness(pool, 6), QByteArray());
        {
            Traffic traffic(pool, 4, {500ms, {}});
            QTRY_VERIFY(traffic.good() > 100);
            proxy.goSilent();
            QTRY_VERIFY_WITH_TIMEOUT(traffic.failed() > 8, 30'000);
            traffic.stop();
            // Each part of a lease is bounded by the timeout; only a connection Qt's driver is just making gets its 2 s.
            QVERIFY2(traffic.longestLease() < 4.5, QByteArray::number(traffic.longestLease()).constData());
        }
        proxy.recover();
        QElapsedTimer back;
        back.start();
        QCOMPARE(wholeness(pool, 6), QByteArray());
        QVERIFY2(back.elapsed() < 5000, QByteArray::number(back.elapsed()).constData());
        QVERIFY(pool.stats().totalInvalidated > 0);
    }

    void parkedConnectionsThatWentSilent()
    {
        test::SilentProxy proxy(m_databases.postgres().port());
        DatabaseUrl url = fresh();
        url.port = proxy.port();
        ConnectionPool pool(url, poolOf(6, 0, 10s));
        QCOMPARE(wholeness(pool, 6), QByteArray());
        proxy.goSilent();
        QTest::qWait(50); // the proxy looks every 5 ms
        proxy.recover();
        // All six are dead and nobody can know. The first statement on one finds out, within its own limit.
        QElapsedTimer timer;
        timer.start();
        {
            Result<Lease> lease = pool.lease();
            A360_VERIFY_OK(lease);
            QVERIFY(!lease->queryInteger(one, {200ms, {}}).ok());
        }
        QCOMPARE(wholeness(pool, 6), QByteArray());
        QVERIFY2(timer.elapsed() < 5000, QByteArray::number(timer.elapsed()).constData());
        QCOMPARE(pool.stats().totalInvalidated, 6);
    }

    void statementWithoutLimitEndsWhenNobodyAnswers()
    {
        test::SilentProxy proxy(m_databases.postgres().port());
        DatabaseUrl url = fresh();
        url.port = proxy.port();
        ConnectionPool pool(url, poolOf(2, 0, 5s));
        Result<Lease> asking = pool.lease(), streaming = pool.lease();
        A360_VERIFY_OK(asking);
        A360_VERIFY_OK(streaming);
        auto stream = streaming->stream(Sql(Dialect::PostgreSql, "SELECT pg_sleep(0.001)::text FROM generate_series(1, 1000000)"),
                                        {ColumnType::Text});
        A360_VERIFY_OK(stream);
        proxy.goSilent();
        ErrorCode streamed = ErrorCode::Internal;
        std::thread other([&] {
            RowBatch batch;
            Result<bool> more = true;
            while (more.ok() && *more)
                more = (*stream)->next(batch);
            streamed = more.ok() ? ErrorCode::Internal : more.error().code;
            stream->reset();
        });
        QElapsedTimer timer;
        timer.start();
        const Result<qint64> answer = asking->queryInteger(one);
        other.join();
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error().code, ErrorCode::Unavailable);
        QCOMPARE(streamed, ErrorCode::Unavailable);
        QVERIFY2(timer.elapsed() < 20'000, QByteArray::number(timer.elapsed()).constData());
        *asking = Lease();
        *streaming = Lease();
        QCOMPARE(pool.stats().totalInvalidated, 2);
        QCOMPARE(accounts(pool), QByteArray());
    }

    void theEndOfAWatcherDoesNotWaitForASilentServer()
    {
        const DatabaseUrl direct = fresh();
        test::SilentProxy proxy(m_databases.postgres().port());
        DatabaseUrl url = direct;
        url.port = proxy.port();
        ConnectionPool pool(url, poolOf(2, 0, 30s));
        {
            Result<Lease> lease = pool.lease();
            A360_VERIFY_OK(lease);
            A360_VERIFY_OK(migrate(*lease));
        }
        for (const bool connected : {true, false}) {
            auto watcher = std::make_unique<EpochWatcher>(pool, EpochWatcherOptions{20ms, 1h, 1h, false});
            if (connected)
                A360_VERIFY_OK(watcher->current());
            proxy.goSilent();
            CancelSource gone;
            gone.cancel();
            static_cast<void>(watcher->current(gone.token())); // an asker who leaves: its thread looks for the next one
            // It is in the middle of a look: the first time in a statement, the second time it connects.
            QTRY_COMPARE_WITH_TIMEOUT(pool.stats().checkedOut, 1, 20'000);
            QElapsedTimer timer;
            timer.start();
            watcher.reset();
            QVERIFY2(timer.elapsed() < 3500, QByteArray::number(timer.elapsed()).constData());
            QCOMPARE(pool.stats().checkedOut, 0);
            proxy.recover();
        }
    }

    void cancelOfAStatementBehindACutIsQuick()
    {
        test::SilentProxy proxy(m_databases.postgres().port());
        DatabaseUrl url = fresh();
        url.port = proxy.port();
        ConnectionPool pool(url, poolOf(1, 0, 5s));
        Result<Lease> lease = pool.lease();
        A360_VERIFY_OK(lease);
        proxy.goSilent();
        CancelSource source;
        std::thread later([&] { source.cancel(); });
        QElapsedTimer timer;
        timer.start();
        const Result<qint64> answer = lease->queryInteger(Sql(Dialect::PostgreSql, "SELECT 1 FROM pg_sleep(60)"), {0ms, source.token()});
        later.join();
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error().code, ErrorCode::Cancelled);
        QVERIFY2(timer.elapsed() < 3000, QByteArray::number(timer.elapsed()).constData());
    }

    void decision23_pgBouncerInTransactionMode()
    {
        const auto bouncer = test::PgBouncer::start(fresh(), 2);
        A360_VERIFY_OK(bouncer);
        ConnectionPool pool((*bouncer)->url(), poolOf(6, 0, 5s));
        {
            Result<Lease> lease = pool.lease();
            A360_VERIFY_OK(lease);
            A360_VERIFY_OK(migrate(*lease));
        }
        // Six clients share two servers: whatever was left behind by one would hit another.
        std::atomic<int> failures = 0;
        {
            std::vector<std::thread> threads;
            for (int i = 0; i < 6; ++i) {
                threads.emplace_back([&, i] {
                    for (int round = 0; round < 50; ++round) {
                        Result<Lease> lease = pool.lease();
                        Sql echo(Dialect::PostgreSql, "SELECT ");
                        echo.bind(qint64(i * 1000 + round)).raw("::bigint");
                        const bool ok = lease.ok() && lease->queryInteger(echo, {round % 2 ? 800ms : 0ms, {}}).ok()
                            && lease->begin(TransactionMode::ReadSnapshot).ok() && lease->queryInteger(echo).value() == i * 1000 + round
                            && lease->commit().ok();
                        failures += ok ? 0 : 1;
                    }
                });
            }
            for (std::thread &thread : threads)
                thread.join();
        }
        QCOMPARE(failures.load(), 0);
        Result<Lease> lease = pool.lease();
        A360_VERIFY_OK(lease);
        // Timeouts were set locally and left nothing; nothing was prepared by name.
        const auto timeout = lease->queryInteger(Sql(Dialect::PostgreSql, "SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout'"));
        A360_VERIFY_OK(timeout);
        QCOMPARE(*timeout, 0);
        QCOMPARE(lease->queryInteger(Sql(Dialect::PostgreSql, "SELECT count(*) FROM pg_prepared_statements")).value(), 0);
        A360_VERIFY_OK(lease->executeScript("CREATE TABLE t (n bigint)"));
        auto load = lease->bulkLoad("t", {"n"}, {ColumnType::Integer});
        A360_VERIFY_OK(load);
        RowBatch rows({ColumnType::Integer});
        for (int i = 0; i < 1000; ++i)
            rows.appendInteger(i);
        A360_VERIFY_OK((*load)->append(rows));
        A360_VERIFY_OK((*load)->finish());
        load->reset();
        QCOMPARE(lease->queryInteger(Sql(Dialect::PostgreSql, "SELECT sum(n)::bigint FROM t")).value(), 499'500);
        CancelSource source;
        std::thread later([&] { source.cancel(); });
        const auto cancelled = lease->queryInteger(Sql(Dialect::PostgreSql, "SELECT 1 FROM pg_sleep(60)"), {0ms, source.token()});
        later.join();
        QVERIFY(!cancelled.ok());
        QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
        *lease = Lease();
        QCOMPARE(wholeness(pool, 2), QByteArray()); // as many as PgBouncer lets in transactions at a time
        QCOMPARE(pool.stats().totalInvalidated, 0);
    }

    void serverTakesNoMoreConnections()
    {
        const DatabaseUrl url = fresh();
        A360_VERIFY_OK(m_databases.postgres().run(url, "CREATE ROLE few LOGIN CONNECTION LIMIT 3"));
        DatabaseUrl limited = url;
        limited.user = QStringLiteral("few");
        ConnectionPool pool(limited, poolOf(8, 0, 3s));
        {
            // Eight at work where only three can be: they take turns, and nobody is refused.
            Traffic traffic(pool, 8);
            QTRY_VERIFY(traffic.good() > 500);
            traffic.stop();
            QCOMPARE(traffic.failed(), 0);
            QVERIFY2(traffic.longestLease() < 3.5, QByteArray::number(traffic.longestLease()).constData());
        }
        QCOMPARE(accounts(pool), QByteArray());
        QVERIFY(pool.stats().checkedIn <= 3);
        {
            // Held for long by others of ours: the wait ends with the timeout and says why.
            Result<Lease> a = pool.lease(), b = pool.lease(), c = pool.lease();
            A360_VERIFY_OK(c);
            QElapsedTimer timer;
            timer.start();
            const Result<Lease> fourth = pool.lease();
            QVERIFY(!fourth.ok());
            QCOMPARE(fourth.error().code, ErrorCode::Unavailable);
            QVERIFY2(fourth.error().message.contains(QStringLiteral("no more connections")), qPrintable(fourth.error().message));
            QVERIFY2(timer.elapsed() >= 2900 && timer.elapsed() < 4000, QByteArray::number(timer.elapsed()).constData());
        }
        ConnectionPool other(limited, poolOf(8, 0, 20s));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!other.lease().ok()); // nothing of its own to wait for
        QVERIFY2(timer.elapsed() < 3000, QByteArray::number(timer.elapsed()).constData());
        A360_VERIFY_OK(m_databases.postgres().run(url, "ALTER ROLE few CONNECTION LIMIT 50"));
        timer.start();
        QCOMPARE(wholeness(pool, 8), QByteArray());
        QVERIFY(timer.elapsed() < 5000);
    }
};

QTEST_GUILESS_MAIN(TestPoolFaults)
#include "tst_pool_faults.moc"
