// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QGuiApplication>
#include <QImage>
#include <QPixmap>
#include <QProcess>
#include <QScreen>
#include <QSet>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

/// Starts the program a360-desktop on a virtual X server and looks at the screen.
class TestDesktopSmoke : public QObject
{
    Q_OBJECT

    /// Colours on a coarse raster: an empty screen has one, a window many.
    static qsizetype coloursOnScreen()
    {
        const QImage picture = QGuiApplication::primaryScreen()->grabWindow(0).toImage();
        QSet<QRgb> colours;
        for (int y = 0; y < picture.height(); y += 2) {
            for (int x = 0; x < picture.width(); x += 2)
                colours.insert(picture.pixel(x, y));
        }
        return colours.size();
    }
    QProcessEnvironment environment() const
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_DATA_HOME"), m_home.filePath(QStringLiteral("data")));
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"), m_home.filePath(QStringLiteral("config")));
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("xcb"));
        return environment;
    }

private Q_SLOTS:
    void theWindowAppears()
    {
        QCOMPARE(coloursOnScreen(), 1);
        QProcess desktop;
        const QString log = m_home.filePath(QStringLiteral("desktop.log"));
        QProcessEnvironment logging = environment();
        logging.insert(QStringLiteral("LOG_FILE_PATH"), log);
        logging.insert(QStringLiteral("LOG_TO_CONSOLE"), QStringLiteral("false"));
        desktop.setProcessEnvironment(logging);
        desktop.setWorkingDirectory(m_home.path());
        desktop.setProcessChannelMode(QProcess::MergedChannels);
        desktop.start(QStringLiteral(A360_PROGRAM_DIR "/a360-desktop"), {});
        QVERIFY2(desktop.waitForStarted(), qPrintable(desktop.errorString()));
        const bool shown = QTest::qWaitFor([&] { return coloursOnScreen() > 30 || desktop.state() == QProcess::NotRunning; }, 30000);
        const QByteArray said = desktop.readAll();
        QVERIFY2(shown && desktop.state() == QProcess::Running, said.constData());
        desktop.terminate();
        QVERIFY(desktop.waitForFinished(20000));
        QCOMPARE(desktop.exitStatus(), QProcess::NormalExit); // as by Quit: what the window remembers is stored
        QCOMPARE(desktop.exitCode(), 0);
        QSettings remembered(m_home.filePath(QStringLiteral("config/appointment360/desktop.ini")), QSettings::IniFormat);
        QVERIFY(remembered.contains(QStringLiteral("window/geometry")));
        QFile logged(log);
        QVERIFY(logged.open(QIODevice::ReadOnly));
        QVERIFY(logged.readAll().contains("\"a360.app\""));
    }
    void aLogFileThatCannotBeWrittenIsToldWithoutAWindow()
    {
        QProcess desktop;
        QProcessEnvironment logging = environment();
        logging.insert(QStringLiteral("LOG_FILE_PATH"), QStringLiteral("/dev/null/desktop.log"));
        desktop.setProcessEnvironment(logging);
        desktop.start(QStringLiteral(A360_PROGRAM_DIR "/a360-desktop"), {});
        QVERIFY(desktop.waitForFinished(20000));
        QCOMPARE(desktop.exitCode(), 2);
        QVERIFY(desktop.readAllStandardError().contains("/dev/null/desktop.log"));
    }
    void decision8_endsWithoutAWindow_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("said");
        const auto row = [](const char *arguments, int code, const char *said) {
            QTest::newRow(arguments) << QString::fromLatin1(arguments).split(u' ') << code << QByteArray(said);
        };
        row("--database mysql://x", 2, "mysql");
        row("--nosuch", 2, "nosuch");
        row("--database", 2, "database");
        row("contacts.csv", 2, "contacts.csv");
        row("--theme pink", 2, "pink");
        row("--help", 0, "--theme");
        row("--version", 0, "a360-desktop");
    }
    void decision8_endsWithoutAWindow()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const int, code);
        QFETCH(const QByteArray, said);
        QProcess desktop;
        desktop.setProcessEnvironment(environment());
        desktop.setWorkingDirectory(m_home.path());
        desktop.start(QStringLiteral(A360_PROGRAM_DIR "/a360-desktop"), arguments);
        if (!desktop.waitForFinished(20000)) {
            desktop.kill();
            desktop.waitForFinished();
            QFAIL("It went on.");
        }
        QCOMPARE(desktop.exitStatus(), QProcess::NormalExit);
        QCOMPARE(desktop.exitCode(), code);
        const QByteArray text = code == 0 ? desktop.readAllStandardOutput() : desktop.readAllStandardError();
        QVERIFY2(text.contains(said), text.constData());
    }

private:
    QTemporaryDir m_home;
};

int main(int argc, char **argv)
{
    // The X server has to run before the application object of this test connects to it.
    QProcess server;
    server.setProcessChannelMode(QProcess::SeparateChannels);
    server.start(QStringLiteral(A360_XVFB), {QStringLiteral("-displayfd"), QStringLiteral("1"), QStringLiteral("-screen"),
                                             QStringLiteral("0"), QStringLiteral("1280x800x24"), QStringLiteral("-nolisten"),
                                             QStringLiteral("tcp")});
    if (!server.waitForReadyRead(20000))
        qFatal("Xvfb did not start: %s", server.readAllStandardError().constData());
    qputenv("DISPLAY", ":" + server.readAllStandardOutput().trimmed());
    qputenv("QT_QPA_PLATFORM", "xcb");
    int code = 1;
    {
        QGuiApplication application(argc, argv);
        TestDesktopSmoke test;
        code = QTest::qExec(&test, argc, argv);
    }
    server.terminate();
    server.waitForFinished();
    return code;
}

#include "tst_desktop_smoke.moc"
