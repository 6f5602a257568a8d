// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli_program.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace a360::test;

/// run.sh in a copy of the project's outline whose packages are there, whose build does nothing, and whose programs print how
/// they were called.
class TestRunScript : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(QDir(m_root.path()).mkpath(QStringLiteral("packaging")));
        QVERIFY(QDir(m_root.path()).mkpath(QStringLiteral("build/release/bin")));
        QVERIFY(QDir(m_root.path()).mkpath(QStringLiteral("tools")));
        QVERIFY(QFile::copy(QStringLiteral(A360_SOURCE_DIR "/run.sh"), path("run.sh")));
        script("packaging/install-packages.sh", "echo packages");
        script("tools/cmake", "echo \"$@\" >> \"" + path("cmake.log").toUtf8() + "\"");
        script("build/release/build.ninja", "");
        script("build/release/bin/a360", "printf '[a360]'; printf '[%s]' \"$@\"");
        script("build/release/bin/a360-desktop", "printf '[desktop]'; printf '[%s]' \"$@\"");
    }

    void passesArgumentsThrough_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<bool>("display");
        QTest::addColumn<QByteArray>("called");
        const auto row = [](const char *arguments, bool display, const char *called) {
            QTest::addRow("%s%s", *arguments ? arguments : "nothing", display ? ", display" : "")
                << QString::fromUtf8(arguments) << display << QByteArray(called);
        };
        for (const bool display : {false, true}) {
            for (const char *command : {"import", "export", "count", "indexes", "analyze", "serve", "token", "config", "mistyped"})
                row(command, display, QByteArray("[a360][" + QByteArray(command) + "]").constData());
            row("import|my leads.csv|--policy|skip", display, "[a360][import][my leads.csv][--policy][skip]");
            row("--help", display, "[a360][--help]");
            row("--version", display, "[a360][--version]");
        }
        row("", false, "[a360][serve]");
        row("--listen|:1", false, "[a360][serve][--listen][:1]");
        row("", true, "[desktop][]");
        row("--database|x.db", true, "[desktop][--database][x.db]");
    }
    void passesArgumentsThrough()
    {
        QFETCH(const QString, arguments);
        QFETCH(const bool, display);
        const auto result = run(display, arguments.split(QLatin1Char('|'), Qt::SkipEmptyParts));
        A360_COMPARE_CODE(result, 0);
        QFETCH(const QByteArray, called);
        QCOMPARE(result.out, called); // the rest is on standard error
    }
    void onlyTheProgramThatIsStartedIsBuilt()
    {
        QFile::remove(path("cmake.log"));
        A360_COMPARE_CODE(run(false, {QStringLiteral("config")}), 0);
        QVERIFY(readAll(path("cmake.log")).contains("--target a360 "));
    }

private:
    QString path(const char *name) const { return m_root.filePath(QString::fromUtf8(name)); }
    void script(const char *name, const QByteArray &text) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("#!/bin/sh\n" + text + "\n");
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    }
    CliResult run(bool display, const QStringList &arguments) const
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(QStringLiteral("DISPLAY"));
        environment.remove(QStringLiteral("WAYLAND_DISPLAY"));
        if (display)
            environment.insert(QStringLiteral("DISPLAY"), QStringLiteral(":77"));
        environment.insert(QStringLiteral("PATH"), path("tools") + QLatin1Char(':') + environment.value(QStringLiteral("PATH")));
        process.setProcessEnvironment(environment);
        process.start(path("run.sh"), arguments);
        CliResult result;
        if (process.waitForFinished(60000) && process.exitStatus() == QProcess::NormalExit)
            result.code = process.exitCode();
        result.out = process.readAllStandardOutput();
        result.err = process.readAllStandardError();
        return result;
    }

    QTemporaryDir m_root;
};

QTEST_GUILESS_MAIN(TestRunScript)
#include "tst_run_script.moc"
