// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/read_router.h"
#include "support/test_databases.h"

#include <QRegularExpression>
#include <QTest>

using namespace a360;
using namespace a360::db;
using namespace a360::test;

/// Reads that a router sends to a real streaming standby, or not.
class TestReadRouter : public QObject
{
    Q_OBJECT

    struct Seen
    {
        qint64 rows = 0;
        bool onReplica = false;
    };
    static Result<Seen> count(ReadRouter &router)
    {
        return router.read(Lane::Interactive, {}, [](Lease &lease, bool onReplica) -> Result<Seen> {
            A360_TRY_ASSIGN(const qint64 rows, lease.queryInteger(Sql(lease.dialect(), "SELECT count(*) FROM t")));
            return Seen{rows, onReplica};
        });
    }
    static bool readsReplica(ReadRouter &router)
    {
        const Result<Seen> seen = count(router);
        return seen.ok() && seen->onReplica;
    }
    ReplicaOptions replica(std::chrono::milliseconds bound) const
    {
        DatabaseUrl url = m_url;
        url.port = m_standby->port();
        return {url, {}, bound};
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto primary = PrivatePostgres::start();
        A360_VERIFY_OK(primary);
        m_primary = std::move(primary).value();
        const auto url = m_primary->createDatabase();
        A360_VERIFY_OK(url);
        m_url = *url;
        A360_VERIFY_OK(m_primary->run(m_url, "CREATE TABLE t (a int); INSERT INTO t VALUES (1)"));
        auto standby = PrivatePostgres::startStandby(*m_primary);
        A360_VERIFY_OK(standby);
        m_standby = std::move(standby).value();
    }

    void withoutReplicaEverythingIsPrimary()
    {
        ConnectionPool pool(m_url, {});
        ReadRouter router(pool);
        const auto seen = count(router);
        A360_VERIFY_OK(seen);
        QVERIFY(!seen->onReplica);
    }
    void aStandbyThatKeepsUpIsRead()
    {
        ConnectionPool pool(m_url, {});
        ReadRouter router(pool, replica(std::chrono::seconds(5)));
        QTRY_VERIFY_WITH_TIMEOUT(readsReplica(router), 15'000);
        // The replica's leases are read-only, whatever the caller tries.
        auto lease = router.target().pool->lease();
        A360_VERIFY_OK(lease);
        QVERIFY(!lease->execute(Sql(lease->dialect(), "INSERT INTO t VALUES (9)")).ok());
    }
    void whoWroteSeesIt()
    {
        ConnectionPool pool(m_url, {});
        ReadRouter router(pool, replica(std::chrono::milliseconds(700)));
        QTRY_VERIFY_WITH_TIMEOUT(readsReplica(router), 15'000);
        for (int i = 0; i < 20; ++i) {
            const qint64 before = count(router)->rows;
            {
                auto lease = pool.lease();
                A360_VERIFY_OK(lease);
                A360_VERIFY_OK(lease->begin(TransactionMode::ReadWrite));
                A360_VERIFY_OK(lease->execute(Sql(lease->dialect(), "INSERT INTO t VALUES (2)")));
                A360_VERIFY_OK(lease->commit());
            }
            const auto after = count(router);
            A360_VERIFY_OK(after);
            QVERIFY(!after->onReplica);
            QCOMPARE(after->rows, before + 1);
        }
        QTRY_VERIFY_WITH_TIMEOUT(readsReplica(router), 15'000);
        QCOMPARE(count(router)->rows, m_primary->ask(m_url, "SELECT count(*) FROM t").value().trimmed().toLongLong());
    }
    void aStandbyThatLagsIsNot()
    {
        ConnectionPool pool(m_url, {});
        ReadRouter router(pool, replica(std::chrono::milliseconds(300)));
        QTRY_VERIFY_WITH_TIMEOUT(readsReplica(router), 15'000);
        A360_VERIFY_OK(m_standby->run(m_url, "SELECT pg_wal_replay_pause()"));
        A360_VERIFY_OK(m_primary->run(m_url, "INSERT INTO t VALUES (3)")); // not by our pool
        QTRY_VERIFY_WITH_TIMEOUT(!readsReplica(router), 15'000);
        A360_VERIFY_OK(m_standby->run(m_url, "SELECT pg_wal_replay_resume()"));
        QTRY_VERIFY_WITH_TIMEOUT(readsReplica(router), 20'000);
    }
    void whatIsNoStandbyIsNot()
    {
        ConnectionPool pool(m_url, {});
        ReadRouter router(pool, ReplicaOptions{m_url, {}, std::chrono::seconds(5)});
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("no streaming standby")));
        QVERIFY(!readsReplica(router));
        A360_VERIFY_OK(count(router));
    }
    void aReplicaThatDiesCostsNoAnswer() // last: it stops the standby
    {
        ConnectionPool pool(m_url, {});
        ReadRouter router(pool, replica(std::chrono::seconds(5)));
        QTRY_VERIFY_WITH_TIMEOUT(readsReplica(router), 20'000);
        A360_VERIFY_OK(m_standby->stop());
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("reads go to the primary")));
        for (int i = 0; i < 5; ++i) {
            const auto seen = count(router);
            A360_VERIFY_OK(seen);
            QVERIFY(!seen->onReplica);
        }
    }

private:
    std::unique_ptr<PrivatePostgres> m_primary, m_standby;
    DatabaseUrl m_url;
};

QTEST_GUILESS_MAIN(TestReadRouter)
#include "tst_read_router.moc"
