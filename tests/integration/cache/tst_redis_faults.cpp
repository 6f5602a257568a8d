// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_backend.h"
#include "support/private_redis.h"
#include "support/scripted_peer.h"
#include "support/test_databases.h"

#include <QtTest>

#include <thread>

using namespace a360;
using namespace a360::cache;
using namespace std::chrono_literals;

using test::ScriptedPeer;
using Steady = std::chrono::steady_clock;

/// What goes wrong with a Redis server costs hits and never more time than a command may take.
class TestRedisFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wrongPassword();
    void passwordNeeded();
    void nobodyListens();
    void aServerThatIsGoneHoldsNothing();
    void hostThatCannotBeLookedUp();
    void fullMemory();
    void restart();
    void idleConnectionsClosedByTheServer();
    void pausedServer();
    void slowAnswers();
    void answersThatDripIn();
    void slowServerIsNotAskedAllTheTime();
    void garbage_data();
    void garbage();
    void answersNobodyAskedFor();
    void lateAnswersReachNobody();
    void brokenScan();
    void manyThreadsDuringARestart();
    void busyConnections();
    void closeEndsCalls();

private:
    static constexpr auto bound = 250ms; // RedisOptions' own
    static constexpr auto margin = 500ms; // for a machine that is busy with other things
    static CacheEntry entry(QByteArray bytes) { return {std::move(bytes), false, 0, systemClock() + 60'000}; }
    static std::unique_ptr<RedisBackend> make(const QString &url, RedisOptions options = {})
    {
        return std::make_unique<RedisBackend>(RedisUrl::parse(url).value(), std::move(options));
    }
    static std::unique_ptr<RedisBackend> makeUp(const QString &url, RedisOptions options = {})
    {
        auto redis = make(url, std::move(options));
        if (!redis->waitUntilUp(5s))
            qFatal("no Redis");
        return redis;
    }
    template <typename Call>
    static Steady::duration timeOf(Call call)
    {
        const auto start = Steady::now();
        call();
        return Steady::now() - start;
    }
};

namespace {

std::unique_ptr<test::PrivateRedis> server(test::PrivateRedisOptions options = {})
{
    auto started = test::PrivateRedis::start(std::move(options));
    if (!started.ok())
        qFatal("%s", qPrintable(started.error().message));
    return std::move(started).value();
}

std::unique_ptr<ScriptedPeer> peer(ScriptedPeer::Script script)
{
    auto started = ScriptedPeer::start(std::move(script));
    if (!started.ok())
        qFatal("%s", qPrintable(started.error().message));
    return std::move(started).value();
}

QByteArray bulk(const QByteArray &bytes)
{
    return '$' + QByteArray::number(bytes.size()) + "\r\n" + bytes + "\r\n";
}

} // namespace

void TestRedisFaults::wrongPassword()
{
    const auto redisServer = server({.password = QStringLiteral("right"), .tls = false, .arguments = {}});
    QString url = redisServer->url();
    const auto redis = make(url.replace(QLatin1String("right"), QLatin1String("s3cret")));
    QTRY_VERIFY_WITH_TIMEOUT(redis->counts().errorsOf(RedisErrorKind::Login) >= 2, 5000);
    QVERIFY(!redis->get("k"));
    QVERIFY(!redis->set("k", entry("v")));
    const BackendStats stats = redis->stats().front();
    QVERIFY(!stats.available);
    QVERIFY2(stats.error.contains(QLatin1String("refuses the password")), qPrintable(stats.error));
    QVERIFY(!QJsonDocument(stats.details).toJson().contains("s3cret"));
    QVERIFY(!stats.error.contains(QLatin1String("s3cret")));
    QCOMPARE(stats.total.misses, 1);
    QCOMPARE(stats.errors, 2);
    // The password is mended on the server: it is used without a restart of this program.
    QCOMPARE(redisServer->ask({"CONFIG", "SET", "requirepass", "s3cret"}).value(), QByteArray("OK"));
    QVERIFY(redis->waitUntilUp(10s));
    QVERIFY(redis->set("k", entry("v")));
}

void TestRedisFaults::passwordNeeded()
{
    const auto redisServer = server({.password = QStringLiteral("right"), .tls = false, .arguments = {}});
    const auto redis = make(QStringLiteral("redis://127.0.0.1:%1").arg(redisServer->port()));
    QTRY_VERIFY_WITH_TIMEOUT(redis->counts().errorsOf(RedisErrorKind::Login) >= 1, 5000);
    QVERIFY(!redis->state().up);
}

void TestRedisFaults::nobodyListens()
{
    const auto redisServer = server();
    A360_VERIFY_OK(redisServer->stop());
    const auto redis = make(redisServer->url());
    QTRY_VERIFY_WITH_TIMEOUT(redis->counts().errorsOf(RedisErrorKind::Connect) >= 2, 5000);
    const auto time = timeOf([&] {
        for (int i = 0; i < 1000; ++i)
            QVERIFY(!redis->get("k"));
    });
    QVERIFY2(time < bound, "calls while the server is away are not immediate");
    QCOMPARE(redis->counts().errorsOf(RedisErrorKind::Down), 1000);
    QCOMPARE(redis->stats().front().total.misses, 1000);
}

void TestRedisFaults::aServerThatIsGoneHoldsNothing()
{
    const auto redisServer = server();
    const auto redis = makeUp(redisServer->url());
    QVERIFY(redis->set("k", entry("v")));
    QCOMPARE(redis->stats().front().entries, 1);
    A360_VERIFY_OK(redisServer->stop());
    QTRY_VERIFY_WITH_TIMEOUT(redis->stats().front().entries == 0, 5000); // unknown, whatever it was
    const BackendStats stats = redis->stats().front();
    QVERIFY(!stats.available);
    QCOMPARE(stats.bytes, 0);
    QCOMPARE(stats.validEntries, 0);
}

void TestRedisFaults::hostThatCannotBeLookedUp()
{
    const auto redis = make(QStringLiteral("redis://no-such-host.invalid/0"));
    QTRY_VERIFY_WITH_TIMEOUT(redis->counts().errorsOf(RedisErrorKind::Connect) >= 1, 5000);
    QVERIFY(!redis->get("k"));
    QVERIFY(timeOf([&] { redis->close(); }) < bound + margin);
}

void TestRedisFaults::fullMemory()
{
    const auto redisServer = server({.password = {}, .tls = false, .arguments = {
        QStringLiteral("--maxmemory"), QStringLiteral("4mb"), QStringLiteral("--maxmemory-policy"), QStringLiteral("noeviction")}});
    const auto redis = makeUp(redisServer->url());
    const CacheEntry large = entry(QByteArray(200'000, 'x'));
    int kept = 0;
    while (kept < 100 && redis->set("k" + QByteArray::number(kept), large))
        ++kept;
    QVERIFY2(kept > 0 && kept < 100, qPrintable(QString::number(kept)));
    QVERIFY(!redis->set("more", large));
    QCOMPARE(redis->counts().errorsOf(RedisErrorKind::Memory), 2);
    QVERIFY(redis->counts().lastError.contains(QLatin1String("OOM")));
    QVERIFY(redis->state().up);
    QVERIFY(redis->get("k0")); // reading goes on, and room can be made
    QVERIFY(redis->removePattern("k*") == kept);
    QVERIFY(redis->set("more", large));
}

void TestRedisFaults::restart()
{
    const auto redisServer = server();
    const auto redis = makeUp(redisServer->url());
    for (int round = 0; round < 3; ++round) {
        QVERIFY(redis->set("k", entry("v")));
        A360_VERIFY_OK(redisServer->stop());
        QVERIFY(!redis->get("k"));
        QTRY_VERIFY_WITH_TIMEOUT(redis->state().failures > 0 && !redis->state().up, 5000);
        A360_VERIFY_OK(redisServer->startAgain());
        const auto time = timeOf([&] { QVERIFY(redis->waitUntilUp(10s)); });
        QVERIFY2(time < RedisOptions().longestRetry + margin, "whole again too late");
        QVERIFY(!redis->get("k")); // it came back empty
    }
    QVERIFY(redis->set("k", entry("v")));
    QCOMPARE(redis->get("k")->bytes, QByteArray("v"));
    QCOMPARE(redis->counts().reconnects, 3);
    QCOMPARE(redis->state().failures, 0);
}

void TestRedisFaults::idleConnectionsClosedByTheServer()
{
    const auto redisServer = server();
    const auto redis = makeUp(redisServer->url());
    QVERIFY(redis->set("k", entry("v")));
    QVERIFY(redisServer->ask({"CLIENT", "KILL", "TYPE", "normal"}).value().toInt() > 0);
    QVERIFY(!redis->get("k")); // the one call that finds out
    QVERIFY(redis->waitUntilUp(5s));
    QCOMPARE(redis->get("k")->bytes, QByteArray("v"));
    QCOMPARE(redis->counts().errorsOf(RedisErrorKind::Lost), 1);
}

void TestRedisFaults::pausedServer()
{
    const auto redisServer = server();
    const auto redis = makeUp(redisServer->url());
    QVERIFY(redis->set("k", entry("v")));
    redisServer->pause();
    Steady::duration first = timeOf([&] { QVERIFY(!redis->get("k")); });
    QVERIFY2(first >= bound - 50ms && first < bound + margin, qPrintable(QString::number(first / 1ms)));
    int calls = 0;
    Steady::duration longest{};
    for (const QDeadlineTimer end(2s); !end.hasExpired(); ++calls) {
        longest = std::max(longest, timeOf([&] { QVERIFY(!redis->get("k")); }));
        QVERIFY(!redis->state().up); // the kernel still takes connections, but nobody logs in
    }
    QVERIFY2(longest < bound, qPrintable(QString::number(longest / 1ms)));
    QVERIFY2(calls > 1000, qPrintable(QString::number(calls)));
    QCOMPARE(redis->counts().errorsOf(RedisErrorKind::Down), calls);
    redisServer->resume();
    const auto back = timeOf([&] { QVERIFY(redis->waitUntilUp(10s)); });
    QVERIFY2(back < RedisOptions().longestRetry + bound + margin, qPrintable(QString::number(back / 1ms)));
    QCOMPARE(redis->get("k")->bytes, QByteArray("v"));
}

void TestRedisFaults::slowAnswers()
{
    const auto slow = peer([](ScriptedPeer::Line &line, const QByteArrayList &) { return line.wait(2s) && line.send("$-1\r\n"); });
    const auto redis = makeUp(slow->url());
    const auto time = timeOf([&] { QVERIFY(!redis->get("k")); });
    QVERIFY2(time >= bound - 50ms && time < bound + margin, qPrintable(QString::number(time / 1ms)));
    QCOMPARE(redis->counts().errorsOf(RedisErrorKind::Timeout), 1);
}

void TestRedisFaults::answersThatDripIn()
{
    const auto slow = peer([](ScriptedPeer::Line &line, const QByteArrayList &) {
        bool goOn = line.send("$1000000\r\n");
        for (int i = 0; goOn && i < 1'000'000; ++i)
            goOn = line.wait(20ms) && line.send("x");
        return goOn;
    });
    const auto redis = makeUp(slow->url());
    QVERIFY(timeOf([&] { QVERIFY(!redis->get("k")); }) < bound + margin);
    QCOMPARE(redis->counts().errorsOf(RedisErrorKind::Timeout), 1);
}

void TestRedisFaults::slowServerIsNotAskedAllTheTime()
{
    const auto slow = peer([](ScriptedPeer::Line &line, const QByteArrayList &) { return line.wait(2s); });
    RedisOptions options;
    options.commandTimeout = 20ms;
    const auto redis = makeUp(slow->url(), options);
    // It logs in each time; only a call that succeeds may shorten the pauses again.
    for (const QDeadlineTimer end(1500ms); !end.hasExpired();)
        QVERIFY(!redis->get("k"));
    QVERIFY2(slow->connections() <= 9, qPrintable(QString::number(slow->connections()))); // pauses 0 25 50 100 200 400 800 at least
    QVERIFY(redis->state().failures >= 3);
}

void TestRedisFaults::garbage_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("http") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n");
    QTest::newRow("zeros") << QByteArray(100'000, '\0');
    QTest::newRow("high bytes") << QByteArray(100'000, '\xff');
    QTest::newRow("a huge array") << QByteArray("*2000000000\r\n:1\r\n");
    QTest::newRow("deep arrays") << QByteArray("*1\r\n").repeated(10'000);
    QTest::newRow("a length that is none") << QByteArray("$abc\r\nabc\r\n");
    QTest::newRow("a map of RESP3") << QByteArray("%1\r\n+a\r\n+b\r\n");
}

void TestRedisFaults::garbage()
{
    QFETCH(QByteArray, answer);
    const auto bad = peer([answer](ScriptedPeer::Line &line, const QByteArrayList &) { return line.send(answer); });
    const auto redis = makeUp(bad->url());
    for (int i = 1; i <= 3; ++i) {
        QVERIFY(redis->waitUntilUp(5s));
        QVERIFY(!redis->get("k"));
        QCOMPARE(redis->counts().errorsOf(RedisErrorKind::Protocol), i);
    }
    QTRY_VERIFY_WITH_TIMEOUT(bad->connections() >= 3, 5000); // each garbled connection was dropped
}

void TestRedisFaults::answersNobodyAskedFor()
{
    const auto chatty = peer([](ScriptedPeer::Line &line, const QByteArrayList &) {
        return line.send("$-1\r\n" + bulk(encodeEntry({"of somebody else", false, 0, systemClock() + 3'600'000})));
    });
    const auto redis = makeUp(chatty->url());
    for (int i = 0; i < 3; ++i) {
        QVERIFY(redis->waitUntilUp(5s));
        QVERIFY(!redis->get("k"));
    }
}

void TestRedisFaults::lateAnswersReachNobody()
{
    // Answers with the key asked for; the one for "slow" comes after its caller has given up.
    const auto late = peer([](ScriptedPeer::Line &line, const QByteArrayList &command) {
        if (command.value(1) == "slow" && !line.wait(400ms))
            return false;
        return line.send(bulk(encodeEntry({command.value(1), false, 0, 2'000'000'000'000})));
    });
    const auto redis = makeUp(late->url());
    for (int round = 0; round < 3; ++round) {
        QVERIFY(!redis->get("slow"));
        const QDeadlineTimer end(1s);
        int answered = 0;
        while (!end.hasExpired()) {
            if (const auto read = redis->get("fast")) {
                QCOMPARE(read->bytes, QByteArray("fast"));
                ++answered;
            }
        }
        QVERIFY(answered > 0);
    }
}

void TestRedisFaults::brokenScan()
{
    const auto bad = peer([](ScriptedPeer::Line &line, const QByteArrayList &) { return line.send("+OK\r\n"); });
    const auto redis = makeUp(bad->url());
    QCOMPARE(redis->removePattern("*"), 0);
    QVERIFY(redis->stats().front().errors > 0);
}

void TestRedisFaults::manyThreadsDuringARestart()
{
    const auto redisServer = server();
    const auto redis = makeUp(redisServer->url());
    std::atomic<bool> stop = false;
    std::atomic<qint64> wrong = 0, hits = 0, longest = 0;
    std::vector<std::thread> threads;
    for (int number = 0; number < 8; ++number) {
        threads.emplace_back([&, number] {
            for (int i = 0; !stop; ++i) {
                const QByteArray key = QByteArray::number(number) + ':' + QByteArray::number(i % 50);
                const auto time = timeOf([&] {
                    redis->set(key, entry(key));
                    if (const auto read = redis->get(key)) {
                        ++hits;
                        wrong += read->bytes == key ? 0 : 1;
                    }
                });
                qint64 seen = longest;
                while (seen < time / 1ms && !longest.compare_exchange_weak(seen, time / 1ms)) {}
            }
        });
    }
    const auto waitForHits = [&] {
        const qint64 before = hits;
        return QTest::qWaitFor([&] { return hits > before + 100; }, 10'000);
    };
    bool ran = waitForHits();
    for (int round = 0; ran && round < 2; ++round) {
        ran = redisServer->stop().ok() && QTest::qWaitFor([&] { return !redis->state().up; }, 5000) &&
              redisServer->startAgain().ok() && waitForHits();
    }
    stop = true;
    for (std::thread &thread : threads)
        thread.join();
    QVERIFY(ran);
    QCOMPARE(wrong.load(), 0);
    QVERIFY2(longest < 2 * (bound + margin) / 1ms, qPrintable(QString::number(longest)));
    QCOMPARE(redis->counts().reconnects, 2);
    QVERIFY(redis->state().connections <= RedisOptions().connections);
    QCOMPARE(redis->state().busy, 0);
}

void TestRedisFaults::busyConnections()
{
    const auto slow = peer([](ScriptedPeer::Line &line, const QByteArrayList &) { return line.wait(150ms) && line.send("$-1\r\n"); });
    RedisOptions options;
    options.connections = 1;
    const auto redis = makeUp(slow->url(), options);
    std::vector<std::thread> threads;
    std::atomic<qint64> longest = 0;
    for (int i = 0; i < 6; ++i) {
        threads.emplace_back([&] {
            const qint64 time = timeOf([&] { redis->get("k"); }) / 1ms;
            qint64 seen = longest;
            while (seen < time && !longest.compare_exchange_weak(seen, time)) {}
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QVERIFY2(longest < (bound + margin) / 1ms, qPrintable(QString::number(longest)));
    QVERIFY(redis->counts().errorsOf(RedisErrorKind::Busy) + redis->counts().errorsOf(RedisErrorKind::Timeout) +
                redis->counts().errorsOf(RedisErrorKind::Down) >= 4);
}

void TestRedisFaults::closeEndsCalls()
{
    const auto silent = peer([](ScriptedPeer::Line &line, const QByteArrayList &) { return line.wait(30s); });
    RedisOptions options;
    options.commandTimeout = 30s;
    auto redis = makeUp(silent->url(), options);
    std::vector<std::thread> threads;
    std::atomic<int> ended = 0;
    for (int i = 0; i < 8; ++i) { // four wait for an answer, four for a connection
        threads.emplace_back([&] {
            redis->get("k");
            ++ended;
        });
    }
    const bool running = QTest::qWaitFor([&] { return redis->state().busy == options.connections; }, 10'000);
    const auto time = timeOf([&] { redis->close(); });
    for (std::thread &thread : threads)
        thread.join();
    QVERIFY(running);
    QVERIFY2(time < margin, qPrintable(QString::number(time / 1ms)));
    QCOMPARE(ended.load(), 8);
    QVERIFY(!redis->get("k"));
    QVERIFY(!redis->waitUntilUp(1ms));
    redis->close();
    QCOMPARE(redis->stats().front().available, false);
    redis.reset();
}

QTEST_GUILESS_MAIN(TestRedisFaults)
#include "tst_redis_faults.moc"
