// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli_program.h"
#include "support/small_disk.h"
#include "support/test_databases.h"

#include <QDir>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QThread>

#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace a360;
using namespace a360::test;

/// Every line of "Bad input": a clear message that names place and cause, the exit code of decision 8, nothing half-written.
class TestCliBadInput : public QObject
{
    Q_OBJECT

    static QStringList words(const char *text) { return QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts); }
    static QByteArray goodCsv() { return "First Name,Email\nAda,ada@quill.example\n"; }
    QByteArray everything(const db::DatabaseUrl &database)
    {
        return m_a360.run(database, words("export contacts --preset full")).out
               + m_a360.run(database, words("export companies --preset full")).out;
    }
    static QStringList filesIn(const QString &folder)
    {
        return QDir(folder).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden, QDir::Name);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_databases.open(), m_databases.problem());
        for (const db::Dialect dialect : {db::Dialect::Sqlite, db::Dialect::PostgreSql}) {
            m_filled[dialect] = m_databases.fresh(dialect);
            A360_COMPARE_CODE(m_a360.run(m_filled[dialect], words("import -"), goodCsv()), 0);
        }
    }

    void decision8_unusableFilesAre2_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArrayList>("says");
        const auto row = [this](const char *name, const QString &path, const QByteArrayList &says) {
            QTest::newRow(name) << path << QByteArrayList{QFileInfo(path).fileName().toUtf8()} + says;
            Q_UNUSED(this)
        };
        const auto file = [this](const char *name, const QByteArray &content) { return m_a360.file(QLatin1String(name), content); };
        row("missing file", m_a360.path(QStringLiteral("missing.csv")), {"missing.csv"});
        row("directory", m_a360.path(QStringLiteral(".")), {"folder"});
        row("empty file", file("empty.csv", ""), {"empty"});
        row("header only", file("header.csv", "First Name,Email\n"), {"row"});
        row("header and separators", file("separators.csv", "First Name,Email\n,\n,\n"), {"no data row"});
        row("binary file", file("binary.csv", QByteArray("\x7f""ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\n,,,\n", 23)), {"text"});
        const QByteArray packed = readAll(QStringLiteral(A360_TEST_DATA "/dirty_2000.csv.gz"));
        row("truncated gzip", file("cut.csv.gz", packed.left(packed.size() / 2)), {"byte"});
        row("corrupt gzip", file("bad.csv.gz", QByteArray(packed).replace(5000, 8, "xxxxxxxx")), {"byte"});
        row("unterminated quote", file("quote.csv", "First Name,Email\nAda,\"ada@quill.example\nBob,bob@x.example\n"), {"line 2"});
        row("duplicate headers", file("twice.csv", "Email,First Name,email\na@b.example,Ada,c@d.example\n"), {"mail"});
        row("no mappable column", file("strange.csv", "foo,bar\n1,2\n"), {"column"});
    }
    void decision8_unusableFilesAre2()
    {
        QFETCH(const QString, path);
        QFETCH(const QByteArrayList, says);
        for (const db::DatabaseUrl &database : std::as_const(m_filled)) {
            const QByteArray before = everything(database);
            const CliResult result = m_a360.run(database, {QStringLiteral("import"), path});
            A360_COMPARE_CODE(result, 2);
            QVERIFY(result.out.isEmpty());
            QVERIFY2(result.err.startsWith("a360: "), result.err.constData());
            for (const QByteArray &word : says)
                QVERIFY2(result.err.contains(word), result.err.constData());
            QCOMPARE(everything(database), before);
        }
    }
    void unreadableFileIs2()
    {
        if (::geteuid() == 0) {
            const CliResult result = m_a360.run(m_filled[db::Dialect::Sqlite], {QStringLiteral("import"), QStringLiteral("/proc/self/mem")});
            A360_COMPARE_CODE(result, 2); // root may open everything, but not read everything
            return;
        }
        const QString path = m_a360.file(QStringLiteral("private.csv"), goodCsv());
        QVERIFY(QFile::setPermissions(path, {}));
        const CliResult result = m_a360.run(m_filled[db::Dialect::Sqlite], {QStringLiteral("import"), path});
        A360_COMPARE_CODE(result, 2);
        QVERIFY2(result.err.contains("private.csv"), result.err.constData());
    }

    void outputsAreNeverHalfWritten_data() { addDialectRows(); }
    void outputsAreNeverHalfWritten()
    {
        QFETCH(const db::Dialect, dialect);
        QVERIFY(QDir().mkpath(m_a360.path(QStringLiteral("out"))));
        const QString kept = m_a360.file(QStringLiteral("out/kept.csv"), "old content\n");
        const auto refused = [&](const QStringList &arguments) { return m_a360.run(m_filled[dialect], arguments); };
        const QStringList to{QStringLiteral("-o"), kept};
        A360_COMPARE_CODE(refused(words("export contacts --columns email,shoe_size") + to), 2);
        A360_COMPARE_CODE(refused(words("export contacts --filter titel=x") + to), 2);
        const CliResult empty = refused(words("export contacts --filter country=") + to); // "country=$UNSET"
        A360_COMPARE_CODE(empty, 2);
        QVERIFY2(empty.err.contains("country= has no value"), empty.err.constData());
        A360_COMPARE_CODE(refused(words("export contacts -o") + QStringList{m_a360.path(QStringLiteral("out"))}), 2);
        A360_COMPARE_CODE(refused(words("export contacts -o") + QStringList{m_a360.path(QStringLiteral("nowhere/x.csv"))}), 2);
        QCOMPARE(readAll(kept), QByteArray("old content\n"));
        QCOMPARE(filesIn(m_a360.path(QStringLiteral("out"))), QStringList{QStringLiteral("kept.csv")});
    }
    void rejectsNeverOverwriteTheInput()
    {
        const QString input = m_a360.file(QStringLiteral("precious.csv"), goodCsv());
        for (const char *option : {"--rejects", "--report"}) {
            const CliResult result = m_a360.run(m_filled[db::Dialect::Sqlite],
                                                {QStringLiteral("import"), input, QLatin1String(option), input});
            A360_COMPARE_CODE(result, 2);
            QVERIFY2(result.err.contains("overwrite"), result.err.constData());
        }
        QCOMPARE(readAll(input), goodCsv());
        const CliResult nowhere = m_a360.run(m_filled[db::Dialect::Sqlite],
                                             {QStringLiteral("import"), input, QStringLiteral("--rejects"), QStringLiteral("/proc/no/x.csv")});
        A360_COMPARE_CODE(nowhere, 2);
        QVERIFY2(nowhere.err.contains("/proc/no/x.csv"), nowhere.err.constData());
    }
    void outputsNeverOverwriteTheDatabaseOrEachOther()
    {
        const db::DatabaseUrl database = m_databases.fresh(db::Dialect::Sqlite);
        const QString input = m_a360.file(QStringLiteral("good.csv"), goodCsv()), other = m_a360.path(QStringLiteral("both.csv"));
        A360_COMPARE_CODE(m_a360.run(database, {QStringLiteral("import"), input}), 0);
        const QByteArray before = everything(database);
        const QString link = m_a360.path(QStringLiteral("link.csv"));
        QVERIFY(QFile::link(database.path, link));
        for (const QString &place : {database.path, link}) {
            for (const char *command : {"import good --report", "import good --rejects", "export contacts -o",
                                        "export contacts -o - --receipt"}) {
                const QStringList arguments = words(command).replaceInStrings(QStringLiteral("good"), input) + QStringList{place};
                const CliResult result = m_a360.run(database, arguments);
                A360_COMPARE_CODE(result, 2);
                QVERIFY2(result.err.contains("would overwrite the database"), result.err.constData());
            }
        }
        QCOMPARE(everything(database), before);
        for (const char *command : {"import good --report both --rejects both", "export contacts -o both --receipt both"}) {
            const QStringList arguments =
                words(command).replaceInStrings(QStringLiteral("good"), input).replaceInStrings(QStringLiteral("both"), other);
            const CliResult result = m_a360.run(database, arguments);
            A360_COMPARE_CODE(result, 2);
            QVERIFY2(result.err.contains("would overwrite"), result.err.constData());
            QVERIFY(!QFile::exists(other));
        }
        A360_COMPARE_CODE(m_a360.run(database, words("export contacts -o - --receipt -")), 2);
    }
    void reportsToAPipeLeaveThePipe()
    {
        const QByteArray pipe = QFile::encodeName(m_a360.path(QStringLiteral("pipe")));
        QCOMPARE(::mkfifo(pipe.constData(), 0600), 0);
        const int reader = ::open(pipe.constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        QVERIFY(reader >= 0);
        const CliResult result = m_a360.run(m_filled[db::Dialect::Sqlite], words("import - --report") + QStringList{QFile::decodeName(pipe)},
                                            goodCsv());
        QByteArray report(64 * 1024, '\0');
        const ssize_t size = ::read(reader, report.data(), static_cast<size_t>(report.size()));
        ::close(reader);
        A360_COMPARE_CODE(result, 0);
        struct stat about = {};
        QCOMPARE(::stat(pipe.constData(), &about), 0);
        QVERIFY(S_ISFIFO(about.st_mode));
        QVERIFY2(report.left(size).contains("\"unchanged\": 1"), report.left(size).constData());
    }
    void aReportForAFullDiskIsMissedAloud()
    {
        const SmallDisk disk(m_a360.path(QStringLiteral("brimful")), SmallDisk::Full);
        QString target = QStringLiteral("/dev/full"); // without root, who cannot mount, cannot replace it either
        if (disk.isMounted()) {
            disk.fill();
            target = disk.path() + QStringLiteral("/report.json");
        }
        const CliResult result = m_a360.run(m_databases.fresh(db::Dialect::Sqlite),
                                            words("import - --report") + QStringList{target}, goodCsv());
        A360_COMPARE_CODE(result, 2);
        QVERIFY2(result.err.contains("No space left") && result.err.contains("1 rows were inserted"), result.err.constData());
        QVERIFY(!disk.isMounted() || filesIn(disk.path()) == QStringList{QStringLiteral("filler")});
    }
    void readOnlyTargetIs2()
    {
        const SmallDisk disk(m_a360.path(QStringLiteral("readonly")), SmallDisk::ReadOnly);
        // Root is not kept out by permissions, where mounting is not allowed.
        const QString folder = QFileInfo(disk.path()).isWritable() ? QStringLiteral("/proc") : disk.path();
        const QString target = folder + QStringLiteral("/out.csv");
        const CliResult result = m_a360.run(m_filled[db::Dialect::PostgreSql], words("export contacts -o") + QStringList{target});
        A360_COMPARE_CODE(result, 2);
        QVERIFY2(result.err.contains("out.csv"), result.err.constData());
        QVERIFY(filesIn(disk.path()).isEmpty());
    }
    void fullDiskIs2_data() { addDialectRows(); }
    void fullDiskIs2()
    {
        QFETCH(const db::Dialect, dialect);
        const db::DatabaseUrl database = m_databases.fresh(dialect);
        A360_COMPARE_CODE(m_a360.run(database, {QStringLiteral("import"), QStringLiteral(A360_TEST_DATA "/dirty_2000.csv.gz")}), 0);
        const SmallDisk disk(m_a360.path(QStringLiteral("small")), SmallDisk::Full);
        if (!disk.isMounted()) { // without root there is one full thing only
            exportToFullDevice(database);
            return;
        }
        const CliResult result =
            m_a360.run(database, words("export contacts --preset full -o") + QStringList{disk.path() + QStringLiteral("/out.csv")});
        A360_COMPARE_CODE(result, 2);
        QVERIFY2(result.err.contains("out.csv") || result.err.contains("full"), result.err.constData());
        QVERIFY2(result.err.contains("No space left"), result.err.constData());
        QVERIFY(filesIn(disk.path()).isEmpty());
    }
    void decision8_aFullDiskUnderTheDatabaseIs4()
    {
        const SmallDisk disk(m_a360.path(QStringLiteral("tight")), SmallDisk::Full, "4m");
        if (!disk.isMounted()) { // a folder that cannot be made stands for a disk that takes nothing
            const auto nowhere = db::DatabaseUrl::sqliteFile(QStringLiteral("/proc/no/folder/data.db"));
            A360_COMPARE_CODE(m_a360.run(nowhere, words("import -"), goodCsv()), 4);
            return;
        }
        const auto database = db::DatabaseUrl::sqliteFile(disk.path() + QStringLiteral("/data.db"));
        A360_COMPARE_CODE(m_a360.run(database, words("import -"), goodCsv()), 0);
        const CliResult result = m_a360.run(database, {QStringLiteral("import"), QStringLiteral(A360_TEST_DATA "/dirty_2000.csv.gz")});
        A360_COMPARE_CODE(result, 4);
        QVERIFY2(result.err.contains("disk full"), result.err.constData());
        QVERIFY2(result.err.contains("Nothing was changed") || result.err.contains("remain"), result.err.constData());
        const CliResult after = m_a360.run(database, words("count contacts"));
        A360_COMPARE_CODE(after, 0);
        QVERIFY2(after.out.toLongLong() >= 1, after.out.constData());
    }
    void aDatabaseBesideWhichNothingMayBeWrittenIsToldOfAsThat()
    {
        const SmallDisk disk(m_a360.path(QStringLiteral("archive")), SmallDisk::Full, "4m");
        const auto database = db::DatabaseUrl::sqliteFile(disk.path() + QStringLiteral("/data.db"));
        A360_COMPARE_CODE(m_a360.run(database, words("import -"), goodCsv()), 0);
        disk.makeReadOnly();
        if (QFileInfo(disk.path()).isWritable())
            return; // root where mounting is not allowed: permissions do not keep it out
        for (const char *command : {"count contacts", "export contacts"}) {
            const CliResult result = m_a360.run(database, words(command));
            A360_COMPARE_CODE(result, 4);
            QVERIFY2(result.err.contains(disk.path().toUtf8()), result.err.constData());
            QVERIFY2(result.err.contains("write-ahead log"), result.err.constData());
        }
    }
    void fullStandardOutputIs2() { exportToFullDevice(m_filled[db::Dialect::Sqlite]); }
    void closedStreamsAreNotMixedUpWithOtherFiles()
    {
        const QString database = m_filled[db::Dialect::Sqlite].toString();
        const auto without = [&](int stream, const char *command) {
            QProcess process;
            process.setChildProcessModifier([stream] { ::close(stream); });
            m_a360.start(process, words(command) + QStringList{database});
            const bool ended = process.waitForFinished();
            return qMakePair(ended ? process.exitCode() : -1, process.readAllStandardError());
        };
        const auto noInput = without(STDIN_FILENO, "import - --database");
        QVERIFY2(noInput.first == 2 && noInput.second.contains("Bad file descriptor"), noInput.second.constData());
        const auto noOutput = without(STDOUT_FILENO, "export contacts --database");
        QVERIFY2(noOutput.first == 2 && noOutput.second.contains("Bad file descriptor"), noOutput.second.constData());
    }
    void vanishedReaderIsNoCrash()
    {
        const db::DatabaseUrl database = m_databases.fresh(db::Dialect::Sqlite);
        A360_COMPARE_CODE(m_a360.run(database, {QStringLiteral("import"), QStringLiteral(A360_TEST_DATA "/dirty_2000.csv.gz")}), 0);
        QProcess process;
        m_a360.start(process, words("export contacts --preset full --database") + QStringList{database.toString()});
        QVERIFY(process.waitForReadyRead());
        process.closeReadChannel(QProcess::StandardOutput);
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QVERIFY(process.exitCode() == 2 || process.exitCode() == 0);
    }

    void decision8_databaseTroubleIs4()
    {
        db::DatabaseUrl down = m_filled[db::Dialect::PostgreSql];
        down.port = 1;
        const QString text = m_a360.file(QStringLiteral("notes.db"), "this is a text file and no database at all\n");
        const db::DatabaseUrl noDatabase = db::DatabaseUrl::sqliteFile(text);
        db::DatabaseUrl missing = m_filled[db::Dialect::PostgreSql];
        missing.name = QStringLiteral("no_such_database");
        for (const db::DatabaseUrl &database : {down, noDatabase, missing}) {
            for (const char *command : {"import -", "export contacts", "count contacts"}) {
                const CliResult result = m_a360.run(database, words(command), goodCsv());
                A360_COMPARE_CODE(result, 4);
                QVERIFY(result.out.isEmpty());
                const QByteArray place = database.dialect == db::Dialect::Sqlite ? "notes.db"
                                         : database.port == 1                   ? "127.0.0.1"
                                                                                : "no_such_database";
                QVERIFY2(result.err.contains(place), result.err.constData());
            }
        }
        QCOMPARE(readAll(text), QByteArray("this is a text file and no database at all\n"));
    }
    void decision8_waitingForASilentServerIsCancelledWith5()
    {
        QTcpServer silent; // takes the connection and says nothing
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        const QStringList arguments = words("count contacts --database postgresql://me@127.0.0.1:%1/x")
                                          .replaceInStrings(QStringLiteral("%1"), QString::number(silent.serverPort()));
        // Many times, a little later each: the thread that connects may be anywhere in its libraries when the program ends.
        for (int i = 0; i < 40; ++i) {
            QProcess process;
            m_a360.start(process, arguments);
            QVERIFY(silent.waitForNewConnection(20'000));
            const std::unique_ptr<QTcpSocket> connection(silent.nextPendingConnection());
            QThread::usleep(static_cast<unsigned long>(i) * 100);
            QElapsedTimer timer;
            timer.start();
            ::kill(static_cast<pid_t>(process.processId()), SIGINT);
            QVERIFY(process.waitForFinished(20'000));
            QVERIFY2(timer.elapsed() < 1000, QByteArray::number(timer.elapsed()).constData());
            QVERIFY2(process.exitStatus() == QProcess::NormalExit, process.readAllStandardError().constData());
            QCOMPARE(process.exitCode(), 5);
        }
    }
    void passwordsAreNotToldInErrors()
    {
        db::DatabaseUrl database = m_filled[db::Dialect::PostgreSql];
        database.port = 1;
        database.password = QStringLiteral("hunter2");
        const CliResult result = m_a360.run(database, words("count contacts"));
        A360_COMPARE_CODE(result, 4);
        QVERIFY2(!result.err.contains("hunter2"), result.err.constData());
    }

private:
    void exportToFullDevice(const db::DatabaseUrl &database)
    {
        QProcess process;
        process.setStandardOutputFile(QStringLiteral("/dev/full"));
        m_a360.start(process, words("export contacts --database") + QStringList{database.toString()});
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 2);
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(said.contains("No space left"), said.constData());
    }
    CliProgram m_a360;
    TestDatabases m_databases;
    QMap<db::Dialect, db::DatabaseUrl> m_filled;
};

QTEST_GUILESS_MAIN(TestCliBadInput)
#include "tst_cli_bad_input.moc"
