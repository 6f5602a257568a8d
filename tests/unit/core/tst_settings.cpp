// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/paths.h"
#include "core/settings.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <set>

using namespace a360;

class TestSettings : public QObject
{
    Q_OBJECT

    static SettingsSources with(const QString &name, const QString &value)
    {
        SettingsSources sources;
        sources.environment.insert(name, value);
        return sources;
    }
    static QString file(const QTemporaryDir &dir, const QString &name, const QByteArray &text)
    {
        QFile out(dir.filePath(name));
        if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size())
            return {};
        return out.fileName();
    }

private Q_SLOTS:
    void everyDefaultIsValid()
    {
        const auto settings = Settings::load({});
        QVERIFY2(settings.ok(), settings.ok() ? "" : qPrintable(settings.error().message));
        QCOMPARE(settings->integer("MAX_PAGE_SIZE"), 1000);
        QCOMPARE(settings->decimal("BACKGROUND_TASK_TIMEOUT"), 30.0);
        QVERIFY(settings->flag("ENABLE_STREAMING_QUERIES"));
        QVERIFY(!settings->optionalInteger("MAX_STREAMING_RESULTS")); // decision 18: unset by default
        QVERIFY(settings->list("CACHE_WARMING_QUERIES").isEmpty());
    }
    void namesAreUniqueAndEveryRowIsComplete()
    {
        std::set<std::string_view> names;
        for (const SettingSpec &spec : kSettings) {
            QVERIFY2(names.insert(spec.name).second, spec.name.data());
            QVERIFY2(!spec.meaning.empty() && !spec.group.empty(), spec.name.data());
            QVERIFY2(spec.ceiling.empty() || settingIndex(spec.ceiling) >= 0, spec.name.data());
        }
    }
    void sourcesWinInOrder()
    {
        QTemporaryDir dir;
        SettingsSources sources;
        sources.desktopFile = dir.filePath(QStringLiteral("desktop.ini"));
        QVERIFY(writeDesktopSetting(sources.desktopFile, QStringLiteral("MAX_PAGE_SIZE"), QStringLiteral("200")).ok());
        auto settings = Settings::load(sources);
        QVERIFY(settings.ok());
        QCOMPARE(settings->integer("MAX_PAGE_SIZE"), 200);
        constexpr SettingKey<SettingType::Integer> key("MAX_PAGE_SIZE");
        QCOMPARE(settings->source(key), SettingSource::Desktop);

        sources.envFile = file(dir, QStringLiteral(".env"), "\nmax_page_size=300  # half a page\n");
        settings = Settings::load(sources);
        QCOMPARE(settings->integer("MAX_PAGE_SIZE"), 300);
        QVERIFY(settings->sourceText(key.index()).endsWith(QStringLiteral(".env line 2")));

        sources.environment.insert(QStringLiteral("MAX_PAGE_SIZE"), QStringLiteral("400"));
        settings = Settings::load(sources);
        QCOMPARE(settings->integer("MAX_PAGE_SIZE"), 400);
        QCOMPARE(settings->sourceText(key.index()), QStringLiteral("environment"));

        sources.commandLine.insert(QStringLiteral("MAX_PAGE_SIZE"), QStringLiteral("500"));
        settings = Settings::load(sources);
        QCOMPARE(settings->integer("MAX_PAGE_SIZE"), 500);
        QCOMPARE(settings->sourceText(key.index()), QStringLiteral("command line"));
    }
    void namesAreCaseInsensitiveAndUnknownOnesIgnored()
    {
        SettingsSources sources = with(QStringLiteral("max_Page_Size"), QStringLiteral("77"));
        sources.environment.insert(QStringLiteral("NO_SUCH_SETTING"), QStringLiteral("x"));
        const auto settings = Settings::load(sources);
        QVERIFY(settings.ok());
        QCOMPARE(settings->integer("MAX_PAGE_SIZE"), 77);
    }
    void exactNameWinsOverOtherSpelling()
    {
        SettingsSources sources = with(QStringLiteral("max_page_size"), QStringLiteral("1"));
        sources.environment.insert(QStringLiteral("MAX_PAGE_SIZE"), QStringLiteral("2"));
        QCOMPARE(Settings::load(sources)->integer("MAX_PAGE_SIZE"), 2);
    }
    void badValues_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("allowed");
        const auto row = [](const char *name, const char *value, const char *allowed) {
            QTest::addRow("%s=%s", name, value)
                << QString::fromLatin1(name) << QString::fromLatin1(value) << QString::fromLatin1(allowed);
        };
        row("DATABASE_POOL_SIZE", "0", "from 1 to 500 (connections)");
        row("DATABASE_POOL_SIZE", "501", "from 1 to 500");
        row("DATABASE_POOL_SIZE", "many", "a whole number");
        row("DATABASE_POOL_SIZE", "", "a whole number");
        row("STREAMING_CHUNK_SIZE", "4095", "from 4096 to 16777216 (bytes)");
        row("STREAMING_BATCH_SIZE", "10001", "from 1 to 10000");
        row("MAX_STREAMING_RESULTS", "0", "at least 1");
        row("QUERY_CACHE_TTL", "86401", "from 1 to 86400 (seconds)");
        row("BACKGROUND_TASK_TIMEOUT", "600.5", "from 0 to 600");
        row("BACKGROUND_TASK_TIMEOUT", "inf", "a number");
        row("SLOW_QUERY_THRESHOLD", "0", "at least 0.001");
        row("POOL_MONITORING_INTERVAL", "-1", "from 0 to 3600");
        row("PARALLEL_PROCESSING_MAX_WORKERS", "65", "from 1 to 64");
        row("ENABLE_HTTP_CACHE", "perhaps", "true or false");
        row("DATABASE_POOL_RESET_ON_RETURN", "reset", "commit, rollback or none");
        row("CACHE_WARMING_QUERIES", "[1, 2]", "a list");
        row("DEFAULT_PAGE_SIZE", "1001", "from 1 to MAX_PAGE_SIZE");
        row("PARALLEL_PROCESSING_WORKERS", "9", "from 1 to PARALLEL_PROCESSING_MAX_WORKERS");
        row("COMPRESSION_MIN_SIZE", "9999999999999999999", "at least 0");
        row("COMPRESSION_MIN_SIZE", "9999999999999GiB", "at least 0");
    }
    void badValues()
    {
        QFETCH(const QString, name);
        QFETCH(const QString, value);
        QFETCH(const QString, allowed);
        const auto settings = Settings::load(with(name, value));
        QVERIFY(!settings.ok());
        const Error &error = settings.error();
        QCOMPARE(error.code, ErrorCode::InvalidArgument);
        QCOMPARE(error.field, name);
        QVERIFY2(error.message.contains(name + QStringLiteral(" is '") + value + QStringLiteral("' (environment)")),
                 qPrintable(error.message));
        QVERIFY2(error.message.contains(allowed), qPrintable(error.message));
    }
    void allProblemsAreToldAtOnce()
    {
        SettingsSources sources = with(QStringLiteral("MAX_PAGE_SIZE"), QStringLiteral("x"));
        sources.environment.insert(QStringLiteral("LOG_LEVEL"), QStringLiteral("LOUD"));
        const auto settings = Settings::load(sources);
        QVERIFY(!settings.ok());
        QVERIFY(settings.error().message.contains(QStringLiteral("MAX_PAGE_SIZE")));
        QVERIFY(settings.error().message.contains(QStringLiteral("LOG_LEVEL")));
    }
    void loweredCeilingTakesTheDefaultAlong()
    {
        const auto settings = Settings::load(with(QStringLiteral("MAX_PAGE_SIZE"), QStringLiteral("50")));
        QVERIFY(settings.ok());
        QCOMPARE(settings->integer("DEFAULT_PAGE_SIZE"), 50);
    }
    void unitsMayBeWritten()
    {
        SettingsSources sources = with(QStringLiteral("STREAMING_CHUNK_SIZE"), QStringLiteral("2MiB"));
        sources.environment.insert(QStringLiteral("QUERY_CACHE_TTL"), QStringLiteral("5m"));
        sources.environment.insert(QStringLiteral("BACKGROUND_TASK_TIMEOUT"), QStringLiteral("0.5 m"));
        sources.environment.insert(QStringLiteral("MAX_UPLOAD_SIZE"), QStringLiteral("none"));
        const auto settings = Settings::load(sources);
        QVERIFY2(settings.ok(), settings.ok() ? "" : qPrintable(settings.error().message));
        QCOMPARE(settings->integer("STREAMING_CHUNK_SIZE"), 2 * 1024 * 1024);
        QCOMPARE(settings->integer("QUERY_CACHE_TTL"), 300);
        QCOMPARE(settings->decimal("BACKGROUND_TASK_TIMEOUT"), 30.0);
        QVERIFY(!settings->optionalInteger("MAX_UPLOAD_SIZE"));
    }
    void listsAsCommasOrJson()
    {
        const QStringList expected{QStringLiteral("contacts:popular"), QStringLiteral("companies:active")};
        QCOMPARE(Settings::load(with(QStringLiteral("CACHE_WARMING_QUERIES"),
                                     QStringLiteral("contacts:popular, companies:active")))
                     ->list("CACHE_WARMING_QUERIES"),
                 expected);
        QCOMPARE(Settings::load(with(QStringLiteral("CACHE_WARMING_QUERIES"),
                                     QStringLiteral("[\"contacts:popular\", \"companies:active\"]")))
                     ->list("CACHE_WARMING_QUERIES"),
                 expected);
    }
    void theGuidesSampleIsAccepted()
    {
        QTemporaryDir dir;
        SettingsSources sources;
        sources.envFile = file(dir, QStringLiteral(".env"),
                               "# Streaming Configuration\n"
                               "STREAMING_CHUNK_SIZE=1048576  # 1MB\n"
                               "MAX_STREAMING_RESULTS=100000  # Optional limit\n"
                               "ENABLE_REDIS_CACHE=false  # Enable Redis backend (requires REDIS_URL)\n"
                               "REDIS_URL=redis://localhost:6379/0  # Optional Redis connection URL\n"
                               "CACHE_WARMING_QUERIES=contacts:popular,companies:active  # Queries to warm\n"
                               "BACKGROUND_TASK_TIMEOUT=30.0  # Timeout\n"
                               "export PROJECT_NAME=\"My \\\"desk\\\" # 1\"\n");
        const auto settings = Settings::load(sources);
        QVERIFY2(settings.ok(), settings.ok() ? "" : qPrintable(settings.error().message));
        QCOMPARE(settings->integer("MAX_STREAMING_RESULTS"), 100000);
        QCOMPARE(settings->text("REDIS_URL"), QStringLiteral("redis://localhost:6379/0"));
        QCOMPARE(settings->list("CACHE_WARMING_QUERIES").size(), 2);
        QCOMPARE(settings->text("PROJECT_NAME"), QStringLiteral("My \"desk\" # 1"));
    }
    void envFileProblemsNameTheLine_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no equals sign") << QByteArray("A=1\n\nwhat is this\n");
        QTest::newRow("open quote") << QByteArray("A=1\nB=2\nSECRET_KEY='abc\n");
        QTest::newRow("text behind the quote") << QByteArray("\n\nA='b' c\n");
        QTest::newRow("no name") << QByteArray("\r\n\r\n=5\r\n");
    }
    void envFileProblemsNameTheLine()
    {
        QFETCH(const QByteArray, text);
        QTemporaryDir dir;
        SettingsSources sources;
        sources.envFile = file(dir, QStringLiteral("x.env"), text);
        const auto settings = Settings::load(sources);
        QVERIFY(!settings.ok());
        QVERIFY2(settings.error().message.contains(QStringLiteral("x.env line 3")), qPrintable(settings.error().message));
    }
    void missingEnvFileMattersOnlyWhenAskedFor()
    {
        SettingsSources sources;
        sources.envFile = QStringLiteral("/nonexistent/.env");
        QVERIFY(Settings::load(sources).ok());
        sources.envFileRequired = true;
        const auto settings = Settings::load(sources);
        QVERIFY(!settings.ok());
        QVERIFY(settings.error().message.contains(QStringLiteral("/nonexistent/.env")));
    }
    void databaseUrlIsTheUsersFileUnlessSet()
    {
        const auto settings = Settings::load({});
        QCOMPARE(settings->text("DATABASE_URL"), QStringLiteral("sqlite:///") + defaultDatabasePath());
        QVERIFY(defaultDatabasePath().endsWith(QStringLiteral("/appointment360/appointment360.db")));
    }
    void databaseUrlIsBuiltFromItsParts()
    {
        SettingsSources sources = with(QStringLiteral("POSTGRES_HOST"), QStringLiteral("db.example"));
        sources.environment.insert(QStringLiteral("POSTGRES_USER"), QStringLiteral("me@home"));
        sources.environment.insert(QStringLiteral("POSTGRES_PASS"), QStringLiteral("p:/@ss"));
        sources.environment.insert(QStringLiteral("POSTGRES_DB"), QStringLiteral("desk"));
        const auto settings = Settings::load(sources);
        QCOMPARE(settings->text("DATABASE_URL"),
                 QStringLiteral("postgresql://me%40home:p%3A%2F%40ss@db.example:5432/desk"));
        constexpr SettingKey<SettingType::Text> url("DATABASE_URL");
        QCOMPARE(settings->displayValue(url.index()), QStringLiteral("postgresql://me%40home:***@db.example:5432/desk"));
        QCOMPARE(settings->source(url), SettingSource::Environment);
        // Whatever the other parts are: what may be a password is never shown.
        QCOMPARE(maskUrlPassword(QStringLiteral("redis://:a/b@c:6379/0")), QStringLiteral("redis://:***@c:6379/0"));
        QCOMPARE(maskUrlPassword(QStringLiteral("redis://c:6379/0?x=a@b")), QStringLiteral("redis://c:6379/0?x=a@b"));
        for (const char *text : {"postgresql://u:a#hunter2@h/d", "postgresql://u:a?hunter2@h:5432/d", "postgresql:/u:hunter2@h/d",
                                 "postgresql:u:hunter2@h/d", "host=h password=hunter2 user=u", "password = 'my hunter2'",
                                 "postgresql://h/d?password=my hunter2"}) {
            const QString shown = maskUrlPassword(QLatin1String(text));
            QVERIFY2(!shown.contains(QLatin1String("hunter2")), qPrintable(shown));
        }
    }
    void partsFromTheEnvironmentOverruleTheWindowsChoice()
    {
        QTemporaryDir dir;
        SettingsSources sources = with(QStringLiteral("POSTGRES_HOST"), QStringLiteral("db.example"));
        sources.desktopFile = dir.filePath(QStringLiteral("d.ini"));
        QVERIFY(writeDesktopSetting(sources.desktopFile, QStringLiteral("DATABASE_URL"), QStringLiteral("sqlite:////a.db")).ok());
        QVERIFY(Settings::load(sources)->text("DATABASE_URL").contains(QStringLiteral("db.example")));
        sources.environment.insert(QStringLiteral("DATABASE_URL"), QStringLiteral("sqlite:////b.db"));
        QCOMPARE(Settings::load(sources)->text("DATABASE_URL"), QStringLiteral("sqlite:////b.db"));
    }
    void secretsAreMaskedEverywhere()
    {
        SettingsSources sources = with(QStringLiteral("SECRET_KEY"), QStringLiteral("0123456789abcdef0123456789abcdef"));
        sources.environment.insert(QStringLiteral("DATABASE_URL"),
                                   QStringLiteral("postgresql://u:hun@ter2@h/db?sslpassword=hunter3"));
        const auto settings = Settings::load(sources);
        QVERIFY(settings.ok());
        for (size_t i = 0; i < kSettings.size(); ++i) {
            QVERIFY(!settings->displayValue(i).contains(QStringLiteral("0123456789abcdef")));
            QVERIFY(!settings->displayValue(i).contains(QStringLiteral("ter")));
        }
        const auto refused = Settings::load(with(QStringLiteral("SECRET_KEY"), QStringLiteral("too short a secret")));
        QVERIFY(!refused.ok());
        QVERIFY(!refused.error().message.contains(QStringLiteral("too short a secret")));
        QVERIFY(refused.error().message.contains(QStringLiteral("at least 32 bytes")));
    }
    void desktopFileIsPrivateAndKeepsCommas()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("sub/desktop.ini"));
        QVERIFY(writeDesktopSetting(path, QStringLiteral("TRUSTED_HOSTS"), QStringLiteral("a.example,b.example")).ok());
        QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
                 QFile::Permissions());
        SettingsSources sources;
        sources.desktopFile = path;
        QCOMPARE(Settings::load(sources)->list("TRUSTED_HOSTS").size(), 2);
        QVERIFY(writeDesktopSetting(path, QStringLiteral("TRUSTED_HOSTS"), QString()).ok());
        constexpr SettingKey<SettingType::List> hosts("TRUSTED_HOSTS");
        QCOMPARE(Settings::load(sources)->source(hosts), SettingSource::Default);
        QVERIFY(!writeDesktopSetting(path, QStringLiteral("NO_SUCH"), QStringLiteral("1")).ok());
    }
    void templateReadsBackAsTheDefaults()
    {
        QTemporaryDir dir;
        QString text = envTemplate();
        text.replace(QRegularExpression(QStringLiteral("^#([A-Z])"), QRegularExpression::MultilineOption), QStringLiteral("\\1"));
        SettingsSources sources;
        sources.envFile = file(dir, QStringLiteral(".env"), text.toUtf8());
        const auto settings = Settings::load(sources);
        QVERIFY2(settings.ok(), settings.ok() ? "" : qPrintable(settings.error().message));
        const auto defaults = Settings::load({});
        for (size_t i = 0; i < kSettings.size(); ++i) {
            QCOMPARE(settings->source(i) == SettingSource::EnvFile || kSettings[i].name == "DATABASE_URL", true);
            QCOMPARE(settings->displayValue(i), defaults->displayValue(i));
        }
    }
    void documentationIsCurrent()
    {
        QFile page(QStringLiteral(A360_SOURCE_DIR "/docs/configuration.md"));
        QVERIFY2(page.open(QIODevice::ReadOnly), "docs/configuration.md is missing");
        QVERIFY2(QString::fromUtf8(page.readAll()) == settingsDocumentation(),
                 "docs/configuration.md is out of date: run `a360 config --documentation > docs/configuration.md`");
    }
    void everyVariableOfTheContractIsThere()
    {
        const QStringList names = QStringLiteral(
            "STREAMING_CHUNK_SIZE STREAMING_BATCH_SIZE ENABLE_STREAMING_QUERIES MAX_STREAMING_RESULTS MAX_UPLOAD_CHUNK_SIZE "
            "MAX_UPLOAD_SIZE PARALLEL_PROCESSING_WORKERS PARALLEL_PROCESSING_MAX_WORKERS ENABLE_PARALLEL_PROCESSING "
            "ENABLE_QUERY_CACHING QUERY_CACHE_TTL CACHE_MAX_SIZE ENABLE_REDIS_CACHE REDIS_URL ENABLE_CACHE_WARMING "
            "CACHE_WARMING_QUERIES DEFAULT_PAGE_SIZE MAX_PAGE_SIZE MAX_CONCURRENT_BACKGROUND_TASKS BACKGROUND_TASK_TIMEOUT "
            "ENABLE_HTTP_CACHE HTTP_CACHE_MAX_AGE HTTP_CACHE_API_MAX_AGE HTTP_CACHE_STATIC_MAX_AGE HTTP_CACHE_PUBLIC "
            "HTTP_CACHE_MUST_REVALIDATE ENABLE_POOL_MONITORING POOL_MONITORING_INTERVAL DATABASE_POOL_SIZE "
            "DATABASE_MAX_OVERFLOW DATABASE_POOL_TIMEOUT DATABASE_POOL_RECYCLE DATABASE_POOL_PRE_PING "
            "DATABASE_POOL_RESET_ON_RETURN DATABASE_ECHO DATABASE_URL POSTGRES_USER POSTGRES_PASS POSTGRES_HOST "
            "POSTGRES_PORT POSTGRES_DB DATABASE_REPLICA_URL USE_REPLICA USE_APPROXIMATE_COUNTS ENABLE_QUERY_COMPRESSION "
            "ENABLE_QUERY_MONITORING SLOW_QUERY_THRESHOLD ENABLE_RESPONSE_COMPRESSION COMPRESSION_MIN_SIZE SECRET_KEY "
            "ALGORITHM ACCESS_TOKEN_EXPIRE_MINUTES REFRESH_TOKEN_EXPIRE_DAYS CONTACTS_WRITE_KEY COMPANIES_WRITE_KEY "
            "UPLOAD_DIR MEDIA_URL BASE_URL ENVIRONMENT DEBUG PROJECT_NAME VERSION API_V1_PREFIX API_V2_PREFIX "
            "ALLOWED_ORIGINS TRUSTED_HOSTS LOG_LEVEL LOG_FILE_PATH LOG_MAX_BYTES LOG_BACKUP_COUNT LOG_FORMAT "
            "LOG_TO_CONSOLE UPLOAD_SESSION_TTL").split(QLatin1Char(' '));
        for (const QString &name : names)
            QVERIFY2(settingIndex(name.toLatin1().constData()) >= 0, qPrintable(name));
    }
};

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
