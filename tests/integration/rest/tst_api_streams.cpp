// SPDX-License-Identifier: GPL-3.0-or-later
// Streamed exports over HTTP, on both databases: content, limits, leaving clients, failing databases.
#include "api_fixture.h"

#include <QElapsedTimer>
#include <QFile>

using namespace a360;
using a360::tests::ApiFixture;
using a360::tests::RawAnswer;
using a360::tests::RawClient;

namespace {

constexpr int kContacts = 40'000;

QList<QJsonObject> linesOf(const QByteArray &body)
{
    QList<QJsonObject> lines;
    for (const QByteArray &line : body.split('\n')) {
        if (!line.isEmpty())
            lines += QJsonDocument::fromJson(line).object();
    }
    return lines;
}

/// Resident memory of this process (server and client alike), in MiB.
qint64 residentMiB()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    return file.readAll().split(' ').value(1).toLongLong() * 4096 / (1024 * 1024);
}

} // namespace

class TestApiStreams : public QObject
{
    Q_OBJECT

    test::TestDatabases m_databases;
    std::map<db::Dialect, db::DatabaseUrl> m_urls;
    ApiFixture m_api;

    void start(db::Dialect dialect, const rest::ApiOptions &options = {}) { A360_VERIFY_OK(m_api.start(m_urls.at(dialect), options)); }

private Q_SLOTS:
    void initTestCase_data() { test::addDialectRows(); }
    void initTestCase()
    {
        QVERIFY2(m_databases.open(), m_databases.problem());
        for (const db::Dialect dialect : {db::Dialect::Sqlite, db::Dialect::PostgreSql}) {
            m_urls[dialect] = m_databases.fresh(dialect);
            start(dialect);
            A360_VERIFY_OK(m_api.fill(kContacts, 50));
        }
    }
    void init()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        start(dialect);
    }
    void cleanup() { m_api.stop(); }

    void jsonLinesAreTheDefaultInOrderOfId()
    {
        const RawAnswer answer = m_api.get("/api/v1/contacts/stream/?max_results=500");
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.headers.value("content-type"), "application/x-ndjson");
        QCOMPARE(answer.headers.value("content-disposition"), "attachment; filename=\"contacts.jsonl\"");
        const QList<QJsonObject> lines = linesOf(answer.body);
        QCOMPARE(lines.size(), 500);
        for (int i = 0; i < 500; ++i)
            QCOMPARE(lines[i].value(u"uuid").toString().toLatin1(), ApiFixture::uuid('a', i + 1));
        QCOMPARE(lines.first().size(), 7); // the guide's columns
        QVERIFY(lines.first().value(u"mobile_phone").isNull());
    }

    void decision29_noLineOfJsonHoldsALineSeparator()
    {
        const RawAnswer answer = m_api.get("/api/v1/contacts/stream/?last_name=%E6%9D%8E&max_results=10");
        QVERIFY(!answer.body.contains("\xE2\x80\xA8"));
        QVERIFY(answer.body.contains("\\u2028"));
        QCOMPARE(answer.body.count('\n'), 10);
        QCOMPARE(linesOf(answer.body).first().value(u"last_name").toString(), QString::fromUtf8("李\xE2\x80\xA8Wang\nline"));
    }

    void everyRowArrivesOnce()
    {
        const RawAnswer answer = m_api.get("/api/v1/contacts/stream/?format=csv&columns=uuid,first_name");
        QVERIFY(answer.complete);
        QCOMPARE(answer.headers.value("content-type"), "text/csv");
        QCOMPARE(answer.headers.value("content-disposition"), "attachment; filename=\"contacts.csv\"");
        QByteArrayList lines = answer.body.split('\n');
        QVERIFY(lines.takeFirst().startsWith("uuid,first_name"));
        while (!lines.isEmpty() && lines.last().isEmpty())
            lines.removeLast();
        QCOMPARE(lines.size(), kContacts);
        QCOMPARE(QSet<QByteArray>(lines.begin(), lines.end()).size(), kContacts);
    }

    void filtersOrderingPresetsAndCompanies()
    {
        QList<QJsonObject> lines =
            linesOf(m_api.get("/api/v1/contacts/stream/?title=cto&first_name=zo%C3%AB&ordering=-created_at&max_results=3").body);
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].value(u"email").toString() > lines[1].value(u"email").toString());
        lines = linesOf(m_api.get("/api/v1/contacts/stream/?preset=list&max_results=1").body);
        QCOMPARE(lines.first().size(), 41);
        QCOMPARE(lines.first().value(u"employees").toInt(), 20);
        lines = linesOf(m_api.get("/api/v1/companies/stream/?employees_min=490").body);
        QCOMPARE(lines.size(), 2);
        QCOMPARE(lines.first().size(), 6);
        const RawAnswer none = m_api.get("/api/v1/companies/stream/?format=csv&name=nobody");
        QVERIFY(none.complete);
        QCOMPARE(none.body.count('\n'), 1);
        QVERIFY(none.body.startsWith("uuid,name,address"));
    }

    void decision18_maxStreamingResultsCapsEvenLargerWishes()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        QCOMPARE(linesOf(m_api.get("/api/v1/contacts/stream/?columns=uuid").body).size(), kContacts); // unset by default
        rest::ApiOptions options;
        options.maxStreamingResults = 100;
        start(dialect, options);
        QCOMPARE(linesOf(m_api.get("/api/v1/contacts/stream/").body).size(), 100);
        QCOMPARE(linesOf(m_api.get("/api/v1/contacts/stream/?max_results=5000").body).size(), 100);
        QCOMPARE(linesOf(m_api.get("/api/v1/contacts/stream/?max_results=7").body).size(), 7);
        QCOMPARE(m_api.get("/api/v1/contacts/count/").body, "{\"count\":" + QByteArray::number(kContacts) + "}");
    }

    void theBatchSizeChangesNoByte()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        const QByteArray target = "/api/v1/contacts/stream/?preset=list&max_results=2500";
        const RawAnswer usual = m_api.get(target);
        QCOMPARE(usual.body.count('\n'), 2500);
        for (const qsizetype rows : {1, 999}) {
            ServiceOptions options;
            options.database = m_urls.at(dialect);
            options.pace.batchRows = rows; // STREAMING_BATCH_SIZE
            A360_VERIFY_OK(m_api.start(options));
            const RawAnswer answer = m_api.get(target);
            QVERIFY(answer.complete);
            QCOMPARE(answer.body, usual.body);
        }
    }

    void disabledStreamsAnswer503()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        rest::ApiOptions options;
        options.streamingEnabled = false;
        start(dialect, options);
        const RawAnswer answer = m_api.get("/api/v1/contacts/stream/");
        QCOMPARE(answer.status, 503);
        QCOMPARE(answer.json().value(u"detail").toString(), QStringLiteral("Streaming queries are disabled"));
    }

    void headTellsTheTypeOnly()
    {
        RawClient client(m_api.port());
        client.send("HEAD /api/v1/contacts/stream/?format=csv HTTP/1.1\r\nHost: h\r\n" + m_api.bearer() + "\r\n");
        const RawAnswer answer = client.read(10'000, true);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.headers.value("content-type"), "text/csv");
        client.get("/health");
        QCOMPARE(client.read().status, 200);
    }

    void slowReaderKeepsMemoryFlatAndLeavingFreesTheConnection()
    {
        const qint64 before = residentMiB();
        RawClient client(m_api.port(), 16 * 1024);
        client.get("/api/v1/contacts/stream/?preset=full", m_api.bearer());
        QTRY_COMPARE(m_api.server().counters().activeStreams, 1);
        QTRY_VERIFY(m_api.server().counters().bytesSent > 100'000);
        QTRY_VERIFY(m_api.service().pool().stats().checkedOut >= 1);
        qint64 last = -1; // until the stream has filled every buffer and stands still
        QTRY_VERIFY(std::exchange(last, m_api.server().counters().bytesSent) == m_api.server().counters().bytesSent);
        const qint64 grown = residentMiB() - before;
        QVERIFY2(grown < 40, QByteArray::number(grown).constData());
        client.socket().abort();
        QElapsedTimer timer;
        timer.start();
        QTRY_COMPARE(m_api.service().pool().stats().checkedOut, 0);
        QTRY_COMPARE(m_api.server().counters().activeStreams, 0);
        QVERIFY2(timer.elapsed() < 1000, QByteArray::number(timer.elapsed()).constData());
    }

    void stoppingTheServerCutsStreams()
    {
        RawClient client(m_api.port(), 16 * 1024);
        client.get("/api/v1/contacts/stream/?preset=full", m_api.bearer());
        QTRY_VERIFY(m_api.server().counters().bytesSent > 100'000);
        QElapsedTimer timer;
        timer.start();
        m_api.server().stop(std::chrono::milliseconds(100));
        QVERIFY2(timer.elapsed() < 2000, QByteArray::number(timer.elapsed()).constData());
        QCOMPARE(m_api.service().pool().stats().checkedOut, 0);
        QVERIFY(!client.read().complete);
    }

    void manyStreamsAtOnce()
    {
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 8; ++i) {
            clients.push_back(std::make_unique<RawClient>(m_api.port()));
            clients.back()->get(i % 2 ? "/api/v1/contacts/stream/?columns=uuid" : "/api/v1/contacts/stream/?preset=full", m_api.bearer());
        }
        for (const auto &client : clients) {
            const RawAnswer answer = client->read(60'000);
            QVERIFY(answer.complete);
            QCOMPARE(answer.body.count('\n'), kContacts);
        }
    }

    void databaseThatDiesInMidStreamCutsTheAnswer()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        if (dialect != db::Dialect::PostgreSql)
            return; // an embedded database has no server that could die
        RawClient client(m_api.port(), 16 * 1024);
        client.get("/api/v1/contacts/stream/?preset=full", m_api.bearer());
        QTRY_VERIFY(m_api.server().counters().bytesSent > 100'000);
        A360_VERIFY_OK(m_databases.postgres().stop());
        const RawAnswer answer = client.read(60'000);
        QCOMPARE(answer.status, 200);
        QVERIFY(!answer.complete);
        // Nothing sent yet: a proper status instead.
        const RawAnswer down = m_api.get("/api/v1/contacts/stream/");
        QCOMPARE(down.status, 503);
        QCOMPARE(down.json().value(u"code").toString(), QStringLiteral("unavailable"));
        QCOMPARE(m_api.get("/api/v1/contacts/").status, 503);
        const RawAnswer health = m_api.get("/health/db");
        QCOMPARE(health.status, 503);
        QCOMPARE(health.json().value(u"status").toString(), QStringLiteral("critical"));
        QCOMPARE(m_api.get("/health").status, 200);
        A360_VERIFY_OK(m_databases.postgres().startAgain());
        QTRY_COMPARE(m_api.get("/api/v1/contacts/count/").status, 200);
    }
};

QTEST_GUILESS_MAIN(TestApiStreams)
#include "tst_api_streams.moc"
