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
