// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_error.h"
#include "cache/redis_info.h"
#include "cache/redis_reply.h"

#include <QJsonDocument>
#include <QTest>

using namespace a360;
using namespace a360::cache;

class TestRedisReply : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEveryKind();
    void waitsForTheRest();
    void refusesWhatIsNone_data();
    void refusesWhatIsNone();
    void writesCommands();
    void sortsErrors();
    void readsInfo();
};

void TestRedisReply::readsEveryKind()
{
    static const char all[] = "+OK\r\n-ERR no\r\n:-7\r\n$-1\r\n$5\r\na\0\r\nb\r\n*2\r\n$1\r\n0\r\n*2\r\n$0\r\n\r\n:1\r\n*0\r\n";
    RedisReplyParser parser;
    QVERIFY(parser.feed(QByteArrayView(all, sizeof all - 1)).ok());
    const auto next = [&] { return parser.next().value().value(); };
    QCOMPARE(next().bytes, QByteArray("OK"));
    const RedisReply error = next();
    QVERIFY(error.kind == RedisReply::Kind::Error);
    QCOMPARE(error.bytes, QByteArray("ERR no"));
    QCOMPARE(next().integer, -7);
    QVERIFY(next().kind == RedisReply::Kind::Nil);
    QCOMPARE(next().bytes, QByteArray("a\0\r\nb", 5));
    const RedisReply scan = next();
    QCOMPARE(scan.elements.size(), size_t(2));
    QCOMPARE(scan.elements[0].bytes, QByteArray("0"));
    QCOMPARE(scan.elements[1].elements.size(), size_t(2));
    QCOMPARE(scan.elements[1].elements[1].integer, 1);
    QVERIFY(next().elements.empty());
    QVERIFY(!parser.hasBytes());
}

void TestRedisReply::waitsForTheRest()
{
    const QByteArray whole("*2\r\n$3\r\nabc\r\n:12\r\n");
    RedisReplyParser parser;
    for (qsizetype i = 0; i < whole.size(); ++i) {
        QVERIFY(!parser.next().value().has_value());
        QVERIFY(parser.feed(whole.mid(i, 1)).ok());
        QVERIFY(parser.hasBytes());
    }
    const RedisReply reply = parser.next().value().value();
    QCOMPARE(reply.elements[0].bytes, QByteArray("abc"));
    QCOMPARE(reply.elements[1].integer, 12);
    QVERIFY(!parser.hasBytes());
}

void TestRedisReply::refusesWhatIsNone_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("http") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n");
    QTest::newRow("zeros") << QByteArray(64, '\0');
    QTest::newRow("high bytes") << QByteArray(64, '\xff');
    QTest::newRow("a length that is none") << QByteArray("$x\r\n");
    QTest::newRow("a huge array") << QByteArray("*2000000000\r\n");
    QTest::newRow("arrays in arrays") << QByteArray("*1\r\n*1\r\n*1\r\n*1\r\n");
    QTest::newRow("an integer that is none") << QByteArray(":1a\r\n");
    QTest::newRow("RESP3: a double") << QByteArray(",1.5\r\n");
    QTest::newRow("RESP3: a map") << QByteArray("%1\r\n+a\r\n+b\r\n");
}

void TestRedisReply::refusesWhatIsNone()
{
    QFETCH(QByteArray, bytes);
    RedisReplyParser parser;
    QVERIFY(parser.feed(bytes).ok());
    const auto reply = parser.next();
    QVERIFY(!reply.ok());
    QCOMPARE(redisErrorKind(reply.error()), RedisErrorKind::Protocol);
    QVERIFY(!parser.next().ok()); // and stays so
}

void TestRedisReply::writesCommands()
{
    RedisBatch batch;
    batch.add({"GET", "k"}).add({"SET", QByteArrayView("a\0", 2), QByteArrayView()});
    QCOMPARE(batch.commands(), 2);
    static const char expected[] = "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*3\r\n$3\r\nSET\r\n$2\r\na\0\r\n$0\r\n\r\n";
    QCOMPARE(batch.bytes(), QByteArray(expected, sizeof expected - 1));
}

void TestRedisReply::sortsErrors()
{
    QCOMPARE(redisErrorKind(errorOfReply("OOM command not allowed when used memory > 'maxmemory'.")), RedisErrorKind::Memory);
    QCOMPARE(redisErrorKind(errorOfReply("NOAUTH Authentication required.")), RedisErrorKind::Login);
    QCOMPARE(redisErrorKind(errorOfReply("LOADING Redis is loading the dataset in memory")), RedisErrorKind::Refused);
    for (int kind = 0; kind < redisErrorKinds; ++kind)
        QCOMPARE(redisErrorKind(makeRedisError(RedisErrorKind(kind), {})), RedisErrorKind(kind));
}

void TestRedisReply::readsInfo()
{
    const RedisInfo info = parseRedisInfo("# Stats\r\ntotal_commands_processed:9\r\nkeyspace_hits:5\r\nkeyspace_misses:4\r\n"
                                          "# Keyspace\r\ndb0:keys=3,expires=2,avg_ttl=17\r\n# Memory\r\nused_memory:1000\r\n"
                                          "maxmemory:2000\r\nnonsense\r\n");
    const auto parsed = [](const char *json) { return QJsonDocument::fromJson(json).object(); };
    QCOMPARE(info.stats, parsed(R"({"total_commands_processed":9,"keyspace_hits":5,"keyspace_misses":4})"));
    QCOMPARE(info.keyspace, parsed(R"({"db0":{"keys":3,"expires":2,"avg_ttl":17}})"));
    QCOMPARE(info.keysIn(0), 3);
    QCOMPARE(info.keysIn(1), 0);
    QCOMPARE(info.usedBytes, 1000);
    QCOMPARE(info.maxBytes, 2000);
}

QTEST_APPLESS_MAIN(TestRedisReply)
#include "tst_redis_reply.moc"
