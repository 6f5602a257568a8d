// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli_program.h"
#include "db/connection_pool.h"
#include "db/index_claim.h"
#include "support/slow_index.h"
#include "support/test_databases.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QRegularExpression>
#include <QTest>

using namespace a360;
using namespace a360::test;

class TestCliServe : public QObject
{
    Q_OBJECT

    static QStringList words(const char *text) { return QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts); }

    struct Answer
    {
        int status = 0;
        QByteArray body;
    };
    Answer get(const QUrl &url, const QByteArray &token = {})
    {
        QNetworkRequest request(url);
        if (!token.isEmpty())
            request.setRawHeader("Authorization", "Bearer " + token);
        const std::unique_ptr<QNetworkReply> reply(m_network.get(request));
        if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 20000))
            return {};
        return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll()};
    }
    /// Starts the server on a free port and waits until it says where; empty when it does not.
    QString startServer(QProcess &server, const db::DatabaseUrl &database, const QStringList &more = {})
    {
        m_a360.start(server, words("serve --listen 127.0.0.1:0 --database") + QStringList{database.toString()} + more);
        QByteArray said;
        static const QRegularExpression address(QStringLiteral("http://127\\.0\\.0\\.1:\\d+"));
        const bool told = QTest::qWaitFor([&] {
            said += server.readAllStandardError();
            return address.match(QString::fromUtf8(said)).hasMatch() || server.state() == QProcess::NotRunning;
        }, 20000);
        return told ? address.match(QString::fromUtf8(said)).captured() : QString();
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }

    void tokenStandsAloneOnStandardOutput()
    {
        const db::DatabaseUrl database = m_databases.fresh(db::Dialect::Sqlite);
        const CliResult none = m_a360.run(database, words("token list"));
        A360_COMPARE_CODE(none, 0);
        QVERIFY(none.out.isEmpty());
        QVERIFY2(none.err.contains("no tokens yet"), none.err.constData());
        const CliResult made = m_a360.run(database, words("token create --role admin --name nightly"));
        A360_COMPARE_CODE(made, 0);
        QVERIFY2(QRegularExpression(QStringLiteral("^\\S{20,}\\n$")).match(QString::fromUtf8(made.out)).hasMatch(), made.out.constData());
        const QByteArray token = made.out.trimmed();
        QVERIFY(!made.err.contains(token));
        QVERIFY2(!readAll(database.path).contains(token), "only a hash of the token may be stored");
        const CliResult list = m_a360.run(database, words("token list"));
        A360_COMPARE_CODE(list, 0);
        QVERIFY(list.out.contains("nightly") && list.out.contains("valid") && !list.out.contains(token));
        A360_COMPARE_CODE(m_a360.run(database, words("token revoke 999999")), 2);
        A360_COMPARE_CODE(m_a360.run(database, words("token revoke seven")), 2);
        A360_COMPARE_CODE(m_a360.run(database, words("token create --role emperor")), 2);
        A360_COMPARE_CODE(m_a360.run(database, words("token frobnicate")), 2);
    }

    void servesListsAndStreamsAndStopsGracefully_data() { addDialectRows(); }
    void servesListsAndStreamsAndStopsGracefully()
    {
        QFETCH(const db::Dialect, dialect);
        const db::DatabaseUrl database = m_databases.fresh(dialect);
        A360_COMPARE_CODE(m_a360.run(database, {QStringLiteral("import"), QStringLiteral(A360_TEST_DATA "/dirty_2000.csv.gz")}), 0);
        const QByteArray token = m_a360.run(database, words("token create --role admin")).out.trimmed();
        const QByteArray count = m_a360.run(database, words("count contacts --filter title=manager")).out.trimmed();
        QProcess server;
        const QString base = startServer(server, database);
        QVERIFY(!base.isEmpty());

        QCOMPARE(get(QUrl(base + QStringLiteral("/health"))).status, 200); // decision 31: no token needed
        QCOMPARE(get(QUrl(base + QStringLiteral("/api/v1/contacts/"))).status, 401);
        const Answer page = get(QUrl(base + QStringLiteral("/api/v1/contacts/?title=manager&limit=5")), token);
        QCOMPARE(page.status, 200);
        QCOMPARE(QJsonDocument::fromJson(page.body)[QStringLiteral("results")].toArray().size(), 5);
        const Answer counted = get(QUrl(base + QStringLiteral("/api/v1/contacts/count/?title=manager")), token);
        QCOMPARE(QByteArray::number(QJsonDocument::fromJson(counted.body)[QStringLiteral("count")].toInteger()), count);
        const Answer stream = get(QUrl(base + QStringLiteral("/api/v1/contacts/stream/?format=jsonl&title=manager")), token);
        QCOMPARE(stream.status, 200);
        QCOMPARE(QByteArray::number(stream.body.count('\n')), count);

        server.terminate();
        QVERIFY(server.waitForFinished(20000));
        QCOMPARE(server.exitStatus(), QProcess::NormalExit);
        QCOMPARE(server.exitCode(), 0);
        QCOMPARE(server.readAllStandardOutput(), QByteArray());
    }

    void decision22_serveRebuildsWhatAnImportLeftWhileItAnswers_data() { addDialectRows(); }
    void decision22_serveRebuildsWhatAnImportLeftWhileItAnswers()
    {
        QFETCH(const db::Dialect, dialect);
        const db::DatabaseUrl database = m_databases.fresh(dialect);
        const QByteArray token = m_a360.run(database, words("token create --role admin")).out.trimmed();
        db::ConnectionPool pool(database, {});
        Result<db::Lease> lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript(slowIndex(dialect)));
        const auto made = [&] {
            const auto list = db::listSecondaryIndexes(*lease, {"contacts", "contacts_metadata", "companies", "companies_metadata"});
            return list.ok() ? static_cast<qint64>(list->size()) : -1;
        };
        const qint64 all = made();
        {
            db::IndexClaim load(*lease);
            A360_VERIFY_OK(load.drop({"contacts", "contacts_metadata", "companies", "companies_metadata"}));
            A360_VERIFY_OK(lease->executeScript(slowRows(dialect)));
        }
        QCOMPARE(made(), 0);
        QProcess server;
        const QString base = startServer(server, database);
        QVERIFY(!base.isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(made(), all - 1, 60'000); // it is at the slow one
        QCOMPARE(get(QUrl(base + QStringLiteral("/health"))).status, 200);
        const Answer counted = get(QUrl(base + QStringLiteral("/api/v1/contacts/count/?title=clerk")), token);
        QCOMPARE(QJsonDocument::fromJson(counted.body)[QStringLiteral("count")].toInteger(), slowRowCount);
        server.terminate();
        QVERIFY(server.waitForFinished(20000));
        QCOMPARE(server.exitCode(), 0);
        QCOMPARE(made(), all - 1);
        A360_VERIFY_OK(lease->executeScript(hurryUp()));
        QProcess next;
        QVERIFY(!startServer(next, database).isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(made(), all, 60'000);
        next.terminate();
        QVERIFY(next.waitForFinished(20000));
    }

    void settingsReachTheServer()
    {
        const db::DatabaseUrl database = m_databases.fresh(db::Dialect::Sqlite);
        const QByteArray token = m_a360.run(database, words("token create --role admin")).out.trimmed();
        A360_COMPARE_CODE(m_a360.run(database, {QStringLiteral("import"), QStringLiteral(A360_TEST_DATA "/dirty_2000.csv.gz")}), 0);
        QProcess server;
        const QString base = startServer(server, database, words("--set ENABLE_STREAMING_QUERIES=false --set MAX_PAGE_SIZE=7"));
        QVERIFY(!base.isEmpty());
        QCOMPARE(get(QUrl(base + QStringLiteral("/api/v1/contacts/stream/")), token).status, 503);
        const Answer page = get(QUrl(base + QStringLiteral("/api/v1/contacts/?limit=500")), token);
        QCOMPARE(QJsonDocument::fromJson(page.body)[QStringLiteral("results")].toArray().size(), 7);
        server.terminate();
        QVERIFY(server.waitForFinished(20000));
    }

    void takenPortAndBadAddressAre2()
    {
        const db::DatabaseUrl database = m_databases.fresh(db::Dialect::Sqlite);
        QProcess first;
        const QString base = startServer(first, database);
        QVERIFY(!base.isEmpty());
        const CliResult second = m_a360.run(database, {QStringLiteral("serve"), QStringLiteral("--listen"), base.mid(7)});
        A360_COMPARE_CODE(second, 2);
        QVERIFY2(second.err.contains(base.mid(7).toUtf8()) || second.err.contains("127.0.0.1"), second.err.constData());
        for (const char *address : {"8000", "localhost", "nowhere:x", "127.0.0.1:99999", "999.1.1.1:80"}) {
            const CliResult bad = m_a360.run(database, {QStringLiteral("serve"), QStringLiteral("--listen"), QLatin1String(address)});
            A360_COMPARE_CODE(bad, 2);
            QVERIFY2(bad.err.contains("--listen is '" + QByteArray(address) + "'"), bad.err.constData());
        }
        first.terminate();
        QVERIFY(first.waitForFinished(20000));
    }

    void decision19_serveAndTokenMigrate_data() { addDialectRows(); }
    void decision19_serveAndTokenMigrate()
    {
        QFETCH(const db::Dialect, dialect);
        const db::DatabaseUrl database = m_databases.fresh(dialect);
        A360_COMPARE_CODE(m_a360.run(database, words("count contacts")), 4);
        A360_COMPARE_CODE(m_a360.run(database, words("token list")), 0);
        const CliResult count = m_a360.run(database, words("count contacts"));
        A360_COMPARE_CODE(count, 0);
        QCOMPARE(count.out, QByteArray("0\n"));
    }

private:
    CliProgram m_a360;
    TestDatabases m_databases;
    QNetworkAccessManager m_network;
};

QTEST_GUILESS_MAIN(TestCliServe)
#include "tst_cli_serve.moc"
