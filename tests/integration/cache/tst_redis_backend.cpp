// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_backend.h"
#include "support/private_redis.h"
#include "support/test_databases.h"

#include <QtTest>

using namespace a360;
using namespace a360::cache;
using namespace std::chrono_literals;

/// The Redis tier against a real server that is well; tst_redis_faults has the other cases.
class TestRedisBackend : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void vectorsComeBack();
    void negativeResultsComeBack();
    void bothClientsShare();
    void entriesExpireOnTheServer();
    void clocksMayDiffer();
    void overIsNotKept();
    void largeIsNotKept();
    void foreignValuesAreMisses();
    void removesOne();
    void removesByPattern();
    void prefixIsLiteral();
    void manyInOneRoundTrip();
    void databasesAreApart();
    void unixSocket();
    void statisticsOfTheContract();
    void infoIsAskedOncePerSecond();

private:
    std::unique_ptr<RedisBackend> backend(const QString &url, RedisOptions options = {}) const
    {
        auto made = std::make_unique<RedisBackend>(RedisUrl::parse(url).value(), std::move(options));
        if (!made->waitUntilUp(5s))
            qFatal("no Redis");
        return made;
    }
    std::unique_ptr<RedisBackend> backend() const { return backend(m_server->url()); }
    static CacheEntry entry(QByteArray bytes, std::chrono::milliseconds life = 1min)
    {
        return {std::move(bytes), false, systemClock() + life.count() / 2, systemClock() + life.count()};
    }
    QByteArray ask(const QByteArrayList &command) const { return m_server->ask(command).value(); }
    static QJsonValue at(const QJsonObject &object, const char *name) { return object.value(QLatin1String(name)); }
    std::unique_ptr<test::PrivateRedis> m_server;
};

void TestRedisBackend::initTestCase()
{
    auto started = test::PrivateRedis::start();
    A360_VERIFY_OK(started);
    m_server = std::move(started).value();
}

void TestRedisBackend::init()
{
    QCOMPARE(ask({"FLUSHALL"}), QByteArray("OK"));
}

void TestRedisBackend::vectorsComeBack()
{
    const auto redis = backend();
    QByteArray every;
    for (int byte = 0; byte < 256; ++byte)
        every += char(byte);
    const std::vector<std::pair<QByteArray, QByteArray>> vectors{
        {"query_cache:user:61cdfbff454bbcde52a743a07aaaeee2", every},
        {"query_cache:contacts:list:48aa6ed34e9351eef1cde0e5397d8f5d", "$5\r\n*3\r\n"},
        {every, QByteArray()},
        {"large", QByteArray(3'000'000, 'x') + every}};
    for (const auto &[key, bytes] : vectors) {
        QVERIFY(!redis->get(key));
        const CacheEntry written = entry(bytes);
        QVERIFY(redis->set(key, written));
        const auto read = redis->get(key);
        QVERIFY(read);
        QVERIFY(read->bytes == bytes);
        QVERIFY(!read->nothing);
        QCOMPARE(read->freshUntil, written.freshUntil);
        QCOMPARE(read->expiresAt, written.expiresAt);
    }
    const BackendStats stats = redis->stats().front();
    QCOMPARE(stats.total.hits, 4);
    QCOMPARE(stats.total.misses, 4);
    QCOMPARE(stats.total.sets, 4);
    QCOMPARE(stats.errors, 0);
    QCOMPARE(stats.prefixes.at("contacts:list").counters.hits, 1);
}

void TestRedisBackend::negativeResultsComeBack()
{
    const auto redis = backend();
    CacheEntry nothing = entry({});
    nothing.nothing = true;
    QVERIFY(redis->set("none", nothing));
    QVERIFY(redis->get("none")->nothing);
}

void TestRedisBackend::bothClientsShare()
{
    const auto one = backend(), other = backend();
    QVERIFY(one->set("k", entry("1")));
    QCOMPARE(other->get("k")->bytes, QByteArray("1"));
    QVERIFY(other->set("k", entry("2")));
    QCOMPARE(one->get("k")->bytes, QByteArray("2"));
    QVERIFY(one->remove("k"));
    QVERIFY(!other->get("k"));
}

void TestRedisBackend::entriesExpireOnTheServer()
{
    const auto redis = backend();
    QVERIFY(redis->set("long", entry("1", 1h)));
    const qint64 left = ask({"PTTL", "long"}).toLongLong();
    QVERIFY2(left > 3'590'000 && left <= 3'600'000, qPrintable(QString::number(left)));
    QVERIFY(redis->set("short", entry("1", 60ms)));
    QTRY_COMPARE_WITH_TIMEOUT(ask({"EXISTS", "short"}), QByteArray("0"), 5000);
    QVERIFY(!redis->get("short"));
    QVERIFY(redis->get("long"));
}

void TestRedisBackend::clocksMayDiffer()
{
    // Two machines whose clocks are an hour apart from each other and from the server.
    RedisOptions early, late;
    early.clock = [] { return systemClock() - 3'600'000; };
    late.clock = [] { return systemClock() + 3'600'000; };
    const auto one = backend(m_server->url(), early), other = backend(m_server->url(), late);
    const qint64 now = early.clock();
    QVERIFY(one->set("k", {"v", false, now + 30'000, now + 60'000}));
    const auto read = other->get("k");
    QVERIFY(read);
    const qint64 left = read->expiresAt - late.clock(), fresh = read->freshUntil - late.clock();
    QVERIFY2(qAbs(left - 60'000) < 5000 && qAbs(fresh - 30'000) < 5000, qPrintable(QString::number(left)));
}

void TestRedisBackend::overIsNotKept()
{
    const auto redis = backend();
    QVERIFY(!redis->set("k", entry("v", 0ms)));
    QVERIFY(!redis->set("k", {"v", false, 0, 0}));
    QVERIFY(redis->set("ever", {"v", false, std::numeric_limits<qint64>::max(), std::numeric_limits<qint64>::max()}));
    QCOMPARE(redis->get("ever")->expiresAt, std::numeric_limits<qint64>::max());
    QCOMPARE(redis->stats().front().errors, 0);
}

void TestRedisBackend::largeIsNotKept()
{
    RedisOptions options;
    options.maxValueBytes = 1000;
    const auto redis = backend(m_server->url(), options);
    QVERIFY(redis->set("k", entry(QByteArray(1000, 'x'))));
    QVERIFY(!redis->set("k", entry(QByteArray(1001, 'x'))));
    QCOMPARE(redis->counts().errorsOf(RedisErrorKind::Value), 1);
}

void TestRedisBackend::foreignValuesAreMisses()
{
    const auto redis = backend();
    QCOMPARE(ask({"SET", "json", "{\"results\": [1, 2, 3], \"next\": null}"}), QByteArray("OK"));
    QCOMPARE(ask({"LPUSH", "list", "a"}), QByteArray("1"));
    QVERIFY(redis->set("later", entry("v")));
    QCOMPARE(ask({"SETRANGE", "later", "0", "\x02"}).toInt() > 0, true);
    for (const char *key : {"json", "list", "later"})
        QVERIFY(!redis->get(key));
    QCOMPARE(redis->counts().errorsOf(RedisErrorKind::Value), 2);
    QCOMPARE(redis->counts().errorsOf(RedisErrorKind::Refused), 1); // WRONGTYPE
    QVERIFY(redis->state().up);
}

void TestRedisBackend::removesOne()
{
    const auto redis = backend();
    QVERIFY(redis->set("k", entry("v")));
    QVERIFY(redis->remove("k"));
    QVERIFY(!redis->remove("k"));
    QCOMPARE(redis->stats().front().total.removals, 1);
}

void TestRedisBackend::removesByPattern()
{
    const auto redis = backend();
    std::vector<std::pair<QByteArray, CacheEntry>> entries;
    for (int i = 0; i < 5000; ++i) {
        entries.emplace_back("query_cache:contacts:list:" + QByteArray::number(i), entry("c"));
        entries.emplace_back("query_cache:companies:list:" + QByteArray::number(i), entry("c"));
    }
    QCOMPARE(redis->setMany(entries), 10'000);
    QCOMPARE(redis->removePattern("query_cache:contacts:*"), 5000);
    QCOMPARE(ask({"DBSIZE"}), QByteArray("5000"));
    QCOMPARE(redis->removePattern("query_cache:contacts:*"), 0);
    QCOMPARE(redis->removePattern("*:list:49[0-9]?"), 100);
    QCOMPARE(redis->removePattern("contacts"), 0); // a glob is no substring
    QCOMPARE(redis->stats().front().total.removals, 5100);
}

void TestRedisBackend::prefixIsLiteral()
{
    const auto redis = backend();
    QVERIFY(redis->set("a*b:1", entry("v")));
    QVERIFY(redis->set("axb:1", entry("v")));
    QCOMPARE(redis->removePrefix("a*b:"), 1);
    QVERIFY(redis->get("axb:1"));
}

void TestRedisBackend::manyInOneRoundTrip()
{
    const auto redis = backend();
    std::vector<std::pair<QByteArray, CacheEntry>> entries;
    std::vector<QByteArray> keys;
    for (int i = 0; i < 1200; ++i) {
        keys.push_back("k:" + QByteArray::number(i));
        if (i % 3 != 0)
            entries.emplace_back(keys.back(), entry(QByteArray::number(i)));
    }
    QCOMPARE(redis->setMany(entries), 800);
    const RedisCounts before = redis->counts();
    const auto found = redis->getMany(keys);
    QCOMPARE(redis->counts().calls - before.calls, 3);
    QCOMPARE(found.size(), keys.size());
    for (int i = 0; i < 1200; ++i) {
        QCOMPARE(found[size_t(i)].has_value(), i % 3 != 0);
        if (found[size_t(i)])
            QCOMPARE(found[size_t(i)]->bytes, QByteArray::number(i));
    }
    QCOMPARE(redis->stats().front().prefixes.at("k").counters.misses, 400);
}

void TestRedisBackend::databasesAreApart()
{
    const QString url = m_server->url();
    const auto zero = backend(), three = backend(url.chopped(1) + u'3');
    QVERIFY(three->set("k", entry("v")));
    QVERIFY(!zero->get("k"));
    QCOMPARE(ask({"-n", "3", "DBSIZE"}), QByteArray("1"));
    QVERIFY(ask({"CLIENT", "LIST"}).contains("name=appointment360"));
}

void TestRedisBackend::unixSocket()
{
    const auto redis = backend(QStringLiteral("unix://") + m_server->socketPath());
    QVERIFY(redis->set("k", entry("v")));
    QCOMPARE(redis->get("k")->bytes, QByteArray("v"));
}

void TestRedisBackend::statisticsOfTheContract()
{
    const auto redis = backend();
    QCOMPARE(ask({"CONFIG", "RESETSTAT"}), QByteArray("OK"));
    QVERIFY(redis->set("k", entry("v")));
    QVERIFY(redis->get("k"));
    QVERIFY(!redis->get("x"));
    const BackendStats stats = redis->stats().front();
    QCOMPARE(stats.name, QByteArray("redis"));
    QVERIFY(stats.available);
    QCOMPARE(stats.error, QString());
    QCOMPARE(stats.entries, 1);
    const QJsonObject info = at(stats.details, "redis_info").toObject();
    QCOMPARE(at(info, "keyspace_hits").toInteger(), 1);
    QCOMPARE(at(info, "keyspace_misses").toInteger(), 1);
    QVERIFY(at(info, "total_commands_processed").toInteger() >= 3);
    QCOMPARE(at(at(at(stats.details, "keyspace").toObject(), "db0").toObject(), "keys").toInteger(), 1);
    const QJsonObject client = at(stats.details, "client").toObject();
    QCOMPARE(at(client, "state").toString(), QStringLiteral("up"));
    QVERIFY(at(client, "bytes_sent").toInteger() > 0);
    QVERIFY(at(client, "bytes_received").toInteger() > 0);
}

void TestRedisBackend::infoIsAskedOncePerSecond()
{
    const auto redis = backend();
    static_cast<void>(redis->stats());
    const qint64 calls = redis->counts().calls;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 100; ++i)
        static_cast<void>(redis->stats());
    const auto passed = std::chrono::steady_clock::now() - start;
    QVERIFY(redis->counts().calls - calls <= passed / 1s + 1);
}

QTEST_GUILESS_MAIN(TestRedisBackend)
#include "tst_redis_backend.moc"
