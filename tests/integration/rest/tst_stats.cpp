// SPDX-License-Identifier: GPL-3.0-or-later
// What the API tells of itself: /metrics, /health/db, /api/v1/admin/stats/*.
#include "api_fixture.h"
#include "pool_metrics.h"

#include <QRegularExpression>
#include <QtTest>

#include <thread>

using namespace a360;
using namespace a360::tests;

namespace {

/// The value of a series in Prometheus' text; -1 when it is not there.
double valueIn(const QByteArray &text, const QByteArray &series)
{
    for (const QByteArray &line : text.split('\n')) {
        if (line.startsWith(series + ' '))
            return line.mid(series.size() + 1).toDouble();
    }
    return -1;
}

} // namespace

class TestStats : public QObject
{
    Q_OBJECT

    test::TestDatabases m_databases;
    ApiFixture m_api;

    QByteArray tokenOf(access::Role role)
    {
        access::TokenStore tokens(m_api.service().pool());
        return "Authorization: Bearer " + tokens.create(role, QStringLiteral("other"))->token.toLatin1() + "\r\n";
    }
    RawAnswer getAs(const QByteArray &target, const QByteArray &fields = {})
    {
        RawClient client(m_api.port());
        client.get(target, fields);
        return client.read();
    }
    void startAgain(rest::ApiOptions options = {}, rest::ApiParts parts = {})
    {
        m_api.server().stop(std::chrono::milliseconds(0));
        options.http.port = 0;
        const auto port = m_api.server().start(options, m_api.service(), std::move(parts));
        A360_VERIFY_OK(port);
        m_api.setPort(*port);
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }
    void init()
    {
        A360_VERIFY_OK(m_api.start(m_databases.fresh(db::Dialect::Sqlite)));
        A360_VERIFY_OK(m_api.fill(QTest::currentTestFunction() == QByteArray("aClientThatLeavesIsCounted") ? 20'000 : 30, 3));
    }

    void theMemoOfQueriesIsSeen()
    {
        QCOMPARE(m_api.get("/api/v1/contacts/?limit=5&title=engineer").status, 200);
        for (int i = 0; i < 3; ++i)
            QCOMPARE(m_api.get("/api/v1/contacts/?limit=5&title=engineer").status, 200);
        QCOMPARE(m_api.get("/api/v1/contacts/?limit=0").status, 422); // is not remembered
        QCOMPARE(m_api.get("/api/v1/contacts/?limit=0").status, 422);
        const QJsonObject memo = m_api.get("/api/v1/admin/stats/cache").json()[QStringLiteral("memo")].toObject();
        const QJsonObject contacts = memo[QStringLiteral("understood contacts:list")].toObject();
        QCOMPARE(contacts, (QJsonObject{{QStringLiteral("hits"), 3}, {QStringLiteral("misses"), 3},
                                        {QStringLiteral("maxsize"), 128}, {QStringLiteral("currsize"), 1}}));
        QVERIFY(memo.contains(QStringLiteral("understood companies:list")));
        const QByteArray text = m_api.get("/metrics").body;
        const auto metric = [&text](const QByteArray &name) {
            return valueIn(text, "a360_memo_" + name + "{memo=\"understood contacts:list\"}");
        };
        QCOMPARE(metric("hits_total"), 3.0);
        QCOMPARE(metric("misses_total"), 3.0);
        QCOMPARE(metric("entries"), 1.0);
        QCOMPARE(metric("max_entries"), 128.0);
    }

    void parallelWorkIsSeen()
    {
        const auto metric = [this](const QByteArray &name) {
            return valueIn(m_api.get("/metrics").body, "a360_parallel_" + name + "{work=\"export encoding\"}");
        };
        QCOMPARE(metric("items_total"), 0.0);
        QCOMPARE(m_api.get("/api/v1/contacts/stream/").status, 200);
        QCOMPARE(metric("items_total"), 1.0); // 30 rows are one batch
        QVERIFY(metric("busy_seconds_total") > 0);
        QCOMPARE(metric("failures_total"), 0.0);
        QCOMPARE(metric("running_items"), 0.0);
        QCOMPARE(valueIn(m_api.get("/metrics").body, "a360_parallel_items_total{work=\"import parsing\"}"), 0.0);
    }

    void metricsCountRequestsByPatternMethodAndStatus()
    {
        QCOMPARE(m_api.get("/api/v1/contacts/").status, 200);
        QCOMPARE(m_api.get("/api/v1/contacts/?limit=5").status, 200);
        QCOMPARE(m_api.get("/api/v1/contacts/?limit=0").status, 422);
        QCOMPARE(m_api.get("/api/v1/contacts/" + ApiFixture::uuid('a', 1) + '/').status, 200);
        QCOMPARE(m_api.get("/api/v1/contacts/" + ApiFixture::uuid('a', 2) + '/').status, 200);
        QCOMPARE(m_api.get("/api/v1/contacts/stream/").status, 200);
        QCOMPARE(m_api.get("/no/such/" + QByteArray::number(4711)).status, 404);
        QCOMPARE(getAs("/health").status, 200);
        // A stream counts as under way until its thread has let go, which may be after its last byte has arrived.
        QTRY_COMPARE(valueIn(m_api.get("/metrics").body, "a360_http_active_streams"), 0.0);
        const RawAnswer answer = m_api.get("/metrics");
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.headers.value("content-type"), QByteArray("text/plain; version=0.0.4; charset=utf-8"));
        const QByteArray text = answer.body;
        const auto requests = [&](const QByteArray &route, const QByteArray &status) {
            return valueIn(text, "a360_http_requests_total{method=\"GET\",route=\"" + route + "\",status=\"" + status + "\"}");
        };
        QCOMPARE(requests("/api/v1/contacts", "2xx"), 2.0);
        QCOMPARE(requests("/api/v1/contacts", "4xx"), 1.0);
        QCOMPARE(requests("/api/v1/contacts/<uuid>", "2xx"), 2.0);
        QCOMPARE(requests("/api/v1/contacts/stream", "2xx"), 1.0);
        QCOMPARE(requests("other", "4xx"), 1.0);
        QCOMPARE(requests("/health", "2xx"), 1.0);
        QVERIFY(!text.contains("4711"));
        QCOMPARE(valueIn(text, "a360_http_request_duration_seconds_count{method=\"GET\",route=\"/api/v1/contacts\"}"), 3.0);
        QVERIFY(valueIn(text, "a360_http_sent_bytes_total") > 1000);
        QVERIFY(valueIn(text, "a360_http_received_bytes_total") > 500);
        QVERIFY(valueIn(text, "a360_http_active_connections") >= 1);
        QCOMPARE(valueIn(text, "a360_http_active_streams"), 0.0);
        QVERIFY(valueIn(text, "a360_pool_checkouts_total") > 5);
        QCOMPARE(valueIn(text, "a360_pool_size"), 25.0);
        QCOMPARE(valueIn(text, "a360_pool_wait_seconds_count"), valueIn(text, "a360_pool_checkouts_total"));
        static const QRegularExpression type(QStringLiteral("^# TYPE (\\S+) (\\S+)$"), QRegularExpression::MultilineOption);
        auto names = type.globalMatch(QString::fromUtf8(text));
        QVERIFY(names.hasNext());
        while (names.hasNext()) {
            const auto match = names.next();
            QVERIFY2(match.captured(1).startsWith(QStringLiteral("a360_")), qPrintable(match.captured(1)));
            QCOMPARE(match.captured(1).endsWith(QStringLiteral("_total")), match.captured(2) == QStringLiteral("counter"));
        }
    }

    void keepAliveRequestsAreCountedOneByOne()
    {
        RawClient client(m_api.port());
        for (int i = 0; i < 3; ++i) {
            client.get("/health");
            QCOMPARE(client.read().status, 200);
            client.get("/nothing");
            QCOMPARE(client.read().status, 404);
        }
        const QByteArray text = m_api.get("/metrics").body;
        QCOMPARE(valueIn(text, "a360_http_requests_total{method=\"GET\",route=\"/health\",status=\"2xx\"}"), 3.0);
        QCOMPARE(valueIn(text, "a360_http_requests_total{method=\"GET\",route=\"other\",status=\"4xx\"}"), 3.0);
    }

    void aClientThatLeavesIsCounted()
    {
        {
            RawClient client(m_api.port(), 1024);
            client.get("/api/v1/contacts/stream/?preset=full", m_api.bearer());
            QVERIFY(client.socket().waitForReadyRead(10'000));
            client.socket().abort();
        }
        QTRY_COMPARE(valueIn(m_api.get("/metrics").body, "a360_http_requests_abandoned_total"), 1.0);
    }

    void aCacheThatNobodyAskedHasNoHitRatio()
    {
        QVERIFY(m_api.get("/metrics").body.contains("\na360_cache_hit_ratio NaN\n"));
        QCOMPARE(m_api.get("/api/v1/contacts/").status, 200);
        QVERIFY(m_api.get("/metrics").body.contains("\na360_cache_hit_ratio 0\n"));
        QCOMPARE(m_api.get("/api/v1/contacts/").status, 200);
        QVERIFY(m_api.get("/metrics").body.contains("\na360_cache_hit_ratio 0.5\n"));
    }

    void metricsNeedATokenUnlessPublicAndLocal()
    {
        QCOMPARE(getAs("/metrics").status, 401);
        QCOMPARE(getAs("/metrics", tokenOf(access::Role::FreeUser)).status, 200);
        rest::ApiOptions options;
        options.metricsPublic = true;
        startAgain(options);
        QCOMPARE(getAs("/metrics").status, 200);
        QCOMPARE(getAs("/metrics", "X-Forwarded-For: 10.0.0.1\r\n").status, 401);
        QCOMPARE(getAs("/metrics", "Forwarded: for=10.0.0.1\r\n").status, 401);
        QCOMPARE(getAs("/api/v1/admin/stats/pool/").status, 401); // that one stays closed
    }

    void adminStatsNeedTheRole()
    {
        for (const char *part : {"cache", "pool", "tasks", "queries"}) {
            const QByteArray path = QByteArray("/api/v1/admin/stats/") + part;
            QCOMPARE(getAs(path).status, 401);
            const RawAnswer refused = getAs(path, tokenOf(access::Role::ProUser));
            QCOMPARE(refused.status, 403);
            QCOMPARE(refused.json()[u"detail"].toString(), QStringLiteral("Forbidden"));
            QCOMPARE(getAs(path, tokenOf(access::Role::Admin)).status, 200);
            QCOMPARE(getAs(path + '/', tokenOf(access::Role::SuperAdmin)).status, 200);
        }
    }

    void partsAreTheServicesOrGivenOrOff()
    {
        const QJsonObject cache = m_api.get("/api/v1/admin/stats/cache/").json();
        QVERIFY(cache[u"enabled"].toBool());
        QVERIFY(cache[u"hits"].isDouble() && cache[u"misses"].isDouble());
        for (const char *part : {"tasks", "queries"}) // this service was opened without them
            QCOMPARE(m_api.get(QByteArray("/api/v1/admin/stats/") + part).body, QByteArray("{\"enabled\":false}"));
        metrics::Registry registry;
        registry.counter("a360_test_total", "From outside.").add(7);
        rest::ApiParts parts;
        parts.registry = &registry;
        parts.cache = [] { return std::string("{\"enabled\":true,\"hits\":3,\"misses\":4}"); };
        startAgain({}, parts);
        QCOMPARE(m_api.get("/api/v1/admin/stats/cache/").json()[u"hits"].toInt(), 3);
        QCOMPARE(m_api.get("/api/v1/admin/stats/tasks/").body, QByteArray("{\"enabled\":false}"));
        const QByteArray text = m_api.get("/metrics").body;
        QCOMPARE(valueIn(text, "a360_test_total"), 7.0);
        QCOMPARE(valueIn(text, "a360_pool_size"), -1.0); // the registry's owner decides what is in it
        m_api.server().stop();
    }

    void poolStatisticsAreTheContracts()
    {
        auto leaked = m_api.service().pool().lease(db::Lane::Jobs, {}, "a test");
        A360_VERIFY_OK(leaked);
        const QJsonObject health = m_api.get("/health/db").json();
        QCOMPARE(health[u"status"].toString(), QStringLiteral("healthy"));
        QVERIFY(health[u"message"].toString().startsWith(QStringLiteral("Pool usage: 4.0% (1/25), overflow: 0, avg wait: ")));
        const QJsonObject stats = health[u"stats"].toObject();
        for (const char *key : {"size", "checked_in", "checked_out", "overflow", "usage_percentage", "total_checkouts",
                                "total_checkins", "total_invalidated", "wait_time_stats", "health_status"})
            QVERIFY2(stats.contains(QLatin1String(key)), key);
        QCOMPARE(stats[u"health_status"].toString(), QStringLiteral("healthy"));
        QCOMPARE(stats[u"usage_percentage"].toDouble(), 4.0);
        const QJsonObject waits = stats[u"wait_time_stats"].toObject();
        for (const char *key : {"avg_wait_time_seconds", "max_wait_time_seconds", "total_wait_time_seconds", "samples"})
            QVERIFY2(waits.contains(QLatin1String(key)), key);
        double counted = 0;
        for (const QJsonValue bucket : waits[u"histogram"].toArray())
            counted += bucket.toObject()[u"count"].toDouble();
        QCOMPARE(counted, stats[u"total_checkouts"].toDouble());
        QVERIFY(!getAs("/health/db").json().contains(QStringLiteral("stats")));
        const QJsonObject admin = m_api.get("/api/v1/admin/stats/pool/").json();
        QCOMPARE(admin[u"checked_out"].toInt(), 1);
        QVERIFY(admin[u"long_leases"].toArray().isEmpty()); // it is young
        QVERIFY(admin[u"load"].toObject().contains(QStringLiteral("recommended_pool_size")));
    }

    void healthDoesNotWaitForAPlaceToKnowWhoAsks()
    {
        ServiceOptions service;
        service.database = m_databases.fresh(db::Dialect::Sqlite);
        service.pool.size = 1;
        service.pool.maxOverflow = 0;
        service.pool.timeout = std::chrono::seconds(20);
        A360_VERIFY_OK(m_api.start(service));
        const QByteArray stranger = tokenOf(access::Role::FreeUser);
        QCOMPARE(m_api.get("/health/db").json()[u"status"].toString(), QStringLiteral("healthy")); // that token is known now
        const auto held = m_api.service().pool().lease(db::Lane::Interactive, {}, "a test");
        A360_VERIFY_OK(held);
        QElapsedTimer timer;
        timer.start();
        const RawAnswer known = m_api.get("/health/db");
        QVERIFY(known.json().contains(QStringLiteral("stats")));
        const RawAnswer unknown = getAs("/health/db", stranger);
        QCOMPARE(unknown.status, 503);
        QCOMPARE(unknown.json()[u"status"].toString(), QStringLiteral("critical"));
        QVERIFY(!unknown.json().contains(QStringLiteral("stats")));
        QVERIFY2(timer.elapsed() < 10'000, QByteArray::number(timer.elapsed()).constData());
    }

    void aStreamThatIsOutForLongIsNamed()
    {
        ServiceOptions service;
        service.database = m_databases.fresh(db::Dialect::Sqlite);
        service.pool.leakAfter = std::chrono::seconds(0);
        A360_VERIFY_OK(m_api.start(service));
        A360_VERIFY_OK(m_api.fill(20'000, 3));
        RawClient client(m_api.port(), 1024); // reads nothing, so that the stream waits for it
        client.get("/api/v1/contacts/stream/?preset=full", m_api.bearer());
        const auto streams = [this] {
            QJsonArray found;
            for (const QJsonValue lease : m_api.get("/api/v1/admin/stats/pool/").json()[u"long_leases"].toArray()) {
                if (lease[u"owner"].toString() == QStringLiteral("rest stream"))
                    found.append(lease);
            }
            return found;
        };
        QTRY_COMPARE(streams().size(), 1);
        const QJsonValue stream = streams().at(0);
        QCOMPARE(stream[u"lane"].toString(), QStringLiteral("bulk"));
        QVERIFY(stream[u"age_seconds"].toDouble() > 0);
        client.socket().abort();
        QTRY_COMPARE(streams().size(), 0);
    }
};

QTEST_GUILESS_MAIN(TestStats)
#include "tst_stats.moc"
