// SPDX-License-Identifier: GPL-3.0-or-later
#include "server_options.h"

#include <QTest>

using namespace a360;
using namespace a360::app;

class TestServerOptions : public QObject
{
    Q_OBJECT

    static Result<rest::ApiOptions> options(const QMap<QString, QString> &values, const QString &listen = {})
    {
        SettingsSources sources;
        sources.commandLine = values;
        const auto settings = Settings::load(sources);
        if (!settings)
            return settings.error();
        return serverOptions(*settings, listen);
    }

private Q_SLOTS:
    void addresses_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("address");
        QTest::addColumn<int>("port");
        QTest::newRow("v4") << QStringLiteral("127.0.0.1:8000") << QStringLiteral("127.0.0.1") << 8000;
        QTest::newRow("v6") << QStringLiteral("[::1]:81") << QStringLiteral("::1") << 81;
        QTest::newRow("name") << QStringLiteral("localhost:0") << QStringLiteral("127.0.0.1") << 0;
        QTest::newRow("no address") << QStringLiteral("8000") << QString() << -1;
        QTest::newRow("no port") << QStringLiteral("127.0.0.1") << QString() << -1;
        QTest::newRow("port too big") << QStringLiteral("127.0.0.1:65536") << QString() << -1;
        QTest::newRow("no such host form") << QStringLiteral("a.example:80") << QString() << -1;
    }
    void addresses()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, address);
        QFETCH(const int, port);
        const auto result = options({}, text);
        QCOMPARE(result.ok(), port >= 0);
        if (port < 0) {
            QCOMPARE(result.error().field, QStringLiteral("--listen"));
            return;
        }
        QCOMPARE(result->http.address.toString(), address);
        QCOMPARE(int(result->http.port), port);
    }
    void everySettingOfThisScopeArrives()
    {
        const auto result = options({{QStringLiteral("LISTEN_ADDRESS"), QStringLiteral("127.0.0.1:9")},
                                     {QStringLiteral("DEFAULT_PAGE_SIZE"), QStringLiteral("10")},
                                     {QStringLiteral("MAX_PAGE_SIZE"), QStringLiteral("20")},
                                     {QStringLiteral("ENABLE_STREAMING_QUERIES"), QStringLiteral("no")},
                                     {QStringLiteral("MAX_STREAMING_RESULTS"), QStringLiteral("30")},
                                     {QStringLiteral("USE_APPROXIMATE_COUNTS"), QStringLiteral("yes")},
                                     {QStringLiteral("ALLOWED_ORIGINS"), QStringLiteral("https://a.example")},
                                     {QStringLiteral("TRUSTED_HOSTS"), QStringLiteral("a.example,b.example")},
                                     {QStringLiteral("ENABLE_RESPONSE_COMPRESSION"), QStringLiteral("off")},
                                     {QStringLiteral("COMPRESSION_MIN_SIZE"), QStringLiteral("2KiB")},
                                     {QStringLiteral("ENVIRONMENT"), QStringLiteral("production")},
                                     {QStringLiteral("PROJECT_NAME"), QStringLiteral("Desk")},
                                     {QStringLiteral("VERSION"), QStringLiteral("7")}});
        QVERIFY(result.ok());
        QCOMPARE(int(result->http.port), 9);
        QCOMPARE(result->pages.standard, 10);
        QCOMPARE(result->pages.most, 20);
        QVERIFY(!result->streamingEnabled);
        QCOMPARE(result->maxStreamingResults, std::optional<qint64>(30));
        QVERIFY(result->approximateCounts);
        QCOMPARE(result->http.allowedOrigins, QStringList{QStringLiteral("https://a.example")});
        QCOMPARE(result->http.trustedHosts.size(), 2);
        QVERIFY(!result->http.compress);
        QCOMPARE(result->http.compressionMinSize, 2048);
        QCOMPARE(result->environment, QStringLiteral("production"));
        QCOMPARE(result->projectName, QStringLiteral("Desk"));
        QCOMPARE(result->version, QStringLiteral("7"));
    }
    void warmsOnlyWhenWanted()
    {
        QMap<QString, QString> values{{QStringLiteral("CACHE_WARMING_QUERIES"), QStringLiteral("contacts:popular,companies:active")}};
        QVERIFY(options(values)->warming.isEmpty());
        values.insert(QStringLiteral("ENABLE_CACHE_WARMING"), QStringLiteral("true"));
        QCOMPARE(options(values)->warming,
                 QStringList({QStringLiteral("contacts:popular"), QStringLiteral("companies:active")}));
    }
    void decision18_noCapOnStreamsUnlessSet()
    {
        QVERIFY(!options({})->maxStreamingResults);
    }
    void onlyThisMachineIsTrustedUnlessListeningBeyondIt()
    {
        QVERIFY(options({})->http.trustedHosts.contains(QStringLiteral("localhost")));
        QVERIFY(options({}, QStringLiteral("0.0.0.0:8000"))->http.trustedHosts.isEmpty());
        QCOMPARE(options({{QStringLiteral("TRUSTED_HOSTS"), QStringLiteral("a.example")}}, QStringLiteral("0.0.0.0:8000"))
                     ->http.trustedHosts,
                 QStringList{QStringLiteral("a.example")});
    }
};

QTEST_GUILESS_MAIN(TestServerOptions)
#include "tst_server_options.moc"
