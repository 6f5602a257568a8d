// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_backend.h"
#include "support/private_redis.h"
#include "support/test_databases.h"

#include <QtTest>

using namespace a360;
using namespace a360::cache;
using namespace std::chrono_literals;

/// TLS to a real server whose certificate an authority of this test has signed, for 127.0.0.1 and localhost.
class TestRedisTls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void talksToATrustedServer();
    void trustsByName();
    void refuses_data();
    void refuses();
    void plainClientGetsNowhere();

private:
    static CacheEntry entry(QByteArray bytes) { return {std::move(bytes), false, 0, systemClock() + 60'000}; }
    static std::unique_ptr<RedisBackend> make(const QString &url) { return std::make_unique<RedisBackend>(RedisUrl::parse(url).value()); }
    std::unique_ptr<test::PrivateRedis> m_server;
};

void TestRedisTls::initTestCase()
{
    auto started = test::PrivateRedis::start({.password = QStringLiteral("s3cret"), .tls = true, .arguments = {
        QStringLiteral("--bind"), QStringLiteral("127.0.0.1"), QStringLiteral("127.0.0.2")}});
    A360_VERIFY_OK(started);
    m_server = std::move(started).value();
}

void TestRedisTls::talksToATrustedServer()
{
    auto redis = make(m_server->url());
    QVERIFY(redis->waitUntilUp(5s));
    const QByteArray large(2'000'000, 'x'); // many TLS records
    QVERIFY(redis->set("large", entry(large)));
    for (int i = 0; i < 20; ++i)
        QVERIFY(redis->set("k" + QByteArray::number(i), entry(QByteArray::number(i))));
    for (int i = 0; i < 20; ++i)
        QCOMPARE(redis->get("k" + QByteArray::number(i))->bytes, QByteArray::number(i));
    QVERIFY(redis->get("large")->bytes == large);
    QCOMPARE(redis->stats().front().errors, 0);
}

void TestRedisTls::trustsByName()
{
    auto redis = make(m_server->url().replace(QLatin1String("127.0.0.1"), QLatin1String("localhost")));
    QVERIFY(redis->waitUntilUp(5s));
}

void TestRedisTls::refuses_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("why");
    QString wrong = m_server->url().replace(m_server->authority(), m_server->wrongAuthority());
    QTest::newRow("another authority") << wrong << "not trusted";
    QTest::newRow("the system's authorities") << m_server->url().section(u'?', 0, 0) << "not trusted";
    QTest::newRow("another address") << m_server->url().replace(QLatin1String("127.0.0.1"), QLatin1String("127.0.0.2")) << "mismatch";
    QTest::newRow("no such file") << m_server->url() + QStringLiteral(".none") << "cannot be used";
}

void TestRedisTls::refuses()
{
    QFETCH(QString, url);
    QFETCH(QString, why);
    auto redis = make(url);
    QTRY_VERIFY_WITH_TIMEOUT(redis->counts().errorsOf(RedisErrorKind::Tls) > 1, 5000);
    QVERIFY(!redis->state().up);
    QVERIFY2(redis->state().error.contains(why), qPrintable(redis->state().error));
    QVERIFY(!redis->set("k", entry("v")));
    QVERIFY(!redis->get("k"));
    QVERIFY(!redis->counts().lastError.contains(QLatin1String("s3cret")));
}

void TestRedisTls::plainClientGetsNowhere()
{
    QString url = m_server->url().section(u'?', 0, 0);
    auto redis = make(url.replace(QLatin1String("rediss"), QLatin1String("redis")));
    QTRY_VERIFY_WITH_TIMEOUT(redis->state().failures > 1, 5000);
    QVERIFY(!redis->get("k"));
}

QTEST_GUILESS_MAIN(TestRedisTls)
#include "tst_redis_tls.moc"
