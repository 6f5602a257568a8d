// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/cache_backend.h"
#include "composition.h"

#include <QTest>

using namespace a360;
using namespace a360::app;

class TestComposition : public QObject
{
    Q_OBJECT

    static Result<ServiceOptions> options(const QMap<QString, QString> &values, Access access = Access::ReadOnly)
    {
        SettingsSources sources;
        sources.commandLine = values;
        const auto settings = Settings::load(sources);
        if (!settings)
            return settings.error();
        return serviceOptions(*settings, access);
    }

private Q_SLOTS:
    void redisOnlyWhenWanted()
    {
        const auto without = options({{QStringLiteral("REDIS_URL"), QStringLiteral("redis://127.0.0.1:1")}});
        QVERIFY(without.ok());
        QVERIFY(!without->cache.farTier);
        const auto with = options({{QStringLiteral("REDIS_URL"), QStringLiteral("redis://127.0.0.1:1")},
                                   {QStringLiteral("ENABLE_REDIS_CACHE"), QStringLiteral("true")}});
        QVERIFY(with.ok());
        const auto tier = with->cache.farTier();
        QCOMPARE(tier->name(), QByteArray("redis"));
        QVERIFY(!tier->get("k")); // nobody listens on port 1, and nobody is kept waiting
    }
    void aCommandOnATerminalDoesNotTellOfItsOwnSlowStatements()
    {
        for (const Access access : {Access::ReadOnly, Access::Write, Access::Migrate})
            QVERIFY(!options({}, access)->queries);
        QVERIFY(options({}, Access::Serve)->queries->statistics);
        const auto echo = options({{QStringLiteral("DATABASE_ECHO"), QStringLiteral("true")}}, Access::Migrate);
        QVERIFY(echo->queries->echo);
        QVERIFY(!echo->queries->statistics);
    }
    void paceOfTransfers()
    {
        const auto set = options({{QStringLiteral("STREAMING_BATCH_SIZE"), QStringLiteral("250")},
                                  {QStringLiteral("STREAMING_CHUNK_SIZE"), QStringLiteral("65536")},
                                  {QStringLiteral("PARALLEL_PROCESSING_WORKERS"), QStringLiteral("3")}});
        QCOMPARE(set->pace.batchRows, 250);
        QCOMPARE(set->pace.chunkBytes, 65536);
        QCOMPARE(set->pace.workers, 3);
        QCOMPARE(options({{QStringLiteral("ENABLE_PARALLEL_PROCESSING"), QStringLiteral("false")}})->pace.workers, 1);
        const auto beyond = options({{QStringLiteral("PARALLEL_PROCESSING_WORKERS"), QStringLiteral("9")},
                                     {QStringLiteral("PARALLEL_PROCESSING_MAX_WORKERS"), QStringLiteral("2")}});
        QVERIFY(!beyond.ok());
        QCOMPARE(beyond.error().field, QStringLiteral("PARALLEL_PROCESSING_WORKERS"));
    }
    void poolSettingsArrive()
    {
        const QMap<QString, QString> values{{QStringLiteral("DATABASE_POOL_SIZE"), QStringLiteral("7")},
                                            {QStringLiteral("DATABASE_MAX_OVERFLOW"), QStringLiteral("3")},
                                            {QStringLiteral("DATABASE_POOL_TIMEOUT"), QStringLiteral("11")},
                                            {QStringLiteral("DATABASE_POOL_RECYCLE"), QStringLiteral("1234")},
                                            {QStringLiteral("DATABASE_POOL_PRE_PING"), QStringLiteral("false")},
                                            {QStringLiteral("DATABASE_POOL_RESET_ON_RETURN"), QStringLiteral("none")},
                                            {QStringLiteral("POOL_MONITORING_INTERVAL"), QStringLiteral("17")}};
        const auto set = options(values, Access::Serve);
        QVERIFY(set.ok());
        QCOMPARE(set->pool.size, 7);
        QCOMPARE(set->pool.maxOverflow, 3);
        QCOMPARE(set->pool.timeout.count(), 11000);
        QCOMPARE(std::chrono::seconds(set->pool.recycle).count(), 1234);
        QVERIFY(!set->pool.prePing);
        QVERIFY(set->pool.resetOnReturn == db::ResetOnReturn::None);
        QVERIFY(set->pool.monitoring);
        QCOMPARE(std::chrono::seconds(set->pool.monitoringInterval).count(), 17);
        QVERIFY(!options(values, Access::Write)->pool.monitoring);
        QVERIFY(!options({{QStringLiteral("ENABLE_POOL_MONITORING"), QStringLiteral("false")}}, Access::Serve)->pool.monitoring);
    }
    void cacheSettingsArrive()
    {
        const auto set = options({{QStringLiteral("QUERY_CACHE_TTL"), QStringLiteral("77")},
                                  {QStringLiteral("CACHE_MAX_SIZE"), QStringLiteral("55")}});
        QVERIFY(set->cache.enabled);
        QCOMPARE(std::chrono::duration_cast<std::chrono::seconds>(set->cache.ttl).count(), 77);
        QCOMPARE(qint64(set->cache.maxEntries), 55);
        QVERIFY(!options({{QStringLiteral("ENABLE_QUERY_CACHING"), QStringLiteral("false")}})->cache.enabled);
    }
    void queryMonitorSettingsArrive()
    {
        const auto set = options({{QStringLiteral("SLOW_QUERY_THRESHOLD"), QStringLiteral("0.25")}}, Access::Serve);
        QCOMPARE(set->queries->slow.count(), 0.25);
        QVERIFY(!options({{QStringLiteral("ENABLE_QUERY_MONITORING"), QStringLiteral("false")}}, Access::Serve)->queries);
    }
    void replicaSettingsArrive()
    {
        QMap<QString, QString> values{{QStringLiteral("DATABASE_REPLICA_URL"), QStringLiteral("postgresql://u@standby.example/d")},
                                      {QStringLiteral("DATABASE_REPLICA_MAX_LAG"), QStringLiteral("2.5")},
                                      {QStringLiteral("DATABASE_POOL_SIZE"), QStringLiteral("4")}};
        QVERIFY(!options(values)->replica);
        values.insert(QStringLiteral("USE_REPLICA"), QStringLiteral("true"));
        const auto set = options(values);
        QVERIFY(set.ok());
        QVERIFY(set->replica);
        QCOMPARE(set->replica->url.host, QStringLiteral("standby.example"));
        QCOMPARE(set->replica->mostLag.count(), 2500);
        QCOMPARE(set->replica->pool.size, 4);
        values.insert(QStringLiteral("DATABASE_REPLICA_URL"), QStringLiteral("postgresql://u@standby.example:99999999/d"));
        QVERIFY2(options(values).error().message.contains(QLatin1String("port")), qPrintable(options(values).error().message));
        QCOMPARE(options(values).error().field, QStringLiteral("DATABASE_REPLICA_URL"));
        values.remove(QStringLiteral("DATABASE_REPLICA_URL"));
        QCOMPARE(options(values).error().field, QStringLiteral("DATABASE_REPLICA_URL"));
    }
    void redisNeedsItsUrl()
    {
        for (const QString &url : {QString(), QStringLiteral("http://cache")}) {
            const auto made = options({{QStringLiteral("REDIS_URL"), url},
                                       {QStringLiteral("ENABLE_REDIS_CACHE"), QStringLiteral("true")}});
            QVERIFY(!made.ok());
            QCOMPARE(made.error().code, ErrorCode::InvalidArgument);
            QCOMPARE(made.error().field, QStringLiteral("REDIS_URL"));
        }
    }
};

QTEST_APPLESS_MAIN(TestComposition)
#include "tst_composition.moc"
