// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli_program.h"
#include "db/connection_pool.h"
#include "support/adopted_database.h"
#include "support/test_databases.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <csignal>

using namespace a360;
using namespace a360::test;

class TestCliIndexes : public QObject
{
    Q_OBJECT

    static int count(const CliResult &result, const char *state)
    {
        int found = 0;
        for (const QByteArray &line : result.out.split('\n'))
            found += line.startsWith(QByteArray(state) + '\t') ? 1 : 0;
        return found;
    }
    db::DatabaseUrl adopted(db::Dialect dialect)
    {
        const db::DatabaseUrl url = m_databases.fresh(dialect);
        db::ConnectionPool pool(url, {});
        Result<db::Lease> lease = pool.lease();
        if (!lease.ok() || !lease->executeScript(adoptedDatabase(dialect)).ok())
            qFatal("the database cannot be made");
        return url;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }

    void decision19_listingChangesNothing_data() { addDialectRows(); }
    void decision19_listingChangesNothing()
    {
        QFETCH(db::Dialect, dialect);
        const db::DatabaseUrl url = adopted(dialect);
        const CliResult listed = m_a360.run(url, {QStringLiteral("indexes")});
        A360_COMPARE_CODE(listed, 0);
        QVERIFY(count(listed, "missing") > 20);
        QCOMPARE(count(listed, "impossible"), 1);
        QVERIFY(listed.out.contains("idx_contacts_status_company_id\tthere is no column contacts.status\n"));
        QVERIFY2(listed.err.contains("--create"), listed.err.constData());
        const CliResult json = m_a360.run(url, {QStringLiteral("indexes"), QStringLiteral("--json")});
        A360_COMPARE_CODE(json, 0);
        const QJsonArray all = QJsonDocument::fromJson(json.out).array();
        QCOMPARE(all.size(), listed.out.count('\n'));
        QCOMPARE(all.first()[QStringLiteral("state")].toString(), QStringLiteral("missing"));
        QCOMPARE(count(m_a360.run(url, {QStringLiteral("indexes")}), "missing"), count(listed, "missing"));
    }
    void decision19_createMakesTheMissingOnes_data() { addDialectRows(); }
    void decision19_createMakesTheMissingOnes()
    {
        QFETCH(db::Dialect, dialect);
        const db::DatabaseUrl url = adopted(dialect);
        const CliResult before = m_a360.run(url, {QStringLiteral("indexes")});
        const CliResult made = m_a360.run(url, {QStringLiteral("indexes"), QStringLiteral("--create")});
        A360_COMPARE_CODE(made, 0);
        QVERIFY2(made.err.contains(QByteArray::number(count(before, "missing")) + " indexes made."), made.err.constData());
        QCOMPARE(count(made, "missing"), 0);
        QCOMPARE(count(made, "present"), count(before, "missing"));
    }
    void decision8_noRightIs4()
    {
        db::DatabaseUrl url = adopted(db::Dialect::PostgreSql);
        A360_VERIFY_OK(m_databases.postgres().run(url, "CREATE ROLE guest LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public "
                                                       "TO guest"));
        url.user = QStringLiteral("guest");
        A360_COMPARE_CODE(m_a360.run(url, {QStringLiteral("indexes")}), 0);
        const CliResult refused = m_a360.run(url, {QStringLiteral("indexes"), QStringLiteral("--create")});
        A360_COMPARE_CODE(refused, 4);
        QVERIFY2(refused.err.contains("guest") && refused.err.contains("owner"), refused.err.constData());
    }
    void decision8_failedIndexIs4AndTheRestIsMade()
    {
        const db::DatabaseUrl url = adopted(db::Dialect::PostgreSql);
        A360_VERIFY_OK(m_databases.postgres().run(url, "UPDATE contacts SET title = (SELECT string_agg(md5(g::text), ' ') FROM "
                                                       "generate_series(1, 400) g) WHERE id = 1"));
        const CliResult made = m_a360.run(url, {QStringLiteral("indexes"), QStringLiteral("--create")});
        A360_COMPARE_CODE(made, 4);
        QVERIFY2(made.err.contains("Not made: idx_contacts_title:"), made.err.constData());
        QCOMPARE(count(made, "missing"), 1);
    }
    void decision8_cancelledIs5()
    {
        const db::DatabaseUrl url = adopted(db::Dialect::PostgreSql);
        db::ConnectionPool pool(url, {});
        Result<db::Lease> lease = pool.lease(), old = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(old);
        A360_VERIFY_OK(old->begin(db::TransactionMode::ReadSnapshot)); // CREATE INDEX CONCURRENTLY waits for it
        QProcess process;
        m_a360.start(process, {QStringLiteral("indexes"), QStringLiteral("--create"), QStringLiteral("--database"), url.toString()});
        const db::Sql unfinished(db::Dialect::PostgreSql, "SELECT count(*) FROM pg_index WHERE NOT indisvalid");
        QTRY_COMPARE_WITH_TIMEOUT(lease->queryInteger(unfinished).ok() ? *lease->queryInteger(unfinished) : -1, 1, 20'000);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitCode(), 5);
        QVERIFY(process.readAllStandardError().contains("0 of the missing indexes were made"));
        QCOMPARE(*lease->queryInteger(unfinished), 0);
    }
    void decision16_aSearchWithoutIndexIsNotedOnce_data()
    {
        QTest::addColumn<db::Dialect>("dialect");
        QTest::addColumn<QString>("command");
        for (const char *command : {"count contacts", "count contacts --by country", "count companies --estimated",
                                    "export contacts --columns uuid"}) {
            QTest::addRow("%s, SQLite", command) << db::Dialect::Sqlite << QString::fromLatin1(command);
            if (!QByteArrayView(command).contains("estimated")) // PostgreSQL only asks its planner
                QTest::addRow("%s, PostgreSQL", command) << db::Dialect::PostgreSql << QString::fromLatin1(command);
        }
    }
    void decision16_aSearchWithoutIndexIsNotedOnce()
    {
        QFETCH(db::Dialect, dialect);
        QFETCH(QString, command);
        const db::DatabaseUrl url = adopted(dialect);
        const QStringList plain = command.split(QLatin1Char(' '));
        const auto notes = [this, &url](const QStringList &words) {
            const CliResult result = m_a360.run(url, words);
            return result.code == 0 ? int(result.err.count("reads every record")) : -1;
        };
        QCOMPARE(notes(plain), 0);
        QCOMPARE(notes(plain + QStringList{QStringLiteral("--search"), QStringLiteral("lovelace berlin")}), 1);
        QCOMPARE(notes(plain + QStringList{QStringLiteral("--filter"), QStringLiteral("search=lovelace")}), 1);
        QCOMPARE(notes(plain + QStringList{QStringLiteral("--search"), QStringLiteral("lovelace"), QStringLiteral("--quiet")}), 0);
    }
    void aDatabaseThatIsNotThereIs4AndIsNotMade()
    {
        const QString path = m_a360.path(QStringLiteral("nothing.db"));
        for (const QStringList &words : {QStringList{QStringLiteral("indexes")},
                                         QStringList{QStringLiteral("indexes"), QStringLiteral("--create")}}) {
            A360_COMPARE_CODE(m_a360.run(db::DatabaseUrl::sqliteFile(path), words), 4);
            QVERIFY(!QFile::exists(path));
        }
    }

private:
    CliProgram m_a360;
    TestDatabases m_databases;
};

QTEST_GUILESS_MAIN(TestCliIndexes)
#include "tst_cli_indexes.moc"
