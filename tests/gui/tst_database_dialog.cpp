// SPDX-License-Identifier: GPL-3.0-or-later
#include "database/database_dialog.h"
#include "support/small_disk.h"
#include "window_fixture.h"

#include <QDir>
#include <QFile>
#include <QFutureWatcher>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScopeGuard>
#include <QSpinBox>
#include <QTcpServer>
#include <QTest>

using namespace a360;
using namespace a360::ui;
using a360::test::WindowFixture;

namespace {
constexpr int patience = 30'000;
}

/// What the dialog says of a place before anything is opened there, and what is remembered of it.
class DatabaseDialogTest : public QObject
{
    Q_OBJECT

private:
    enum End { DialogGoes, WindowIsClosed, WindowGoes };
    static Result<QString> tested(const QString &path) { return testConnection(db::DatabaseUrl::sqliteFile(path), {}); }
    static bool refused(const Result<QString> &answer, const char *words)
    {
        if (!answer.ok() && answer.error().message.contains(QLatin1String(words)))
            return true;
        qWarning().noquote() << "said:" << (answer.ok() ? *answer : answer.error().message);
        return false;
    }

private Q_SLOTS:
    void aNewFileIsAnnouncedOnlyWhereItCanBeMade()
    {
        const QTemporaryDir folder;
        const Result<QString> file = tested(folder.filePath(QStringLiteral("new.db")));
        QVERIFY(file.ok());
        QVERIFY2(file->contains(QStringLiteral("made when you open it")), qPrintable(*file));
        const Result<QString> deeper = tested(folder.filePath(QStringLiteral("a/b/new.db")));
        QVERIFY(deeper.ok());
        QVERIFY2(deeper->contains(folder.filePath(QStringLiteral("a/b"))), qPrintable(*deeper)); // the folder is made as well
        QVERIFY2(QDir(folder.path()).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot), "a test leaves nothing");
    }

    void aFolderThatTakesNoFilesIsTold()
    {
        // Nobody can make a file here, not even root.
        QVERIFY(refused(tested(QStringLiteral("/proc/contacts.db")), "The folder /proc does not allow new files"));
        QVERIFY(refused(tested(QStringLiteral("/proc/none/contacts.db")), "The folder /proc/none does not exist and cannot be made"));
        const QTemporaryDir folder;
        QFile inTheWay(folder.filePath(QStringLiteral("file")));
        QVERIFY(inTheWay.open(QIODevice::WriteOnly));
        QVERIFY(refused(tested(inTheWay.fileName() + QStringLiteral("/contacts.db")), "is a file, not a folder"));
    }

    void aLinkIsAsGoodAsTheFileItLeadsTo()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("contacts.db")), locked = folder.filePath(QStringLiteral("locked"));
        {
            QVERIFY(QDir().mkdir(locked));
            const test::SmallDisk disk(locked, test::SmallDisk::Full);
            const QString link = locked + QStringLiteral("/link.db");
            QVERIFY(QFile(path).open(QIODevice::WriteOnly));
            QVERIFY(QFile::link(path, link));
            disk.makeReadOnly();
            // SQLite puts its log beside the file and not beside the link.
            const Result<QString> answer = tested(link);
            QVERIFY2(answer.ok(), answer.ok() ? "" : qPrintable(answer.error().message));
            WindowFixture fixture;
            fixture.window().openDatabase(db::DatabaseUrl::sqliteFile(link));
            QTRY_VERIFY_WITH_TIMEOUT(fixture.window().session().state() != Session::State::Opening, patience);
            QVERIFY2(fixture.window().session().state() == Session::State::Open, qPrintable(fixture.window().session().error().message));
        }
        // The other way round a link helps nothing.
        const test::SmallDisk disk(locked, test::SmallDisk::Full);
        const QString inside = locked + QStringLiteral("/contacts.db"), outside = folder.filePath(QStringLiteral("outside.db"));
        QVERIFY(QFile(inside).open(QIODevice::WriteOnly));
        QVERIFY(QFile::link(inside, outside));
        disk.makeReadOnly();
        const Result<QString> answer = tested(outside);
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error().code, ErrorCode::PermissionDenied);
    }

    void whatIsNoDatabaseIsTold()
    {
        const QTemporaryDir folder;
        QVERIFY(refused(tested(folder.path()), "is a folder, not an SQLite database"));
        QFile poem(folder.filePath(QStringLiteral("poem.db")));
        QVERIFY(poem.open(QIODevice::WriteOnly));
        poem.write(QByteArray("This is not a database but a very long poem about one. ").repeated(100));
        poem.close();
        QVERIFY(refused(tested(poem.fileName()), "poem.db"));
        QVERIFY(refused(tested(QStringLiteral("/dev/null")), "is no file"));
    }

    void openingSaysTheSame()
    {
        WindowFixture fixture;
        for (const auto &[path, words] : {std::pair(QStringLiteral("/proc/contacts.db"), "does not allow new files"),
                                          std::pair(fixture.path(QString()), "is a folder, not an SQLite database")}) {
            fixture.window().openDatabase(db::DatabaseUrl::sqliteFile(path));
            QTRY_COMPARE_WITH_TIMEOUT(fixture.window().session().state(), Session::State::Failed, patience);
            const QString message = fixture.window().session().error().message;
            QVERIFY2(message.contains(QLatin1String(words)), qPrintable(message));
        }
    }

    void aTestCanBeStopped()
    {
        QTcpServer silent; // takes connections and says nothing
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        WindowFixture fixture;
        QVERIFY(fixture.open());
        DatabaseDialog *dialog = fixture.window().chooseDatabase();
        dialog->chooseServer();
        dialog->hostEdit()->setText(QStringLiteral("127.0.0.1"));
        dialog->portBox()->setValue(silent.serverPort());
        dialog->nameEdit()->setText(QStringLiteral("contacts"));
        const QString test = dialog->testButton()->text();
        dialog->testButton()->click();
        QVERIFY(!dialog->openButton()->isEnabled());
        QVERIFY(dialog->testButton()->isEnabled());
        QVERIFY(dialog->testButton()->text() != test);
        dialog->testButton()->click();
        QVERIFY(dialog->openButton()->isEnabled());
        QCOMPARE(dialog->testButton()->text(), test);
        QCOMPARE(dialog->verdict()->text(), QStringLiteral("Stopped."));
        QVERIFY(fixture.window().session().interactive().waitForDone(patience)); // its thread is free again
        QCoreApplication::processEvents();
        QCOMPARE(dialog->verdict()->text(), QStringLiteral("Stopped."));
        dialog->close();
    }

    void aTestEndsWithItsDialogOrWindow_data()
    {
        QTest::addColumn<int>("end");
        QTest::newRow("the dialog goes") << int(DialogGoes);
        QTest::newRow("the window is closed") << int(WindowIsClosed);
        QTest::newRow("the window goes") << int(WindowGoes);
    }
    void aTestEndsWithItsDialogOrWindow()
    {
        QFETCH(int, end);
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        const QTemporaryDir folder;
        WindowOptions options;
        options.settingsFile = folder.filePath(QStringLiteral("desktop.ini"));
        options.defaultDatabaseFile = folder.filePath(QStringLiteral("contacts.db"));
        auto window = std::make_unique<MainWindow>(options);
        window->show();
        DatabaseDialog *dialog = window->chooseDatabase();
        dialog->chooseServer();
        dialog->hostEdit()->setText(QStringLiteral("127.0.0.1"));
        dialog->portBox()->setValue(silent.serverPort());
        dialog->nameEdit()->setText(QStringLiteral("contacts"));
        dialog->testButton()->click();
        const auto *watcher = static_cast<QFutureWatcher<Result<QString>> *>(dialog->findChild<QFutureWatcherBase *>());
        QVERIFY(watcher);
        const QFuture<Result<QString>> answer = watcher->future();
        if (end == DialogGoes)
            delete dialog;
        else if (end == WindowIsClosed)
            QVERIFY(window->close());
        else
            window.reset();
        // Whoever waits for the thread would otherwise wait as long as a server may take to answer.
        QCOMPARE(answer.result().error().code, ErrorCode::Cancelled);
    }

    void aRelativePathIsRememberedAsAbsolute()
    {
        const QString before = QDir::currentPath();
        const auto back = qScopeGuard([&] { QDir::setCurrent(before); });
        WindowFixture fixture;
        QVERIFY(QDir::setCurrent(fixture.path(QString())));
        fixture.window().openDatabase(db::DatabaseUrl::sqliteFile(QStringLiteral("here.db")));
        QTRY_COMPARE_WITH_TIMEOUT(fixture.window().session().state(), Session::State::Open, patience);
        const QString absolute = QDir::current().absoluteFilePath(QStringLiteral("here.db"));
        QCOMPARE(fixture.window().session().url().path, absolute);
        const auto last = Remembered(fixture.path(QStringLiteral("desktop.ini"))).lastDatabase();
        QVERIFY(last.has_value());
        QCOMPARE(last->path, absolute);
    }

    void noSecretOfAnAddressIsStored()
    {
        WindowFixture fixture;
        const QString file = fixture.path(QStringLiteral("remembered.ini"));
        const auto url = db::DatabaseUrl::parse(QStringLiteral("postgresql://desk:s3cret-one@db.example/contacts?sslkey=/k.pem&"
                                                               "sslpassword=s3cret-two&application_name=desk"));
        QVERIFY(url.ok());
        {
            Remembered remembered(file);
            remembered.chooseDatabase(*url);
            remembered.setLastDatabase(*url);
            remembered.setDatabaseValue(QStringLiteral("x"), 1);
        }
        QFile ini(file);
        QVERIFY(ini.open(QIODevice::ReadOnly));
        const QByteArray text = ini.readAll();
        QVERIFY2(!text.contains("s3cret"), text.constData());
        const auto last = Remembered(file).lastDatabase();
        QVERIFY(last.has_value());
        QCOMPARE(last->options.value(QStringLiteral("sslkey")), QStringLiteral("/k.pem"));
        QCOMPARE(last->options.value(QStringLiteral("application_name")), QStringLiteral("desk"));
        QVERIFY(!last->options.contains(QStringLiteral("sslpassword")));
    }
};

QTEST_MAIN(DatabaseDialogTest)
#include "tst_database_dialog.moc"
