// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/epoch_watcher.h"
#include "support/pg_bouncer.h"
#include "transfer_fixture.h"

#include <QtTest>

using namespace a360;
using namespace a360::test;

/// Decision 23: everything also works through PgBouncer in transaction mode, where each transaction may have another server
/// process and nothing of a session stays.
class TestPooler : public QObject
{
    Q_OBJECT

    static QByteArray file(int rows, int employees)
    {
        QByteArray csv = "first_name,last_name,email,city,company,employees\n";
        for (int i = 0; i < rows; ++i) {
            const QByteArray n = QByteArray::number(i);
            csv += "First" + n + ",Last,f" + n + "@n.example,Köln,Company" + QByteArray::number(i % 97) + ','
                + QByteArray::number(employees) + '\n';
        }
        return csv;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }

    void decision23_importAndExport()
    {
        const db::DatabaseUrl direct = m_databases.fresh(db::Dialect::PostgreSql);
        const auto bouncer = PgBouncer::start(direct, 3);
        A360_VERIFY_OK(bouncer);
        TransferBench bench((*bouncer)->url()); // migrates through it
        const auto first = bench.import(file(30'000, 10) + "Bo,Li,bad-mail,Rome,Pumps,1\n");
        A360_VERIFY_OK(first);
        QCOMPARE(first->inserted, 30'000);
        QCOMPARE(first->rejected, 1);
        const auto again = bench.import(file(30'000, 10));
        A360_VERIFY_OK(again);
        QCOMPARE(again->unchanged, 30'000);
        transfer::ImportRequest rebuilding;
        rebuilding.rebuildIndexes = true;
        const auto changed = bench.import(file(30'000, 11), rebuilding);
        A360_VERIFY_OK(changed);
        QCOMPARE(changed->companiesUpdated, 97);

        const auto through = bench.exportAs(contacts::Entity::Contact);
        A360_VERIFY_OK(through);
        QCOMPARE(through->count('\n'), 30'001);
        TransferBench straight(direct);
        const auto beside = straight.exportAs(contacts::Entity::Contact);
        A360_VERIFY_OK(beside);
        QVERIFY(*through == *beside);
        QCOMPARE(straight.ask("SELECT count(*) FROM pg_class WHERE relname LIKE 'a360_stage%'"), QStringLiteral("0"));
        QCOMPARE(straight.ask("SELECT count(*) FROM pg_class WHERE relname LIKE 'idx_%' AND relkind = 'i'"),
                 TransferBench(m_databases.fresh(db::Dialect::PostgreSql))
                     .ask("SELECT count(*) FROM pg_class WHERE relname LIKE 'idx_%' AND relkind = 'i'"));
    }

    /// PgBouncer takes a LISTEN and delivers nothing: the watcher finds that out and polls.
    void decision26_changesOfOthersAreFoundByPolling()
    {
        const db::DatabaseUrl direct = m_databases.fresh(db::Dialect::PostgreSql);
        TransferBench writer(direct);
        const auto bouncer = PgBouncer::start(direct, 2);
        A360_VERIFY_OK(bouncer);
        db::ConnectionPool pool((*bouncer)->url(), {});
        db::EpochWatcher watcher(pool);
        const auto before = watcher.current();
        A360_VERIFY_OK(before);
        A360_VERIFY_OK(writer.import(file(10, 1)));
        const auto committed = std::chrono::steady_clock::now();
        for (;;) {
            const bool late = std::chrono::steady_clock::now() - committed > std::chrono::seconds(1);
            const auto seen = watcher.current();
            A360_VERIFY_OK(seen);
            if (seen->contacts != before->contacts)
                break;
            QVERIFY2(!late, "asked a second later and still told the old number");
            QTest::qWait(5);
        }
        QVERIFY(!watcher.isListening());
        // Without a pooler the same watcher listens.
        db::ConnectionPool straight(direct, {});
        db::EpochWatcher listening(straight);
        A360_VERIFY_OK(listening.current());
        QTRY_VERIFY(listening.isListening());
    }

private:
    TestDatabases m_databases;
};

QTEST_GUILESS_MAIN(TestPooler)
#include "tst_pooler.moc"
