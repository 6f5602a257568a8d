// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/index_claim.h"
#include "db/index_maintenance.h"
#include "db/migrations.h"
#include "index_rebuilder.h"
#include "support/log_catcher.h"
#include "support/test_databases.h"

#include <QTest>

#include <atomic>
#include <stdexcept>

using namespace a360;
using a360::test::LogCatcher;

/// What IndexRebuilder does with an index that cannot be made, and with a listener that fails.
class TestIndexRebuilder : public QObject
{
    Q_OBJECT

private:
    static constexpr std::chrono::milliseconds soon{20};
    test::TestDatabases m_databases;

    std::unique_ptr<db::ConnectionPool> migrated(db::Dialect dialect)
    {
        auto pool = std::make_unique<db::ConnectionPool>(m_databases.fresh(dialect), db::PoolSettings());
        Result<db::Lease> lease = pool->lease();
        if (!lease.ok() || !db::migrate(*lease).ok())
            qFatal("the database cannot be prepared");
        return pool;
    }
    static Result<void> run(db::ConnectionPool &pool, const QByteArray &script)
    {
        A360_TRY_ASSIGN(db::Lease lease, pool.lease());
        return lease.executeScript(script);
    }
    /// Lists an index as one that a load has left out.
    static Result<void> leaveOut(db::ConnectionPool &pool, const QByteArray &name, const QByteArray &on)
    {
        return run(pool, "INSERT INTO a360_deferred_indexes (name, table_name, definition) VALUES ('" + name +
                             "', 'contacts', 'CREATE INDEX IF NOT EXISTS " + name + " ON " + on + "')");
    }
    static bool exists(db::ConnectionPool &pool, const QByteArray &name)
    {
        Result<db::Lease> lease = pool.lease();
        const auto list = db::listSecondaryIndexes(*lease, {"contacts"});
        return list.ok() && std::any_of(list->begin(), list->end(), [&](const auto &one) { return one.name.endsWith(name); });
    }
    static qint64 warnings() { return LogCatcher::lines(QtWarningMsg, QStringLiteral("cannot be rebuilt")).size(); }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }

    void oneThatCannotBeMadeKeepsNoOtherDown_data() { test::addDialectRows(); }
    void oneThatCannotBeMadeKeepsNoOtherDown()
    {
        QFETCH(db::Dialect, dialect);
        const auto pool = migrated(dialect);
        A360_VERIFY_OK(leaveOut(*pool, "aa_broken", "contacts (no_such_column)"));
        A360_VERIFY_OK(leaveOut(*pool, "bb_good", "contacts (uuid, title)"));
        const LogCatcher log;
        std::atomic<int> told = 0;
        IndexRebuilder rebuilder(*pool, [&](const CancelToken &) -> Result<void> { ++told; return {}; }, true, soon);
        QTRY_VERIFY(exists(*pool, "bb_good"));
        QTRY_COMPARE(told.load(), 1);
        QVERIFY(!exists(*pool, "aa_broken"));
    }

    void theSameCauseIsToldOnce_data() { test::addDialectRows(); }
    void theSameCauseIsToldOnce()
    {
        QFETCH(db::Dialect, dialect);
        const auto pool = migrated(dialect);
        A360_VERIFY_OK(leaveOut(*pool, "zz_broken", "contacts (no_such_column)"));
        const LogCatcher log;
        IndexRebuilder rebuilder(*pool, [](const CancelToken &) -> Result<void> { return {}; }, true, soon);
        QTRY_COMPARE(warnings(), 1);
        for (const char *name : {"bb_one", "bb_two", "bb_three", "bb_four"}) { // each is a look that has been
            A360_VERIFY_OK(leaveOut(*pool, name, "contacts (uuid, title)"));
            QTRY_VERIFY(exists(*pool, name));
        }
        QCOMPARE(warnings(), 1);
        QVERIFY(LogCatcher::lines(QtWarningMsg, QStringLiteral("cannot be rebuilt")).constFirst().contains(QStringLiteral("zz_broken")));
        // Another cause is news.
        A360_VERIFY_OK(run(*pool, "UPDATE a360_deferred_indexes SET definition = 'CREATE INDEX zz_broken ON nowhere (uuid)' "
                                  "WHERE name = 'zz_broken'"));
        QTRY_COMPARE_WITH_TIMEOUT(warnings(), 2, 60'000);
        // And it comes back once it can be made.
        A360_VERIFY_OK(run(*pool, "UPDATE a360_deferred_indexes SET definition = 'CREATE INDEX zz_broken ON contacts (uuid)' "
                                  "WHERE name = 'zz_broken'"));
        QTRY_VERIFY_WITH_TIMEOUT(exists(*pool, "zz_broken"), 60'000);
        QCOMPARE(warnings(), 2);
    }

    void whatAnImportHoldsMakesNoOldFailureNews_data() { test::addDialectRows(); }
    void whatAnImportHoldsMakesNoOldFailureNews()
    {
        QFETCH(db::Dialect, dialect);
        const auto pool = migrated(dialect);
        Result<db::Lease> importing = pool->lease();
        A360_VERIFY_OK(importing);
        db::IndexClaim held(*importing);
        const Result<bool> taken = held.drop({"companies"});
        A360_VERIFY_OK(taken);
        QVERIFY(*taken && held.held() > 0);
        A360_VERIFY_OK(leaveOut(*pool, "zz_broken", "contacts (no_such_column)"));
        const LogCatcher log;
        IndexRebuilder rebuilder(*pool, [](const CancelToken &) -> Result<void> { return {}; }, true, soon);
        QTRY_COMPARE(warnings(), 1);
        // Another cause is told once it has been tried again.
        A360_VERIFY_OK(run(*pool, "UPDATE a360_deferred_indexes SET definition = 'CREATE INDEX zz_broken ON nowhere (uuid)' "
                                  "WHERE name = 'zz_broken'"));
        QTRY_COMPARE_WITH_TIMEOUT(warnings(), 2, 60'000);
        QCOMPARE(LogCatcher::lines(QtInfoMsg, QStringLiteral("rebuilding indexes")).size(), 1);
        QCOMPARE(LogCatcher::lines(QtInfoMsg, QStringLiteral("indexes rebuilt: 0 of")).size(), 1);
    }

    void aListenerThatThrowsEndsNothing()
    {
        const auto pool = migrated(db::Dialect::Sqlite);
        A360_VERIFY_OK(leaveOut(*pool, "bb_good", "contacts (uuid, title)"));
        const LogCatcher log;
        std::atomic<int> told = 0;
        const auto listener = [&](const CancelToken &) -> Result<void> {
            if (++told == 1)
                throw std::runtime_error("the listener is broken");
            return {};
        };
        IndexRebuilder rebuilder(*pool, listener, true, soon);
        QTRY_COMPARE(told.load(), 2); // told again with the next look
        QCOMPARE(LogCatcher::lines(QtWarningMsg, QStringLiteral("the listener is broken")).size(), 1);
        const Registration pause = rebuilder.pause(); // does not wait for good
        QVERIFY(!rebuilder.progress());
    }
};

QTEST_GUILESS_MAIN(TestIndexRebuilder)
#include "tst_index_rebuilder.moc"
