// SPDX-License-Identifier: GPL-3.0-or-later
// An export whose reader does not read can be cancelled.
#include "cli_program.h"
#include "support/test_databases.h"

#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace a360;
using namespace a360::test;

namespace {

/// Bytes that wait in a pipe to be read.
int waiting(int pipe)
{
    int bytes = 0;
    return ::ioctl(pipe, FIONREAD, &bytes) == 0 ? bytes : -1;
}

} // namespace

class TestCliStalledOutput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_database = QStringLiteral("sqlite:///") + m_a360.path(QStringLiteral("desk.db"));
        const CliResult import = m_a360.run({QStringLiteral("import"), QStringLiteral(A360_TEST_DATA "/dirty_2000.csv.gz"),
                                             QStringLiteral("--database"), m_database});
        A360_COMPARE_CODE(import, 0);
    }

    void ctrlCEndsAnExportIntoAPipeThatNobodyReads_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::newRow("plain") << QStringList();
        QTest::newRow("gzip") << QStringList{QStringLiteral("--compress"), QStringLiteral("gzip")};
    }
    void ctrlCEndsAnExportIntoAPipeThatNobodyReads()
    {
        QFETCH(QStringList, options);
        int pipe[2];
        QVERIFY(::pipe2(pipe, O_CLOEXEC) == 0);
        QProcess process;
        process.setStandardOutputFile(QStringLiteral("/proc/self/fd/%1").arg(pipe[1]));
        m_a360.start(process, QStringList{QStringLiteral("export"), QStringLiteral("contacts"), QStringLiteral("--preset"),
                                          QStringLiteral("full"), QStringLiteral("-o"), QStringLiteral("-"),
                                          QStringLiteral("--database"), m_database} + options);
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(waiting(pipe[0]) >= 60'000, 10'000);
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
        const bool ended = process.waitForFinished(5000);
        if (!ended)
            process.kill();
        ::close(pipe[0]);
        ::close(pipe[1]);
        QVERIFY2(ended, "still waiting for the reader");
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 5);
    }

    void ctrlCEndsAnExportIntoANamedPipeThatNobodyOpens()
    {
        const QString fifo = m_a360.path(QStringLiteral("out.csv"));
        QCOMPARE(::mkfifo(QFile::encodeName(fifo).constData(), 0600), 0);
        QProcess process;
        m_a360.start(process, {QStringLiteral("export"), QStringLiteral("contacts"), QStringLiteral("-o"), fifo,
                               QStringLiteral("--database"), m_database});
        QVERIFY(process.waitForStarted());
        QVERIFY(!process.waitForFinished(500)); // it waits
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
        const bool ended = process.waitForFinished(5000);
        if (!ended)
            process.kill();
        QVERIFY2(ended, "still waiting for the reader");
        QCOMPARE(process.exitCode(), 5);
    }

    void whatWasWrittenBeforeStaysInARedirectedFile()
    {
        const QString out = m_a360.file(QStringLiteral("all.csv"), "first\n");
        QProcess process;
        process.setStandardOutputFile(out, QIODevice::Append);
        m_a360.start(process, {QStringLiteral("export"), QStringLiteral("contacts"), QStringLiteral("--columns"), QStringLiteral("uuid"),
                               QStringLiteral("--max-results"), QStringLiteral("1"), QStringLiteral("--database"), m_database});
        QVERIFY(process.waitForFinished(10'000));
        QCOMPARE(process.exitCode(), 0);
        const QByteArray text = readAll(out);
        QVERIFY2(text.startsWith("first\nuuid\n"), text.constData());
    }

private:
    CliProgram m_a360;
    QString m_database;
};

QTEST_GUILESS_MAIN(TestCliStalledOutput)
#include "tst_cli_stalled_output.moc"
