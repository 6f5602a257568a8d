// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/logging.h"
#include "core/settings.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace a360;

class TestLogging : public QObject
{
    Q_OBJECT

    static LogOptions toFile(const QString &path)
    {
        LogOptions options;
        options.console = false;
        options.filePath = path;
        return options;
    }
    static QByteArray content(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void jsonLineIsOneObject()
    {
        const QByteArray line = formatLogLine(QtWarningMsg, "a360.db", QStringLiteral("a \"b\"\nc"), 0, true);
        QVERIFY(!line.contains('\n'));
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        QCOMPARE(object.value(QStringLiteral("level")).toString(), QStringLiteral("WARNING"));
        QCOMPARE(object.value(QStringLiteral("category")).toString(), QStringLiteral("a360.db"));
        QCOMPARE(object.value(QStringLiteral("message")).toString(), QStringLiteral("a \"b\"\nc"));
        QCOMPARE(object.value(QStringLiteral("time")).toString(), QStringLiteral("1970-01-01T00:00:00.000Z"));
    }
    void textLineCannotForgeAnEntry()
    {
        const QByteArray line =
            formatLogLine(QtInfoMsg, "a360.rest", QStringLiteral("x\n1970 INFO faked"), 0, false);
        QCOMPARE(line, QByteArray("1970-01-01T00:00:00.000Z INFO a360.rest: x\n    1970 INFO faked"));
    }
    void levelFiltersAndHarmlessLinesVanish()
    {
        QTemporaryDir dir;
        LogOptions options = toFile(dir.filePath(QStringLiteral("logs/app.log")));
        options.level = QtWarningMsg;
        {
            const auto logging = Logging::install(options);
            QVERIFY(logging.ok());
            qCInfo(lcCore) << "too quiet";
            qCWarning(lcCore) << "loud enough";
            qWarning("QTcpServer::nextPendingConnection() called while not listening");
        }
        const QByteArray text = content(options.filePath);
        QVERIFY(text.contains("loud enough"));
        QVERIFY(!text.contains("too quiet"));
        QVERIFY(!text.contains("nextPendingConnection"));
        QCOMPARE(text.count('\n'), 1);
    }
    void handlerIsGivenBack()
    {
        QTemporaryDir dir;
        const LogOptions options = toFile(dir.filePath(QStringLiteral("app.log")));
        QVERIFY(Logging::install(options).ok()); // destroyed at once
        QTest::ignoreMessage(QtWarningMsg, "after");
        qCWarning(lcCore).noquote() << "after";
        QVERIFY(!content(options.filePath).contains("after"));
    }
    void fileRotates()
    {
        QTemporaryDir dir;
        LogOptions options = toFile(dir.filePath(QStringLiteral("app.log")));
        options.maxBytes = 1024;
        options.backups = 2;
        options.json = false;
        {
            const auto logging = Logging::install(options);
            QVERIFY(logging.ok());
            for (int i = 0; i < 100; ++i)
                qCWarning(lcCore).noquote() << "line" << i << QString(60, QLatin1Char('x'));
        }
        const QStringList files = QDir(dir.path()).entryList(QDir::Files, QDir::Name);
        QCOMPARE(files, QStringList({QStringLiteral("app.log"), QStringLiteral("app.log.1"), QStringLiteral("app.log.2")}));
        for (const QString &name : files)
            QVERIFY(QFileInfo(dir.filePath(name)).size() <= 1024);
        QVERIFY(content(options.filePath).contains("line 99 "));
        QVERIFY(!content(options.filePath).contains("line 50 "));
    }
    void unwritableFileIsAnErrorThatNamesIt()
    {
        const auto logging = Logging::install(toFile(QStringLiteral("/proc/no/app.log")));
        QVERIFY(!logging.ok());
        QCOMPARE(logging.error().field, QStringLiteral("LOG_FILE_PATH"));
        QVERIFY(logging.error().message.contains(QStringLiteral("/proc/no/app.log")));
    }
    void settingsDecideLevelAndForm()
    {
        SettingsSources sources;
        QVERIFY(LogOptions::from(*Settings::load(sources), false).json);
        QVERIFY(!LogOptions::from(*Settings::load(sources), true).json);
        QVERIFY(LogOptions::from(*Settings::load(sources), true).filePath.isEmpty());
        sources.environment.insert(QStringLiteral("LOG_FORMAT"), QStringLiteral("json"));
        sources.environment.insert(QStringLiteral("LOG_LEVEL"), QStringLiteral("error"));
        const LogOptions options = LogOptions::from(*Settings::load(sources), true);
        QVERIFY(options.json);
        QCOMPARE(options.level, QtCriticalMsg);
    }
};

QTEST_GUILESS_MAIN(TestLogging)
#include "tst_logging.moc"
