// SPDX-License-Identifier: GPL-3.0-or-later
// Lists, counts and streams read from a real streaming standby, or from the primary when that cannot be had.
#include "api_fixture.h"

#include <QRegularExpression>

using namespace a360;
using a360::tests::ApiFixture;
using a360::tests::RawAnswer;

class TestApiReplica : public QObject
{
    Q_OBJECT

    std::unique_ptr<test::PrivatePostgres> m_primary, m_standby;
    db::DatabaseUrl m_url;
    ApiFixture m_api;

    /// Serves with the replica on that port; only pages of over 1,000 rows are not kept, or none is.
    Result<void> start(int port, bool caching)
    {
        ServiceOptions service;
        service.database = m_url;
        service.cache.enabled = caching;
        db::ReplicaOptions replica;
        replica.url = m_url;
        replica.url.port = port;
        replica.mostLag = std::chrono::milliseconds(500);
        service.replica = replica;
        rest::ApiOptions options;
        options.pages.most = 2000;
        return m_api.start(service, options);
    }
    QJsonObject list(const QByteArray &parameters) { return m_api.get("/api/v1/contacts/?" + parameters).json(); }
    bool usesReplica(const QByteArray &parameters) { return list(parameters).value(u"meta")[u"using_replica"].toBool(); }

private Q_SLOTS:
    void initTestCase()
    {
        auto primary = test::PrivatePostgres::start();
        A360_VERIFY_OK(primary);
        m_primary = std::move(primary).value();
        const auto url = m_primary->createDatabase();
        A360_VERIFY_OK(url);
        m_url = *url;
        A360_VERIFY_OK(m_api.start(m_url));
        A360_VERIFY_OK(m_api.fill(60, 5));
        auto standby = test::PrivatePostgres::startStandby(*m_primary);
        A360_VERIFY_OK(standby);
        m_standby = std::move(standby).value();
    }
    void cleanupTestCase() { m_api.stop(); }

    void listsThatAreNotKeptComeFromTheReplica()
    {
        A360_VERIFY_OK(start(m_standby->port(), false));
        const QByteArray asked = "limit=7&title=cto&count_mode=actual";
        QTRY_VERIFY_WITH_TIMEOUT(usesReplica(asked), 20'000);
        const QJsonObject page = list(asked);
        QCOMPARE(page.value(u"results").toArray().size(), 7);
        QCOMPARE(page.value(u"meta")[u"total"].toInt(), 30);
        QVERIFY(usesReplica("limit=3&offset=3"));
        QCOMPARE(m_api.get("/api/v1/contacts/count/").body, "{\"count\":60}");
        QCOMPARE(m_api.get("/api/v1/contacts/stream/?columns=uuid").body.count('\n'), 60);
        QVERIFY(m_api.service().reads().replica()->stats().totalCheckouts > 5);
    }
    void listsThatAreKeptComeFromThePrimary()
    {
        A360_VERIFY_OK(start(m_standby->port(), true));
        QTRY_VERIFY_WITH_TIMEOUT(usesReplica("limit=1500"), 20'000);
        const RawAnswer first = m_api.get("/api/v1/contacts/?limit=1000");
        QCOMPARE(first.json().value(u"meta")[u"using_replica"], QJsonValue(false));
        QCOMPARE(m_api.get("/api/v1/contacts/?limit=1000").headers.value("x-cache-hit"), "true");
        QVERIFY(usesReplica("limit=1500"));
    }
    void aReplicaThatLagsIsNotRead()
    {
        A360_VERIFY_OK(start(m_standby->port(), false));
        QTRY_VERIFY_WITH_TIMEOUT(usesReplica("limit=1"), 20'000);
        A360_VERIFY_OK(m_standby->run(m_url, "SELECT pg_wal_replay_pause()"));
        A360_VERIFY_OK(m_primary->run(m_url, "INSERT INTO contacts (uuid, email) VALUES ('late', 'late@n.example')")); // not by our pool
        QTRY_VERIFY_WITH_TIMEOUT(!usesReplica("limit=1"), 20'000);
        QCOMPARE(list("limit=1&email=late@n.example").value(u"results").toArray().size(), 1);
        A360_VERIFY_OK(m_standby->run(m_url, "SELECT pg_wal_replay_resume()"));
        QTRY_VERIFY_WITH_TIMEOUT(usesReplica("limit=1"), 20'000);
        QCOMPARE(list("limit=1&email=late@n.example").value(u"results").toArray().size(), 1);
    }
    void aReplicaThatIsNotThereCostsNoAnswer()
    {
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("reads go to the primary")));
        A360_VERIFY_OK(start(1, false)); // nobody listens there
        const QDeadlineTimer deadline(20'000);
        const auto tried = [this] { return m_api.service().reads().replica()->stats().totalOpenFailures; };
        do { // right after a write, such as the new token's, nobody asks the replica
            for (const char *target : {"/api/v1/contacts/?limit=2", "/api/v1/contacts/count/", "/api/v1/contacts/stream/?columns=uuid"})
                QCOMPARE(m_api.get(target).status, 200);
            QVERIFY(!usesReplica("limit=2"));
        } while (tried() == 0 && !deadline.hasExpired());
        QVERIFY(tried() > 0);
    }
    void aReplicaThatDiesCostsNoAnswer() // last: it stops the standby
    {
        A360_VERIFY_OK(start(m_standby->port(), false));
        QTRY_VERIFY_WITH_TIMEOUT(usesReplica("limit=1"), 20'000);
        A360_VERIFY_OK(m_standby->stop());
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("reads go to the primary")));
        for (int i = 0; i < 5; ++i) {
            const RawAnswer answer = m_api.get("/api/v1/contacts/?limit=1");
            QCOMPARE(answer.status, 200);
            QCOMPARE(answer.json().value(u"meta")[u"using_replica"], QJsonValue(false));
        }
    }
};

QTEST_GUILESS_MAIN(TestApiReplica)
#include "tst_api_replica.moc"
