// SPDX-License-Identifier: GPL-3.0-or-later
#include "opener.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace a360;
using namespace a360::app;

class TestOpener : public QObject
{
    Q_OBJECT

    CommandLine line(const QStringList &settings, const QString &database = QStringLiteral("desk.db")) const
    {
        CommandLine line({QStringLiteral("count"), {}, {}, {}});
        QStringList arguments{QStringLiteral("--quiet"), QStringLiteral("--database"),
                              QStringLiteral("sqlite:///") + m_folder.filePath(database)};
        for (const QString &setting : settings)
            arguments << QStringLiteral("--set") << setting;
        if (!line.parse(arguments, 0, 0))
            qFatal("the arguments were refused");
        return line;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void aBadSettingIsWrongUsage()
    {
        const CommandLine given = line({QStringLiteral("LOG_LEVEL=LOUD")});
        Opener opener(given);
        QVERIFY(!opener.begin());
        QCOMPARE(opener.exitCode(), int(ExitUsage));
    }
    void aLogFileThatCannotBeWrittenIsWrongUsage()
    {
        const CommandLine given = line({QStringLiteral("LOG_FILE_PATH=/dev/null/a360.log")});
        Opener opener(given);
        QVERIFY(!opener.begin());
        QCOMPARE(opener.exitCode(), int(ExitUsage));
    }
    void readingDoesNotMakeADatabase()
    {
        const CommandLine given = line({});
        Opener opener(given);
        QVERIFY(opener.begin());
        for (const Access access : {Access::ReadOnly, Access::Write}) {
            QVERIFY(!opener.open(access));
            QCOMPARE(opener.exitCode(), int(ExitDatabase));
            QVERIFY(!QFile::exists(m_folder.filePath(QStringLiteral("desk.db"))));
        }
    }
    void servingMakesADatabase()
    {
        const CommandLine given = line({}, QStringLiteral("served.db"));
        Opener opener(given);
        QVERIFY(opener.begin());
        QVERIFY(opener.open(Access::Serve));
        QVERIFY(opener.service().schema()->ownSchema);
    }
    void indexesAloneDoNotMigrate()
    {
        QVERIFY(QFile(m_folder.filePath(QStringLiteral("bare.db"))).open(QIODevice::WriteOnly));
        const CommandLine given = line({}, QStringLiteral("bare.db"));
        Opener opener(given);
        QVERIFY(opener.begin());
        QVERIFY(!opener.open(Access::Write)); // no tables, and none made
    }
    void theLogIsInPlaceAndTheDatabaseOpen()
    {
        const QString log = m_folder.filePath(QStringLiteral("a360.log"));
        const CommandLine given = line({QStringLiteral("LOG_FILE_PATH=") + log, QStringLiteral("LOG_TO_CONSOLE=false")});
        {
            Opener opener(given);
            QVERIFY(opener.begin());
            QVERIFY(opener.open(Access::Migrate));
            QVERIFY(opener.service().schema()->ownSchema);
            QCOMPARE(opener.settings().text("LOG_FILE_PATH"), log);
            qCWarning(lcApp) << "heard";
        }
        QFile file(log);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains("heard"));
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestOpener)
#include "tst_opener.moc"
