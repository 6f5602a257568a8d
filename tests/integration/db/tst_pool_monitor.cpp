// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/connection_pool.h"
#include "support/log_catcher.h"
#include "support/test_databases.h"

#include <QtTest>

#include <thread>

using namespace a360;
using namespace a360::db;
using a360::test::LogCatcher;
using namespace std::chrono_literals;

namespace {

PoolSettings watched(int size, int overflow)
{
    PoolSettings settings;
    settings.size = size;
    settings.maxOverflow = overflow;
    settings.monitoring = true;
    settings.monitoringInterval = 0s;
    return settings;
}

} // namespace

class TestPoolMonitor : public QObject
{
    Q_OBJECT

    test::TestDatabases m_databases;

    DatabaseUrl file() { return m_databases.fresh(Dialect::Sqlite); }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }

    void aLineComesEveryIntervalAndAtTheEnd()
    {
        const LogCatcher log;
        {
            PoolSettings settings = watched(4, 0);
            settings.monitoringInterval = 1s;
            ConnectionPool pool(file(), settings);
            A360_VERIFY_OK(pool.lease());
            QTRY_VERIFY(log.lines(QtInfoMsg, QStringLiteral("connection pool healthy")).size() >= 2);
            const QString line = log.lines(QtInfoMsg, QStringLiteral("connection pool healthy")).first();
            for (const char *part : {"size=4", "checked_in=1", "checked_out=0", "overflow=0", "usage=0.0%", "checkouts=1",
                                     "checkins=1", "invalidated=0", "timeouts=0", "avg_wait=", "max_wait=", "recommended_size=1"})
                QVERIFY2(line.contains(QLatin1String(part)), qPrintable(line + QLatin1String(" lacks ") + QLatin1String(part)));
            pool.close();
        }
        const auto after = log.lines(QtInfoMsg, QStringLiteral("connection pool healthy"));
        QVERIFY(after.size() >= 3);
        QVERIFY(after.last().contains(QStringLiteral("checked_in=1")) || after.last().contains(QStringLiteral("checked_in=0")));
    }

    void intervalZeroWritesTheLastLineOnly()
    {
        const LogCatcher log;
        {
            ConnectionPool pool(file(), watched(4, 0));
            A360_VERIFY_OK(pool.lease());
            QVERIFY(log.lines(QtInfoMsg, QStringLiteral("connection pool")).isEmpty());
        }
        QCOMPARE(log.lines(QtInfoMsg, QStringLiteral("connection pool")).size(), 1);
    }

    void withoutMonitoringNothingIsWritten()
    {
        const LogCatcher log;
        {
            PoolSettings settings = watched(1, 1);
            settings.monitoring = false;
            ConnectionPool pool(file(), settings);
            const auto a = pool.lease(), b = pool.lease();
            A360_VERIFY_OK(b);
        }
        QVERIFY(log.lines(QtInfoMsg, {}).isEmpty() && log.lines(QtWarningMsg, {}).isEmpty() && log.lines(QtCriticalMsg, {}).isEmpty());
    }

    void highUseIsTold()
    {
        const LogCatcher log;
        ConnectionPool pool(file(), watched(10, 5));
        std::vector<Lease> leases;
        const auto take = [&](size_t upTo) {
            while (leases.size() < upTo)
                leases.push_back(pool.lease().value());
        };
        take(8);
        QVERIFY(log.lines(QtWarningMsg, QStringLiteral("in use")).isEmpty()); // 80 %: not above it
        take(9);
        QCOMPARE(log.lines(QtWarningMsg, QStringLiteral("9 of 10 in use, 90 %")).size(), 1);
        QVERIFY(log.lines(QtCriticalMsg, {}).isEmpty());
        take(10);
        QCOMPARE(log.lines(QtCriticalMsg, QStringLiteral("10 of 10 in use, 100 %")).size(), 1);
        take(13);
        QCOMPARE(log.lines(QtCriticalMsg, {}).size(), 1); // one in ten seconds is enough
        QCOMPARE(pool.stats().overflow, 3);
    }

    void longWaitsAreTold()
    {
        const LogCatcher log;
        ConnectionPool pool(file(), watched(1, 0));
        auto held = pool.lease();
        A360_VERIFY_OK(held);
        std::thread other([&] { static_cast<void>(pool.lease()); });
        QTRY_COMPARE(pool.stats().waiting, 1);
        QElapsedTimer timer;
        timer.start();
        QTRY_VERIFY(timer.elapsed() > 130);
        *held = Lease();
        other.join();
        QCOMPARE(log.lines(QtWarningMsg, QStringLiteral("ms for a database connection")).size(), 1);
        const PoolStats stats = pool.stats();
        QCOMPARE(std::accumulate(stats.waitCounts.begin(), stats.waitCounts.end(), qint64(0)), stats.totalCheckouts);
        QCOMPARE(stats.waitCounts[8], 1); // above 100 ms, up to 250 ms
        QVERIFY(stats.totalHeld >= 0.13);
    }

    void leaksNameOwnerThreadAndAge()
    {
        const LogCatcher log;
        PoolSettings settings = watched(3, 0);
        settings.leakAfter = 1s;
        ConnectionPool pool(file(), settings);
        auto leaked = pool.lease(Lane::Bulk, {}, "forgetful export");
        A360_VERIFY_OK(leaked);
        QVERIFY(pool.leases(pool.leakAfter()).empty());
        QTRY_COMPARE(log.lines(QtWarningMsg, QStringLiteral("forgetful export")).size(), 1);
        const auto young = pool.lease();
        A360_VERIFY_OK(young);
        const std::vector<LeaseInfo> old = pool.leases(pool.leakAfter());
        QCOMPARE(old.size(), size_t(1));
        QCOMPARE(old[0].owner, QStringLiteral("forgetful export"));
        QCOMPARE(old[0].lane, Lane::Bulk);
        QVERIFY(old[0].age >= 1);
        QVERIFY2(old[0].thread.startsWith(QStringLiteral("tst_pool_monit")), qPrintable(old[0].thread));
        QCOMPARE(pool.leases().size(), size_t(2));
        QCOMPARE(pool.leases()[1].owner, QStringLiteral("unnamed"));
        *leaked = Lease();
        QVERIFY(pool.leases(pool.leakAfter()).empty());
    }

    void invalidationsAreCountedByCause()
    {
        const LogCatcher log;
        ConnectionPool pool(file(), watched(3, 0));
        for (const char *cause : {"first", "second", "second"}) {
            auto lease = pool.lease();
            A360_VERIFY_OK(lease);
            lease->invalidate(QString::fromLatin1(cause));
        }
        for (int i = 0; i < 100; ++i) {
            auto lease = pool.lease();
            A360_VERIFY_OK(lease);
            lease->invalidate(QStringLiteral("number %1").arg(i));
        }
        const PoolStats stats = pool.stats();
        QCOMPARE(stats.totalInvalidated, 103);
        QCOMPARE(stats.invalidations.value(QStringLiteral("second")), 2);
        QCOMPARE(stats.invalidations.value(QStringLiteral("other")), 52);
        QCOMPARE(stats.invalidations.size(), 51);
        QCOMPARE(stats.totalOpened, 103);
        QCOMPARE(log.lines(QtWarningMsg, QStringLiteral("connection given up: first")).size(), 1);
        QCOMPARE(log.lines(QtWarningMsg, QStringLiteral("connection given up")).size(), 1);
    }

    void resetOnReturn_data()
    {
        QTest::addColumn<Dialect>("dialect");
        QTest::addColumn<ResetOnReturn>("how");
        QTest::addColumn<qint64>("script");
        for (const auto &[name, dialect] : {std::pair("sqlite", Dialect::Sqlite), std::pair("postgresql", Dialect::PostgreSql)}) {
            QTest::addRow("%s commit", name) << dialect << ResetOnReturn::Commit << qint64(1);
            QTest::addRow("%s rollback", name) << dialect << ResetOnReturn::Rollback << qint64(0);
            QTest::addRow("%s none", name) << dialect << ResetOnReturn::None << qint64(0);
        }
    }
    void resetOnReturn()
    {
        QFETCH(Dialect, dialect);
        QFETCH(ResetOnReturn, how);
        QFETCH(qint64, script);
        PoolSettings settings;
        settings.size = 1;
        settings.maxOverflow = 0;
        settings.resetOnReturn = how;
        ConnectionPool pool(m_databases.fresh(dialect), settings);
        const auto use = [&pool](auto function) {
            Result<Lease> lease = pool.lease();
            return lease.ok() && function(*lease);
        };
        const auto rows = [&] {
            Result<Lease> lease = pool.lease();
            return lease->queryInteger(Sql(dialect, "SELECT count(*) FROM t")).value();
        };
        QVERIFY(use([](Lease &lease) { return lease.executeScript("CREATE TABLE t (n INTEGER)").ok(); }));
        QVERIFY(use([](Lease &lease) { return lease.executeScript("BEGIN; INSERT INTO t VALUES (1)").ok(); }));
        QCOMPARE(rows(), script);
        QCOMPARE(pool.stats().totalInvalidated, how == ResetOnReturn::None ? 1 : 0);
        // The program's own transactions are all or nothing, whatever the setting.
        QVERIFY(use([](Lease &lease) {
            return lease.begin(TransactionMode::ReadWrite).ok() && lease.executeScript("INSERT INTO t VALUES (2)").ok();
        }));
        QCOMPARE(rows(), script);
        QVERIFY(use([](Lease &lease) {
            return lease.begin(TransactionMode::ReadWrite).ok() && lease.commit().ok()
                && lease.executeScript("BEGIN; INSERT INTO t VALUES (3)").ok();
        }));
        QCOMPARE(rows(), script * 2);
    }
};

QTEST_GUILESS_MAIN(TestPoolMonitor)
#include "tst_pool_monitor.moc"
