// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli_program.h"

#include <QRegularExpression>
#include <QTest>

using namespace a360::test;

class TestCliBasics : public QObject
{
    Q_OBJECT

    static QStringList words(const char *text)
    {
        return QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    }

private Q_SLOTS:
    void helpAndVersionGoToStandardOutput()
    {
        const CliResult help = m_a360.run(words("--help"));
        A360_COMPARE_CODE(help, 0);
        for (const char *command : {"import", "export", "count", "indexes", "serve", "token", "config"})
            QVERIFY2(help.out.contains(command), command);
        QVERIFY(help.err.isEmpty());
        const CliResult version = m_a360.run(words("--version"));
        A360_COMPARE_CODE(version, 0);
        QCOMPARE(version.out, QByteArray("a360 " A360_VERSION "\n"));
    }
    void everyCommandHasHelpWithExamplesAndTakesTheDatabase_data()
    {
        QTest::addColumn<QString>("command");
        for (const char *command : {"import", "export", "count", "indexes", "serve", "token create", "token list", "token revoke", "config"})
            QTest::newRow(command) << QString::fromLatin1(command);
    }
    void everyCommandHasHelpWithExamplesAndTakesTheDatabase()
    {
        QFETCH(const QString, command);
        const CliResult help = m_a360.run(command.split(QLatin1Char(' ')) << QStringLiteral("--help"));
        A360_COMPARE_CODE(help, 0);
        QVERIFY(help.out.startsWith("Usage: a360 " + command.toUtf8()));
        QVERIFY(help.out.contains("--database URL"));
        QVERIFY(help.out.contains("Examples:\n  a360 "));
    }
    void decision8_wrongUsageIs2_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QByteArray>("names");
        const auto row = [](const char *arguments, const char *names) {
            QTest::newRow(arguments) << QString::fromLatin1(arguments) << QByteArray(names);
        };
        row("", "No command");
        row("frobnicate", "'frobnicate'");
        row("exprot contacts", "There is no command 'exprot'. Did you mean 'export'?");
        row("export contacts --fliter title=cto", "Did you mean '--filter'?");
        row("export contacts --columns emial", "Did you mean \"email\"?");
        row("export contacts -o leads.xlsx", "name it .csv, .jsonl or .json, or choose with --format");
        row("export contacts -o leads.tsv.gz", "leads.tsv.gz");
        row("import", "FILE is missing");
        row("import x.csv y.csv", "y.csv");
        row("import x.csv --no-such", "no-such");
        row("import x.csv --policy always", "--policy is 'always'; allowed: overwrite, fill-empty or skip");
        row("import x.csv --match shoe", "--match is 'shoe'");
        row("import x.csv --encoding ebcdic", "--encoding is 'ebcdic'");
        row("import x.csv --delimiter xx", "--delimiter is 'xx'");
        row("import x.csv --max-rejects -1", "--max-rejects is '-1'");
        row("import x.csv --map nonsense", "--map takes COLUMN=FIELD");
        row("import x.csv --entity people", "'people'");
        row("export", "contacts|companies is missing");
        row("export people", "'people'");
        row("export contacts --format xml", "--format is 'xml'; allowed: csv, jsonl or json");
        row("export contacts --compress rar", "--compress is 'rar'");
        row("export contacts --preset none", "--preset is 'none'");
        row("export contacts --preset list --columns email", "exclude each other");
        row("export contacts --columns email,shoe_size", "shoe_size");
        row("export contacts --order=shoe_size", "shoe_size");
        row("export contacts --max-results 0", "--max-results is '0'");
        row("export contacts --safe word", "--safe is 'word'");
        row("export contacts --filter employees_min=many", "employees_min");
        row("count contacts --filter employees_min=9 --filter employees_max=5", "employees_m");
        row("count contacts --order=id", "order");
        row("config NO_SUCH", "NO_SUCH");
        row("export contacts --set MAX_PAGE_SIZE=0", "MAX_PAGE_SIZE is '0' (command line); allowed: a whole number from 1");
        row("export contacts --database mysql://x/y", "mysql");
        row("export contacts --database sqlite:///:memory:", "memory");
    }
    void decision8_wrongUsageIs2()
    {
        QFETCH(const QString, arguments);
        QFETCH(const QByteArray, names);
        const CliResult result = m_a360.run(arguments.split(QLatin1Char(' '), Qt::SkipEmptyParts));
        A360_COMPARE_CODE(result, 2);
        QVERIFY2(result.err.contains(names), result.err.constData());
        QVERIFY(result.out.isEmpty());
    }
    void decision17_unknownFilterIs2AndNamed()
    {
        for (const char *command : {"export contacts --filter titel=x", "count contacts --filter titel=x"}) {
            const CliResult result = m_a360.run(words(command));
            A360_COMPARE_CODE(result, 2);
            QVERIFY2(result.err.contains("'titel'"), result.err.constData());
            QVERIFY2(result.err.contains("Did you mean 'title'?"), result.err.constData());
        }
    }
    void filtersAreListed()
    {
        const CliResult contacts = m_a360.run(words("export contacts --filters"));
        A360_COMPARE_CODE(contacts, 0);
        for (const char *name : {"title ", "employees_min ", "exclude_titles ", "created_at_after ",
                                 "keyword_search_fields ", "keyword_exclude_fields ", "distinct "})
            QVERIFY2(contacts.out.contains(name), name);
        const CliResult companies = m_a360.run(words("count companies --filters"));
        A360_COMPARE_CODE(companies, 0);
        QVERIFY(!companies.out.contains("first_name "));
        QVERIFY(!companies.out.contains("keyword_search_fields "));
        QVERIFY(companies.out.contains("\ndistinct "));
    }
    void analyzeExplainsThePageOfTheList()
    {
        const QString csv = m_a360.file(QStringLiteral("few.csv"), "email,title,company\nada@quill.example,CTO,Quill\n");
        const QString database = QStringLiteral("sqlite:///") + m_a360.path(QStringLiteral("few.db"));
        A360_COMPARE_CODE(m_a360.run({QStringLiteral("import"), csv, QStringLiteral("--database"), database}), 0);
        const auto analyzed = [&](const char *command) {
            const CliResult result = m_a360.run(words(command) + QStringList{QStringLiteral("--database"), database});
            return result.code == 0 ? result.out : result.err;
        };
        // Decision 12: lists show the newest first.
        const QByteArray list = analyzed("analyze contacts");
        QVERIFY2(list.contains("contacts by idx_contacts_created_at_id"), list.constData());
        QCOMPARE(list, analyzed("analyze contacts --order=-created_at"));
        QVERIFY(list != analyzed("analyze contacts --order=id"));
        const QByteArray search = analyzed("analyze contacts --search quill");
        for (const QByteArray &line : search.split('\n'))
            QVERIFY2(!line.contains("on companies") || !line.contains("idx_contacts"), line.constData());
        QVERIFY2(!search.contains("The whole of"), search.constData());
        const CliResult help = m_a360.run(words("analyze --help"));
        QVERIFY2(help.out.contains("-created_at"), help.out.constData());
    }
    void configShowsValueAndSourceAndMasksSecrets()
    {
        CliProgram a360;
        a360.environment().insert(QStringLiteral("max_page_size"), QStringLiteral("500"));
        a360.environment().insert(QStringLiteral("SECRET_KEY"), QStringLiteral("abcdefghijklmnopqrstuvwxyz0123456789"));
        a360.file(QStringLiteral(".env"), "DATABASE_URL=postgresql://me:hunter2@db.example/desk # ours\n");
        const CliResult config = a360.run(words("config --set CACHE_MAX_SIZE=5"));
        A360_COMPARE_CODE(config, 0);
        for (const char *line : {"MAX_PAGE_SIZE=500  (environment)\n", "CACHE_MAX_SIZE=5  (command line)\n",
                                 "QUERY_CACHE_TTL=300  (default)\n", "SECRET_KEY=***  (environment)\n",
                                 "DATABASE_URL=postgresql://me:***@db.example/desk  (.env line 1)\n"})
            QVERIFY2(config.out.contains(line), config.out.constData());
        QVERIFY(!config.out.contains("hunter2") && !config.err.contains("hunter2"));
        QVERIFY(!config.out.contains("abcdefghij"));
    }
    void decision19_configNeverTouchesTheDatabase()
    {
        const QString path = m_a360.path(QStringLiteral("never.db"));
        const CliResult config = m_a360.run({QStringLiteral("config"), QStringLiteral("--database"), QStringLiteral("sqlite:///") + path});
        A360_COMPARE_CODE(config, 0);
        QVERIFY(!QFile::exists(path));
    }
    void badSettingStopsTheStartWithItsPlace()
    {
        CliProgram a360;
        a360.file(QStringLiteral(".env"), "\nLOG_LEVEL=LOUD\n");
        for (const char *command : {"config", "export contacts", "serve", "import x.csv"}) {
            const CliResult result = a360.run(words(command));
            A360_COMPARE_CODE(result, 2);
            QVERIFY2(result.err.contains("LOG_LEVEL is 'LOUD' (.env line 2); allowed: DEBUG, INFO, WARNING, ERROR or CRITICAL."),
                     result.err.constData());
        }
    }
    void templateCanBeUsedAsItIs()
    {
        CliProgram a360;
        const CliResult text = a360.run(words("config --template"));
        A360_COMPARE_CODE(text, 0);
        a360.file(QStringLiteral(".env"), text.out);
        A360_COMPARE_CODE(a360.run(words("config")), 0);
    }
    void documentationPageIsWhatTheProgramPrints()
    {
        const CliResult page = m_a360.run(words("config --documentation"));
        A360_COMPARE_CODE(page, 0);
        QCOMPARE(page.out, readAll(QStringLiteral(A360_SOURCE_DIR "/docs/configuration.md")));
    }
    void theHeadlessProgramNeedsNoWindowLibraries()
    {
        QProcess ldd;
        ldd.start(QStringLiteral("ldd"), {QStringLiteral(A360_PROGRAM_DIR "/a360")});
        QVERIFY(ldd.waitForFinished());
        const QByteArray libraries = ldd.readAllStandardOutput();
        QVERIFY2(libraries.contains("libQt6Sql"), libraries.constData());
        for (const char *forbidden : {"libQt6Gui", "libQt6Widgets", "libQt6Charts", "libX11", "libxcb", "libGL"})
            QVERIFY2(!libraries.contains(forbidden), forbidden);
    }

private:
    CliProgram m_a360;
};

QTEST_GUILESS_MAIN(TestCliBasics)
#include "tst_cli_basics.moc"
