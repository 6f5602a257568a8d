// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/cache_backend.h"
#include "exchange/export_dialog.h"
#include "exchange/export_operation.h"
#include "exchange/exports_page.h"
#include "exchange/import_operation.h"
#include "exchange/import_page.h"
#include "exchange/import_result.h"
#include "exchange/import_setup.h"
#include "support/meeting_point.h"
#include "window_fixture.h"

#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <atomic>

using namespace a360;
using namespace a360::ui;
using a360::test::WindowFixture;

namespace {

constexpr int patience = 30'000;

/// What is known of databases that were closed.
struct Closings
{
    a360::test::Gate mayEnd;
    std::atomic<int> begun = 0, ended = 0;
    std::atomic<bool> onWindowThread = false;
};

/// A far tier of a cache, as Redis is; it goes with its database, and takes its time for it as a silent server does.
class SlowToClose final : public cache::CacheBackend
{
public:
    explicit SlowToClose(Closings &closings) : m_closings(closings) {}
    ~SlowToClose() override
    {
        ++m_closings.begun;
        if (QThread::currentThread() == qApp->thread())
            m_closings.onWindowThread = true; // waiting here would be waiting for good
        else
            m_closings.mayEnd.wait();
        ++m_closings.ended;
    }
    QByteArray name() const override { return "slow"; }
    std::optional<cache::CacheEntry> get(const QByteArray &) override { return std::nullopt; }
    bool set(const QByteArray &, const cache::CacheEntry &) override { return false; }
    bool remove(const QByteArray &) override { return false; }
    qint64 removePattern(const QByteArray &) override { return 0; }
    std::vector<cache::BackendStats> stats() const override { return {}; }

private:
    Closings &m_closings;
};

bool becomesOpen(const Session &session)
{
    return QTest::qWaitFor([&] { return session.state() != Session::State::Opening; }, patience)
           && session.state() == Session::State::Open;
}

QStringList textsOf(const QList<QPushButton *> &buttons)
{
    QStringList texts;
    for (const QPushButton *button : buttons)
        texts.append(button->text());
    return texts;
}

} // namespace

/// The window leaves a database for another one: the old one is closed behind its back, and what was begun there does not
/// pass for the new one's.
class DatabaseChangeTest : public QObject
{
    Q_OBJECT

private:
    static std::unique_ptr<MainWindow> windowWith(const QTemporaryDir &folder, Closings &closings)
    {
        WindowOptions options;
        options.settingsFile = folder.filePath(QStringLiteral("desktop.ini"));
        options.defaultDatabaseFile = folder.filePath(QStringLiteral("first.db"));
        options.service.stays = true;
        options.service.cache.farTier = [&closings] { return std::make_unique<SlowToClose>(closings); };
        auto window = std::make_unique<MainWindow>(options);
        window->show();
        window->start();
        return window;
    }
    static db::DatabaseUrl other(const WindowFixture &fixture)
    {
        return db::DatabaseUrl::sqliteFile(fixture.path(QStringLiteral("other.db")));
    }

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void theWindowLivesOnWhileTheOldDatabaseIsClosed()
    {
        Closings closings;
        const QTemporaryDir folder;
        auto window = windowWith(folder, closings);
        const auto end = qScopeGuard([&] { closings.mayEnd.open(); });
        QVERIFY(becomesOpen(window->session()));
        window->openDatabase(db::DatabaseUrl::sqliteFile(folder.filePath(QStringLiteral("second.db"))));
        QTRY_COMPARE_WITH_TIMEOUT(closings.begun.load(), 1, patience);
        QVERIFY(becomesOpen(window->session())); // and the first is still on its way
        QCOMPARE(closings.ended.load(), 0);
        closings.mayEnd.open();
        QTRY_COMPARE_WITH_TIMEOUT(closings.ended.load(), 1, patience);
        QVERIFY(!closings.onWindowThread);
    }

    void whoLetsTheLastReferenceGoDoesNotCloseIt()
    {
        Closings closings;
        const QTemporaryDir folder;
        auto window = windowWith(folder, closings);
        const auto end = qScopeGuard([&] { closings.mayEnd.open(); });
        QVERIFY(becomesOpen(window->session()));
        std::shared_ptr<Service> held = window->session().service(); // as a page or the REST service does
        window->openDatabase(db::DatabaseUrl::sqliteFile(folder.filePath(QStringLiteral("second.db"))));
        QVERIFY(becomesOpen(window->session()));
        QVERIFY(window->session().interactive().waitForDone(patience));
        QCOMPARE(closings.begun.load(), 0);
        held.reset();
        QTRY_COMPARE_WITH_TIMEOUT(closings.begun.load(), 1, patience);
        QVERIFY(!closings.onWindowThread);
    }

    void closingDatabasesHoldUpNoOther()
    {
        Closings closings;
        const QTemporaryDir folder;
        auto window = windowWith(folder, closings);
        const auto end = qScopeGuard([&] { closings.mayEnd.open(); });
        for (int i = 0; i < 6; ++i) { // more than there are threads for the window's questions
            QVERIFY(becomesOpen(window->session()));
            window->openDatabase(db::DatabaseUrl::sqliteFile(folder.filePath(QStringLiteral("%1.db").arg(i))));
            QTRY_COMPARE_WITH_TIMEOUT(closings.begun.load(), i + 1, patience);
        }
        QVERIFY(becomesOpen(window->session()));
        QCOMPARE(closings.ended.load(), 0);
    }

    void waitingForWhatIsClosedIsBounded()
    {
        Closings closings;
        const QTemporaryDir folder;
        auto window = windowWith(folder, closings);
        const auto end = qScopeGuard([&] { closings.mayEnd.open(); });
        QVERIFY(becomesOpen(window->session()));
        const std::shared_ptr<ServiceCloser> closer = window->session().closer();
        QVERIFY(closer->waitForDone(std::chrono::milliseconds(0))); // none
        window->openDatabase(db::DatabaseUrl::sqliteFile(folder.filePath(QStringLiteral("second.db"))));
        QTRY_COMPARE_WITH_TIMEOUT(closings.begun.load(), 1, patience);
        QVERIFY(!closer->waitForDone(std::chrono::milliseconds(10)));
        closings.mayEnd.open();
        QVERIFY(closer->waitForDone(std::chrono::seconds(20)));
        QCOMPARE(closings.ended.load(), 1);
    }

    void theEndOfTheWindowWaitsForWhatIsBeingClosed()
    {
        Closings closings;
        const QTemporaryDir folder;
        auto window = windowWith(folder, closings);
        QVERIFY(becomesOpen(window->session()));
        closings.mayEnd.open();
        window.reset();
        QCOMPARE(closings.ended.load(), 1);
        QVERIFY(!closings.onWindowThread);
    }

    void whatRunsOnTheOldDatabaseNamesIt()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        MainWindow &window = fixture.window();
        ImportPage &page = *window.importPage();
        page.importSample();
        Operation *import = page.operation();
        QCOMPARE(import->title(), QStringLiteral("Sample data"));
        window.openDatabase(other(fixture));
        QCOMPARE(import->title(), QStringLiteral("Sample data · contacts.db"));
        QTRY_VERIFY_WITH_TIMEOUT(!import->isRunning(), patience);
        QVERIFY(becomesOpen(window.session()));
        QCOMPARE(page.step(), ImportPage::Step::Result);
        QVERIFY2(page.result()->heading().contains(QStringLiteral("contacts.db")), qPrintable(page.result()->heading()));
        // It would show others.
        QVERIFY(!textsOf(page.result()->findChildren<QPushButton *>()).contains(QStringLiteral("Show contacts")));
        window.openDatabase(db::DatabaseUrl::sqliteFile(fixture.path(QStringLiteral("contacts.db"))));
        QCOMPARE(import->title(), QStringLiteral("Sample data"));
        // Back there the result is this database's again.
        QCOMPARE(page.step(), ImportPage::Step::Result);
        QVERIFY2(!page.result()->heading().contains(QStringLiteral("contacts.db")), qPrintable(page.result()->heading()));
        QVERIFY(textsOf(page.result()->findChildren<QPushButton *>()).contains(QStringLiteral("Show contacts")));
    }

    void aResultIsLeftWithItsDatabase()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(20));
        ImportPage &page = *fixture.window().importPage();
        QCOMPARE(page.step(), ImportPage::Step::Result);
        fixture.window().openDatabase(other(fixture));
        QCOMPARE(page.step(), ImportPage::Step::Choose);
        QVERIFY(becomesOpen(fixture.window().session()));
        QCOMPARE(page.step(), ImportPage::Step::Choose);
    }

    void aDryRunIsNotRepeatedInAnotherDatabase()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        ImportPage &page = *fixture.window().importPage();
        page.openFile(fixture.makeFile(QStringLiteral("few.csv"), 20));
        QTRY_VERIFY_WITH_TIMEOUT(page.setup()->isReady(), patience);
        page.setup()->dryRunButton()->click();
        fixture.window().openDatabase(other(fixture));
        QTRY_COMPARE_WITH_TIMEOUT(page.step(), ImportPage::Step::Result, patience);
        QVERIFY(!textsOf(page.result()->findChildren<QPushButton *>()).contains(QStringLiteral("Import now")));
    }

    void anImportBetweenTwoDatabasesIsRefused()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        ImportPage &page = *fixture.window().importPage();
        page.openFile(fixture.makeFile(QStringLiteral("few.csv"), 20));
        QTRY_VERIFY_WITH_TIMEOUT(page.setup()->isReady(), patience);
        fixture.window().openDatabase(other(fixture));
        page.setup()->importButton()->click(); // there is nothing yet that it could go to
        QVERIFY(fixture.window().operations().all().isEmpty());
        QCOMPARE(page.step(), ImportPage::Step::SetUp);
    }

    void anExportOfferedOnTheOldDatabaseIsWithdrawn()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QPointer<ExportDialog> dialog = fixture.window().openExportDialog(fixture.window().contactsPage());
        QVERIFY(dialog && dialog->isVisible());
        fixture.window().openDatabase(other(fixture));
        QVERIFY(!dialog || !dialog->isVisible());
    }

    void aReceiptNamesItsDatabase()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(20));
        MainWindow &window = fixture.window();
        ExportDialog *dialog = window.openExportDialog(window.contactsPage());
        QVERIFY(dialog);
        dialog->pathEdit()->setText(fixture.path(QStringLiteral("out.csv")));
        dialog->exportButton()->click();
        QTRY_COMPARE(window.exportsPage()->cardCount(), 1);
        Operation *operation = window.operations().all().constLast();
        QTRY_VERIFY_WITH_TIMEOUT(!operation->isRunning(), patience);
        window.openDatabase(other(fixture));
        QVERIFY2(operation->title().endsWith(QStringLiteral(" · contacts.db")), qPrintable(operation->title()));
        const QString receipt = window.exportsPage()->receiptText(qobject_cast<ExportOperation *>(operation));
        QVERIFY2(receipt.contains(QStringLiteral("Database: ")) && receipt.contains(QStringLiteral("contacts.db")), qPrintable(receipt));
    }
};

QTEST_MAIN(DatabaseChangeTest)
#include "tst_database_change.moc"
