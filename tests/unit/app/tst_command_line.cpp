// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_line.h"

#include <QTemporaryDir>
#include <QTest>

using namespace a360;
using namespace a360::app;

class TestCommandLine : public QObject
{
    Q_OBJECT

    static CommandLine line()
    {
        return CommandLine({QStringLiteral("count"), QStringLiteral("contacts|companies"), QStringLiteral("Counts."),
                            {QStringLiteral("a360 count contacts")}});
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_home.isValid());
        qputenv("XDG_CONFIG_HOME", m_home.path().toUtf8());
        QVERIFY(QDir::setCurrent(m_home.path()));
    }
    void everyCommandTakesTheDatabase()
    {
        CommandLine parsed = line();
        QVERIFY(parsed.parse({QStringLiteral("contacts"), QStringLiteral("--database"), QStringLiteral("sqlite:///x.db")}, 1, 1));
        const auto settings = parsed.settings();
        QVERIFY(settings.ok());
        QCOMPARE(settings->text("DATABASE_URL"), QStringLiteral("sqlite:///x.db"));
        QCOMPARE(settings->source(SettingKey<SettingType::Text>("DATABASE_URL")), SettingSource::CommandLine);
    }
    void setTakesAnySettingAndNamesUnknownOnes()
    {
        CommandLine good = line();
        QVERIFY(good.parse({QStringLiteral("--set"), QStringLiteral("max_page_size=9")}, 0, 0));
        QCOMPARE(good.settings()->integer("MAX_PAGE_SIZE"), 9);
        CommandLine bad = line();
        QVERIFY(bad.parse({QStringLiteral("--set"), QStringLiteral("SHOE_SIZE=9")}, 0, 0));
        const auto settings = bad.settings();
        QVERIFY(!settings.ok());
        QVERIFY(settings.error().message.contains(QStringLiteral("SHOE_SIZE")));
    }
    void decision8_wrongUsageEndsWith2()
    {
        for (const QStringList &arguments : {QStringList{QStringLiteral("--no-such-option")}, QStringList{},
                                             QStringList{QStringLiteral("a"), QStringLiteral("b")}}) {
            CommandLine parsed = line();
            QVERIFY(!parsed.parse(arguments, 1, 1));
            QCOMPARE(parsed.exitCode(), 2);
        }
    }
    void helpKeepsTheOptionsOfEveryCommandApart()
    {
        CommandLine parsed = line();
        parsed.addFlag(QStringLiteral("own"), QStringLiteral("Only here."));
        const QString help = parsed.helpText();
        const qsizetype common = help.indexOf(QStringLiteral("Options of every command:"));
        QVERIFY2(common > help.indexOf(QStringLiteral("--own")) && common < help.indexOf(QStringLiteral("--database")), qPrintable(help));
    }
    void helpShowsOptionsAndExamples()
    {
        CommandLine parsed = line();
        parsed.addOption({QStringLiteral("o"), QStringLiteral("output")}, QStringLiteral("FILE"), QStringLiteral("Where to."));
        const QString help = parsed.helpText();
        for (const char *part : {"Usage: a360 count contacts|companies [options]", "-o, --output FILE", "--database URL",
                                 "--help", "Examples:\n  a360 count contacts"})
            QVERIFY2(help.contains(QLatin1String(part)), part);
        QVERIFY(help.indexOf(QStringLiteral("--output")) < help.indexOf(QStringLiteral("--database")));
        for (const QString &textLine : help.split(QLatin1Char('\n')))
            QVERIFY2(textLine.size() <= 100, qPrintable(textLine));
    }
    void numbersAreChecked()
    {
        CommandLine parsed = line();
        parsed.addOption({QStringLiteral("max-results")}, QStringLiteral("N"), QString());
        QVERIFY(parsed.parse({QStringLiteral("--max-results"), QStringLiteral("0")}, 0, 0));
        QVERIFY(!parsed.number("max-results", 1, -1).ok());
        QCOMPARE(*parsed.number("max-results", 0, -1), 0);
        CommandLine without = line();
        QVERIFY(without.parse({}, 0, 0));
        QCOMPARE(*without.number("max-results", 1, -1), -1);
    }

private:
    QTemporaryDir m_home;
};

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_command_line.moc"
