// SPDX-License-Identifier: GPL-3.0-or-later
#include "database/database_dialog.h"
#include "exchange/export_dialog.h"
#include "exchange/exports_page.h"
#include "exchange/import_page.h"
#include "filters/filter_bar.h"
#include "filters/filter_editor.h"
#include "records/detail_panel.h"
#include "records/record_view.h"
#include "records/records_page.h"
#include "server/server_page.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "theme/tokens.h"
#include "widgets/state_panel.h"
#include "window/side_bar.h"
#include "window/status_line.h"
#include "window_fixture.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

using namespace a360;
using namespace a360::ui;
using a360::test::WindowFixture;

namespace {

double luminance(const QColor &colour)
{
    const auto channel = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * channel(colour.redF()) + 0.7152 * channel(colour.greenF()) + 0.0722 * channel(colour.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

} // namespace

class WindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyTextReachesReadableContrast()
    {
        for (const Tokens *tokens : {&lightTokens(), &darkTokens()}) {
            for (const QColor &ground : {tokens->window, tokens->surface, tokens->alternate}) {
                for (const QColor &text : {tokens->text, tokens->muted, tokens->accent, tokens->ok, tokens->warning, tokens->bad})
                    QVERIFY2(contrast(text, ground) >= 4.5, qPrintable(text.name() + QStringLiteral(" on ") + ground.name()));
            }
            QVERIFY(contrast(tokens->onAccent, tokens->accent) >= 4.5);
            QVERIFY(contrast(tokens->text, tokens->selection) >= 4.5);
            QVERIFY(contrast(tokens->accent, tokens->selection) >= 4.5); // the words of a chip
        }
    }

    void theStyleSheetHasNoOpenTokens()
    {
        for (const Tokens *tokens : {&lightTokens(), &darkTokens()}) {
            const QString sheet = styleSheet(*tokens);
            for (const char *name : {"{window}", "{surface}", "{line}", "{text}", "{muted}", "{accent}", "{variant}", "{bad}"})
                QVERIFY2(!sheet.contains(QLatin1String(name)), name);
        }
    }

    void lightAndDarkCanBeSwitchedAtRunTime()
    {
        applyTheme(*qApp, ThemeMode::Dark);
        QCOMPARE(qApp->palette().color(QPalette::Window), darkTokens().window);
        QCOMPARE(&tokensFor(qApp->palette()), &darkTokens());
        applyTheme(*qApp, ThemeMode::Light);
        QCOMPARE(qApp->palette().color(QPalette::Window), lightTokens().window);
        QVERIFY(themeModeByName(u"dark") == ThemeMode::Dark);
        QVERIFY(!themeModeByName(u"pink"));
    }

    void shortcutsReachPagesSearchFilterAndDetails()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        MainWindow &window = fixture.window();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QTest::keyClick(&window, Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(window.page(), static_cast<int>(MainWindow::Companies));
        QTest::keyClick(&window, Qt::Key_4, Qt::ControlModifier);
        QCOMPARE(window.page(), static_cast<int>(MainWindow::Exports));
        QTest::keyClick(&window, Qt::Key_1, Qt::ControlModifier);
        QTest::keyClick(&window, Qt::Key_F, Qt::ControlModifier);
        QVERIFY(window.contactsPage()->searchEdit()->hasFocus());
        QTest::keyClick(&window, Qt::Key_I, Qt::ControlModifier);
        QVERIFY(window.contactsPage()->detailPanel()->isVisible());
        QTest::keyClick(&window, Qt::Key_L, Qt::ControlModifier);
        QVERIFY(window.contactsPage()->filterBar()->editor()->isVisible());
        window.contactsPage()->filterBar()->editor()->hide();
    }

    void thePaletteFindsAndRunsCommands()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        MainWindow &window = fixture.window();
        window.setPage(MainWindow::Contacts);
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
        CommandPalette &commands = *window.commandPalette();
        QVERIFY(commands.isVisible());
        QVERIFY(commands.list()->count() > 8);
        QTest::keyClicks(commands.edit(), QStringLiteral("zzz"));
        QCOMPARE(commands.list()->item(0)->text(), QStringLiteral("No command is called that"));
        QTest::keyClick(commands.edit(), Qt::Key_Return);
        QVERIFY2(commands.isVisible(), "there is nothing to run");
        commands.edit()->clear();
        QTest::keyClicks(commands.edit(), QStringLiteral("go compan"));
        QCOMPARE(commands.list()->count(), 1);
        QTest::keyClick(commands.edit(), Qt::Key_Return);
        QVERIFY(!commands.isVisible());
        QCOMPARE(window.page(), static_cast<int>(MainWindow::Companies));
    }

    void theSideBarFoldsWhenTheWindowIsNarrow()
    {
        WindowFixture fixture;
        fixture.window().resize(1300, 800);
        QTRY_VERIFY(!fixture.window().sideBar()->isCollapsed());
        fixture.window().resize(900, 600);
        QTRY_VERIFY(fixture.window().sideBar()->isCollapsed());
        QCOMPARE(fixture.window().sideBar()->width(), ui::metrics::sideBarNarrow);
    }

    void aDatabaseThatCannotBeOpenedIsAStateWithRetry()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.openPoem());
        RecordsPage &page = *fixture.window().contactsPage();
        QVERIFY(page.showsState());
        QCOMPARE(page.statePanel()->title(), QStringLiteral("The database cannot be opened"));
        QVERIFY(page.statePanel()->text().contains(QStringLiteral("poem.db")));
        QVERIFY(page.statePanel()->buttons().first()->text() == QStringLiteral("Retry"));
        QVERIFY(QFile::remove(fixture.path(QStringLiteral("poem.db"))));
        page.statePanel()->buttons().first()->click();
        QTRY_COMPARE(fixture.window().session().state(), Session::State::Open);
        QTRY_COMPARE(page.statePanel()->title(), QStringLiteral("No contacts yet"));
    }

    void pagesThatNeedADatabaseLeadToOne()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(!fixture.window().findChild<DatabaseDialog *>());
        fixture.window().openDatabase(db::DatabaseUrl::sqliteFile(QStringLiteral("/dev/null/contacts.db")));
        QTRY_COMPARE(fixture.window().session().state(), Session::State::Failed);
        for (QWidget *page : {static_cast<QWidget *>(fixture.window().importPage()), static_cast<QWidget *>(fixture.window().exportsPage())}) {
            auto *state = page->findChild<StatePanel *>();
            QCOMPARE(state->title(), QStringLiteral("No database is open"));
            QCOMPARE(state->buttons().size(), 1);
            state->buttons().constFirst()->click();
            auto *dialog = fixture.window().findChild<DatabaseDialog *>();
            QVERIFY(dialog && dialog->isVisible());
            delete dialog;
        }
    }

    void aVerdictIsPaintedInTheColoursOfTheTheme()
    {
        QList<QImage> seen;
        for (const ThemeMode mode : {ThemeMode::Light, ThemeMode::Dark}) {
            applyTheme(*qApp, mode);
            const QRgb ok = tokensFor(qApp->palette()).ok.rgb();
            for (const Icon which : {Icon::Success, Icon::Warning, Icon::Error, Icon::Information}) {
                const QImage picture = icon(which).pixmap(QSize(32, 32)).toImage().convertToFormat(QImage::Format_ARGB32);
                QCOMPARE(picture.pixel(8, 20) == ok, which == Icon::Success);
                QVERIFY2(!seen.contains(picture), "each is told from the others");
                seen.append(picture);
            }
        }
        applyTheme(*qApp, ThemeMode::Light);
    }

    void switchingTheDatabaseWhileAnImportRunsIsSafe()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        fixture.window().importPage()->importSample();
        fixture.window().openDatabase(db::DatabaseUrl::sqliteFile(fixture.path(QStringLiteral("other.db"))));
        QTRY_COMPARE(fixture.window().session().state(), Session::State::Open);
        QTRY_VERIFY_WITH_TIMEOUT(fixture.window().operations().runningCount() == 0, 30'000);
        QTRY_VERIFY(fixture.window().contactsPage()->showsState());
    }

    void closingAsksWhileWorkIsRunning()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        fixture.window().importPage()->importSample();
        fixture.window().close();
        QVERIFY(fixture.window().isVisible());
        auto *question = fixture.window().findChild<QMessageBox *>();
        QVERIFY(question);
        QCOMPARE(question->defaultButton()->text(), QStringLiteral("Keep working"));
        question->reject();
        QTRY_VERIFY_WITH_TIMEOUT(fixture.window().operations().runningCount() == 0, 60'000);
        fixture.window().close();
        QVERIFY(!fixture.window().isVisible());
    }

    void closingUnaskedStopsAllAndLeavesNothingHalf()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(500));
        MainWindow &window = fixture.window();
        window.serverPage()->startButton()->click();
        fixture.server().becomeRunning();
        ExportDialog *dialog = window.openExportDialog(window.contactsPage());
        QVERIFY(dialog);
        dialog->pathEdit()->setText(fixture.path(QStringLiteral("out.csv")));
        dialog->exportButton()->click();
        window.importPage()->importSample();
        QTRY_COMPARE(window.exportsPage()->cardCount(), 1);
        window.setPage(MainWindow::Companies);
        window.closeUnasked();
        QVERIFY(!window.isVisible());
        QVERIFY(!window.findChild<QMessageBox *>());
        fixture.restart(); // what was remembered is there, nothing else
        QCOMPARE(fixture.window().page(), static_cast<int>(MainWindow::Companies));
        QVERIFY(QDir(fixture.path(QString())).entryList({QStringLiteral("*.part")}, QDir::Files | QDir::Hidden).isEmpty());
    }

    void closingTheWindowStopsTheWork()
    {
        auto fixture = std::make_unique<WindowFixture>();
        QVERIFY(fixture->open());
        fixture->window().importPage()->importSample();
        QElapsedTimer timer;
        timer.start();
        fixture.reset();
        QVERIFY2(timer.elapsed() < 10'000, "cancelled, not waited for to its end");
    }

    void theDialogTestsAConnectionWithoutBlocking()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        DatabaseDialog *dialog = fixture.window().chooseDatabase();
        dialog->testButton()->click();
        QTRY_VERIFY(dialog->openButton()->isEnabled());
        QVERIFY2(dialog->verdict()->text().startsWith(QStringLiteral("✓")), qPrintable(dialog->verdict()->text()));
        dialog->chooseServer();
        dialog->hostEdit()->setText(QStringLiteral("127.0.0.1"));
        dialog->portBox()->setValue(1);
        dialog->nameEdit()->setText(QStringLiteral("contacts"));
        dialog->passwordEdit()->setText(QStringLiteral("s3cret-word"));
        dialog->testButton()->click();
        QVERIFY(!dialog->openButton()->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(dialog->openButton()->isEnabled(), 20'000);
        QVERIFY(dialog->verdict()->text().startsWith(QStringLiteral("✗")));
        QVERIFY(!dialog->verdict()->text().contains(QStringLiteral("s3cret-word")));
        dialog->nameEdit()->clear();
        QVERIFY(!dialog->url().ok());
        dialog->close();
    }

    void aDatabaseThatCannotBeOpenedLeavesTheOneBeforeOpen()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        MainWindow &window = fixture.window();
        window.serverPage()->startButton()->click();
        fixture.server().becomeRunning();
        const db::DatabaseUrl good = window.session().url();
        const auto service = window.session().service();
        QFile poem(fixture.path(QStringLiteral("poem.db")));
        QVERIFY(poem.open(QIODevice::WriteOnly));
        poem.write(QByteArray("This is not a database but a very long poem about one. ").repeated(100));
        poem.close();
        DatabaseDialog *dialog = window.chooseDatabase();
        dialog->fileEdit()->setText(poem.fileName());
        dialog->openButton()->click();
        QVERIFY(!dialog->openButton()->isEnabled());
        QTRY_VERIFY(dialog->openButton()->isEnabled());
        QVERIFY(dialog->isVisible());
        QVERIFY2(dialog->verdict()->text().contains(QStringLiteral("poem.db")), qPrintable(dialog->verdict()->text()));
        QCOMPARE(window.session().state(), Session::State::Open);
        QCOMPARE(window.session().service(), service);
        QCOMPARE(window.session().url().path, good.path);
        QCOMPARE(fixture.server().state(), ServerControl::State::Running);
        QPointer<DatabaseDialog> gone = dialog;
        dialog->close();
        QTRY_VERIFY(!gone);
        dialog = window.chooseDatabase();
        QVERIFY(dialog->fileEdit()->text() != poem.fileName());

        dialog->fileEdit()->setText(fixture.path(QStringLiteral("other.db")));
        dialog->openButton()->click();
        dialog->reject(); // cancelled: nothing changes, whatever became of the file
        gone = dialog;
        QTRY_VERIFY(!gone);
        QVERIFY(window.session().interactive().waitForDone(20'000));
        QCoreApplication::processEvents();
        QCOMPARE(window.session().service(), service);

        gone = window.chooseDatabase();
        gone->fileEdit()->setText(fixture.path(QStringLiteral("other.db")));
        gone->openButton()->click();
        QTRY_COMPARE(window.session().url().path, fixture.path(QStringLiteral("other.db")));
        QCOMPARE(window.session().state(), Session::State::Open);
        QVERIFY(!gone || !gone->isVisible());
        QVERIFY(fixture.server().state() != ServerControl::State::Running); // it served the one before
    }

    void passwordsAreNeverStored()
    {
        WindowFixture fixture;
        const QString file = fixture.path(QStringLiteral("remembered.ini"));
        db::DatabaseUrl url;
        url.dialect = db::Dialect::PostgreSql;
        url.host = QStringLiteral("db.example");
        url.name = QStringLiteral("contacts");
        url.user = QStringLiteral("desk");
        url.password = QStringLiteral("s3cret-word");
        {
            Remembered remembered(file);
            remembered.chooseDatabase(url);
            remembered.setLastDatabase(url);
            remembered.setDatabaseValue(QStringLiteral("x"), 1);
        }
        QFile ini(file);
        QVERIFY(ini.open(QIODevice::ReadOnly));
        const QByteArray text = ini.readAll();
        QVERIFY(text.contains("db.example"));
        QVERIFY(!text.contains("s3cret-word"));
        const auto last = Remembered(file).lastDatabase();
        QVERIFY(last.has_value());
        QCOMPARE(last->host, url.host);
        QCOMPARE(last->password, QString());
    }

    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, ThemeMode::Light);
    }
};

QTEST_MAIN(WindowTest)
#include "tst_window.moc"
