// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_error.h"
#include "cache/redis_url.h"

#include <QTest>

using namespace a360;
using namespace a360::cache;

class TestRedisUrl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void neverShowsThePassword();
};

void TestRedisUrl::reads_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("display");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("password");
    QTest::newRow("guide") << "redis://localhost:6379/0" << "redis://localhost:6379/0" << "" << "";
    QTest::newRow("short") << " redis://cache " << "redis://cache:6379/0" << "" << "";
    QTest::newRow("no host") << "redis:///3" << "redis://localhost:6379/3" << "" << "";
    QTest::newRow("password") << "redis://:p%40ss%2F1@h:1/2" << "redis://:***@h:1/2" << "" << "p@ss/1";
    QTest::newRow("user") << "redis://app:a/b@c@h:1/2" << "redis://app:***@h:1/2" << "app" << "a/b@c";
    QTest::newRow("ipv6") << "redis://[::1]:7000/1" << "redis://[::1]:7000/1" << "" << "";
    QTest::newRow("db as an option") << "REDIS://h?db=4&decode_responses=True" << "redis://h:6379/4" << "" << "";
    QTest::newRow("tls") << "rediss://h/0?ssl_cert_reqs=required" << "rediss://h:6379/0" << "" << "";
    QTest::newRow("unix") << "unix://u:p@/run/redis/redis.sock?db=2" << "unix://u:***@/run/redis/redis.sock?db=2" << "u" << "p";
}

void TestRedisUrl::reads()
{
    QFETCH(QString, text);
    const Result<RedisUrl> url = RedisUrl::parse(text);
    QVERIFY2(url.ok(), url.ok() ? "" : qPrintable(url.error().message));
    QTEST(url->display(), "display");
    QTEST(url->user, "user");
    QTEST(url->password, "password");
    QCOMPARE(url->tls, text.startsWith(QLatin1String("rediss")));
}

void TestRedisUrl::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("why");
    QTest::newRow("empty") << " " << "ENABLE_REDIS_CACHE";
    QTest::newRow("http") << "http://s3cret@h" << "must begin with";
    QTest::newRow("port") << "redis://h:99999" << "port";
    QTest::newRow("no port") << "redis://h:/0" << "port is missing";
    QTest::newRow("a password without its host") << "redis://app:s3cret" << "port";
    QTest::newRow("db") << "redis://h/zero" << "database";
    QTest::newRow("negative db") << "redis://h?db=-1" << "database";
    QTest::newRow("bare ipv6") << "redis://::1:6379" << "brackets";
    QTest::newRow("question mark in the password") << "redis://:s3cret?x@h" << "%3F";
    QTest::newRow("no password before the @") << "redis://app@h" << ":password";
    QTest::newRow("unknown option") << "redis://h?timeout=3" << "timeout";
    QTest::newRow("no verification") << "rediss://h?ssl_cert_reqs=none" << "always verified";
    QTest::newRow("authority without TLS") << "redis://h?ssl_ca_certs=/ca.pem" << "rediss://";
    QTest::newRow("relative socket") << "unix://redis.sock" << "absolute";
}

void TestRedisUrl::refuses()
{
    QFETCH(QString, text);
    QFETCH(QString, why);
    const Result<RedisUrl> url = RedisUrl::parse(text);
    QVERIFY(!url.ok());
    QCOMPARE(url.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(url.error().field, QStringLiteral("REDIS_URL"));
    QVERIFY2(url.error().message.contains(why), qPrintable(url.error().message));
    QVERIFY(!url.error().message.contains(QLatin1String("s3cret")));
}

void TestRedisUrl::neverShowsThePassword()
{
    const Result<RedisUrl> url = RedisUrl::parse(QStringLiteral("redis://app:s3cret@h"));
    QVERIFY(url.ok());
    QVERIFY(!url->display().contains(QLatin1String("s3cret")));
    const Error error = errorOfReply("ERR unknown command 'AUTH', with args beginning with: 's3cret' ");
    QCOMPARE(error.message, QStringLiteral("Redis: the server answers \"ERR unknown command 'AUTH'\""));
}

QTEST_APPLESS_MAIN(TestRedisUrl)
#include "tst_redis_url.moc"
