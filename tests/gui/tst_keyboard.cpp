// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/dashboard_page.h"
#include "database/database_dialog.h"
#include "exchange/export_dialog.h"
#include "exchange/exports_page.h"
#include "exchange/import_page.h"
#include "exchange/import_setup.h"
#include "fake_dashboard.h"
#include "figures/figure_table.h"
#include "filters/filter_bar.h"
#include "filters/filter_editor.h"
#include "records/column_chooser.h"
#include "records/record_view.h"
#include "records/records_page.h"
#include "server/server_page.h"
#include "server/tokens_card.h"
#include "theme/theme.h"
#include "window/key_help.h"
#include "window_fixture.h"

#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QDateTime>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollBar>
#include <QTabBar>
#include <QTableWidget>
#include <QTest>

#include <functional>

using namespace a360;
using namespace a360::ui;
using a360::test::WindowFixture;

namespace {

constexpr int patience = 30'000;

/// A part of a control that Qt made: the field of a spin box, the list of a combo box.
bool isInner(const QWidget *widget)
{
    const QWidget *parent = widget->parentWidget();
    return widget->objectName().startsWith(QLatin1String("qt_")) || qobject_cast<const QScrollBar *>(widget)
           || widget->inherits("QHeaderView") || widget->inherits("QTableCornerButton") || widget->inherits("QLineEditIconButton")
           || (parent && (parent->inherits("QAbstractSpinBox") || parent->inherits("QComboBox")
                          || parent->inherits("QComboBoxPrivateContainer") || parent->inherits("QTabBar")));
}

bool isControl(const QWidget *widget)
{
    const bool takesFocus = (widget->focusPolicy() & Qt::TabFocus) != 0 && !widget->focusProxy();
    return !isInner(widget) && (takesFocus || qobject_cast<const QAbstractButton *>(widget));
}

QString describe(const QWidget *widget)
{
    const auto *button = qobject_cast<const QAbstractButton *>(widget);
    return QStringLiteral("%1 '%2' in %3").arg(QString::fromLatin1(widget->metaObject()->className()),
                                              widget->accessibleName().isEmpty() && button ? button->text() : widget->accessibleName(),
                                              QString::fromLatin1(widget->parentWidget() ? widget->parentWidget()->metaObject()->className() : ""));
}

/// What a screen reader could not tell, and icon buttons that say nothing under the mouse.
QStringList unnamed(const QWidget &inside)
{
    QStringList found;
    for (const QWidget *widget : inside.findChildren<QWidget *>()) {
        if (!isControl(widget))
            continue;
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        const bool worded = button && !button->text().isEmpty();
        const bool barOfTabs = qobject_cast<const QTabBar *>(widget) != nullptr; // its tabs have words
        if (widget->accessibleName().isEmpty() && !worded && !barOfTabs)
            found.append(QStringLiteral("no name: ") + describe(widget));
        else if (button && !worded && widget->toolTip().isEmpty())
            found.append(QStringLiteral("no tip: ") + describe(widget));
    }
    return found;
}

/// The controls that Tab goes through inside a page or dialog, in order.
QList<QWidget *> tabOrder(QWidget &inside)
{
    QList<QWidget *> order;
    for (QWidget *widget = inside.nextInFocusChain(); widget != &inside; widget = widget->nextInFocusChain()) {
        if (inside.isAncestorOf(widget) && (widget->focusPolicy() & Qt::TabFocus) != 0 && !widget->focusProxy() && !isInner(widget)
            && widget->isEnabled() && widget->isVisibleTo(&inside))
            order.append(widget);
    }
    return order;
}

/// Where Tab goes against the reading: back up in the same column, or back to the left in the same line.
QStringList backwardSteps(QWidget &inside)
{
    QStringList found;
    const QList<QWidget *> order = tabOrder(inside);
    for (qsizetype i = 1; i < order.size(); ++i) {
        const QRect a(order[i - 1]->mapTo(&inside, QPoint()), order[i - 1]->size());
        const QRect b(order[i]->mapTo(&inside, QPoint()), order[i]->size());
        const bool above = b.bottom() <= a.top(), right = b.left() >= a.right();
        const bool sameLine = b.top() < a.bottom() && b.bottom() > a.top();
        if ((above && !right) || (sameLine && b.right() <= a.left()))
            found.append(QStringLiteral("%1 -> %2").arg(describe(order[i - 1]), describe(order[i])));
    }
    return found;
}

#define VERIFY_NONE(list)                                                                                              \
    do {                                                                                                               \
        const QStringList found = (list);                                                                              \
        QVERIFY2(found.isEmpty(), qPrintable(found.join(QLatin1Char('\n'))));                                          \
    } while (false)

} // namespace

/// Everything can be done and told without a mouse.
class KeyboardTest : public QObject
{
    Q_OBJECT

private:
    static bool activate(WindowFixture &fixture)
    {
        fixture.window().activateWindow();
        return fixture.open() && QTest::qWaitForWindowActive(&fixture.window());
    }
    static RecordsPage &filled(WindowFixture &fixture)
    {
        RecordsPage &page = *fixture.window().contactsPage();
        if (!fixture.importSample(200))
            qFatal("the sample cannot be imported");
        fixture.window().setPage(MainWindow::Contacts);
        if (!QTest::qWaitFor([&] { return page.model()->isLoaded(20); }, patience))
            qFatal("no rows");
        return page;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, ThemeMode::Light);
    }

    void everyControlOfTheWindowHasAName()
    {
        WindowFixture fixture;
        QVERIFY(activate(fixture));
        VERIFY_NONE(unnamed(fixture.window())); // nothing there yet: the empty states
        RecordsPage &page = filled(fixture);
        page.setFilters({{QStringLiteral("title"), QStringLiteral("manager")}, {QStringLiteral("employees_min"), QStringLiteral("5")}});
        page.toggleDetails();
        fixture.window().setPage(MainWindow::Server);
        fixture.window().serverPage()->startButton()->click();
        fixture.server().becomeRunning();
        fixture.window().serverPage()->tokens()->createButton()->click();
        QTRY_COMPARE(fixture.window().serverPage()->tokens()->table()->figures()->rowCount(), 1);
        fixture.window().importPage()->openFile(fixture.makeFile(QStringLiteral("more.csv"), 30, 7));
        QTRY_VERIFY(fixture.window().importPage()->step() == ImportPage::Step::SetUp);
        VERIFY_NONE(unnamed(fixture.window()));
    }

    void everyControlOfTheDialogsHasAName()
    {
        WindowFixture fixture;
        QVERIFY(activate(fixture));
        RecordsPage &page = filled(fixture);
        VERIFY_NONE(unnamed(*fixture.window().openExportDialog(&page)));
        VERIFY_NONE(unnamed(*fixture.window().chooseDatabase()));
        VERIFY_NONE(unnamed(*fixture.window().showKeys()));
        page.openFilterPopup();
        VERIFY_NONE(unnamed(*page.filterBar()->editor()));
        page.filterBar()->editor()->hide();
        VERIFY_NONE(unnamed(*page.findChild<ColumnChooser *>()));
        VERIFY_NONE(unnamed(*fixture.window().commandPalette()));
    }

    void tabFollowsTheReading()
    {
        WindowFixture fixture;
        QVERIFY(activate(fixture));
        MainWindow &window = fixture.window();
        window.resize(1440, 900);
        RecordsPage &page = filled(fixture);
        page.setFilters({{QStringLiteral("title"), QStringLiteral("manager")}, {QStringLiteral("employees_min"), QStringLiteral("5")}});
        page.toggleDetails();
        QTest::qWait(50); // the layout
        VERIFY_NONE(backwardSteps(page));
        QVERIFY(tabOrder(page).contains(page.view()->table()));
        window.setPage(MainWindow::Imports);
        window.importPage()->openFile(fixture.makeFile(QStringLiteral("more.csv"), 30, 7));
        QTRY_VERIFY(window.importPage()->step() == ImportPage::Step::SetUp);
        QTest::qWait(50);
        VERIFY_NONE(backwardSteps(*window.importPage()));
        QVERIFY2(tabOrder(*window.importPage()).contains(window.importPage()->setup()->importButton()), "Import can be reached");
        window.importPage()->setup()->importButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(window.importPage()->step() == ImportPage::Step::Result, patience);
        QTest::qWait(50);
        VERIFY_NONE(backwardSteps(*window.importPage()));
    }

    void tabFollowsTheReadingOnThePagesOfTheEngine()
    {
        WindowFixture fixture;
        QVERIFY(activate(fixture));
        MainWindow &window = fixture.window();
        window.resize(1440, 900);
        window.setPage(MainWindow::Exports);
        QTest::qWait(50);
        VERIFY_NONE(backwardSteps(*window.exportsPage()));
        window.setPage(MainWindow::Dashboard);
        window.dashboardPage()->setSource(
            std::make_shared<test::FakeDashboardSource>(test::busySnapshot(QDateTime::currentMSecsSinceEpoch())));
        QTRY_VERIFY(window.dashboardPage()->poller().snapshot());
        QTest::qWait(50);
        VERIFY_NONE(backwardSteps(*window.dashboardPage()));
        window.setPage(MainWindow::Server);
        window.serverPage()->startButton()->click();
        fixture.server().becomeRunning();
        window.serverPage()->tokens()->createButton()->click();
        QTRY_COMPARE(window.serverPage()->tokens()->table()->figures()->rowCount(), 1);
        QTest::qWait(50);
        VERIFY_NONE(backwardSteps(*window.serverPage()));
    }

    void tabFollowsTheReadingInDialogs()
    {
        WindowFixture fixture;
        QVERIFY(activate(fixture));
        RecordsPage &page = filled(fixture);
        ExportDialog *exporting = fixture.window().openExportDialog(&page);
        DatabaseDialog *database = fixture.window().chooseDatabase();
        database->chooseServer();
        KeyHelp *keys = fixture.window().showKeys();
        page.openFilterPopup();
        QTest::qWait(50);
        VERIFY_NONE(backwardSteps(*exporting));
        VERIFY_NONE(backwardSteps(*database));
        VERIFY_NONE(backwardSteps(*keys));
        VERIFY_NONE(backwardSteps(*page.filterBar()->editor()));
        QCOMPARE(tabOrder(*exporting).constLast(), exporting->exportButton());
        page.filterBar()->editor()->hide();
    }

    void escapeClosesAndLeavesNothingBehind()
    {
        WindowFixture fixture;
        QVERIFY(activate(fixture));
        RecordsPage &page = filled(fixture);
        const std::function<QDialog *()> openers[] = {[&] { return fixture.window().openExportDialog(&page); },
                                                      [&] { return fixture.window().chooseDatabase(); },
                                                      [&] { return fixture.window().showKeys(); }};
        for (const auto &open : openers) {
            const QPointer<QDialog> dialog = open();
            dialog->activateWindow();
            QTRY_COMPARE(QApplication::activeWindow(), dialog.data()); // else the key is the window's
            QTest::keyClick(dialog, Qt::Key_Escape);
            QTRY_VERIFY(dialog.isNull());
        }
        const QPointer<QDialog> first = fixture.window().openExportDialog(&page);
        const QPointer<QDialog> second = fixture.window().openExportDialog(&page); // the same key again
        QTRY_VERIFY(first.isNull());
        second->close();
        fixture.window().activateWindow();
        QTRY_COMPARE(QApplication::activeWindow(), &fixture.window());
        page.openFilterPopup();
        QTest::keyClick(page.filterBar()->editor(), Qt::Key_Escape);
        QVERIFY(!page.filterBar()->editor()->isVisible());
        QTest::keyClick(&fixture.window(), Qt::Key_K, Qt::ControlModifier);
        QVERIFY(fixture.window().commandPalette()->isVisible());
        QTest::keyClick(fixture.window().commandPalette(), Qt::Key_Escape);
        QVERIFY(!fixture.window().commandPalette()->isVisible());
        page.searchEdit()->setFocus();
        QTest::keyClicks(page.searchEdit(), QStringLiteral("abc"));
        QTest::keyClick(page.searchEdit(), Qt::Key_Escape);
        QCOMPARE(page.searchEdit()->text(), QString());
        QTest::keyClick(page.searchEdit(), Qt::Key_Escape);
        QVERIFY(page.view()->table()->hasFocus());
    }

    void theImportGoesFromStepToStepByEnter()
    {
        WindowFixture fixture;
        QVERIFY(activate(fixture));
        MainWindow &window = fixture.window();
        ImportPage &page = *window.importPage();
        window.setPage(MainWindow::Imports);
        page.openFile(fixture.makeFile(QStringLiteral("leads.csv"), 100, 9));
        QTRY_VERIFY(page.step() == ImportPage::Step::SetUp);
        QTRY_COMPARE(window.focusWidget(), page.setup()->importButton());
        QTest::keyClick(window.focusWidget(), Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(page.step() == ImportPage::Step::Result, patience);
        const auto *next = qobject_cast<QPushButton *>(window.focusWidget());
        QVERIFY(next);
        QCOMPARE(next->text(), QStringLiteral("Show contacts"));
        QTest::keyClick(window.focusWidget(), Qt::Key_Return);
        QCOMPARE(window.page(), static_cast<int>(MainWindow::Contacts));
    }

    void everyPageHasItsKey()
    {
        WindowFixture fixture;
        QVERIFY(activate(fixture));
        for (int page = MainWindow::Server; page >= MainWindow::Contacts; --page) {
            QTest::keyClick(&fixture.window(), static_cast<Qt::Key>(Qt::Key_1 + page), Qt::ControlModifier);
            QCOMPARE(fixture.window().page(), page);
        }
    }

    void f1ListsEveryKey()
    {
        WindowFixture fixture;
        QVERIFY(activate(fixture));
        QTest::keyClick(&fixture.window(), Qt::Key_F1);
        const auto *help = fixture.window().findChild<KeyHelp *>();
        QVERIFY(help && help->isVisible());
        QStringList keys;
        for (int row = 0; row < help->table()->rowCount(); ++row) {
            keys.append(help->table()->item(row, 0)->text());
            QVERIFY(!help->table()->item(row, 1)->text().isEmpty());
        }
        for (const char *key : {"Ctrl+K", "Ctrl+1", "Ctrl+6", "Ctrl+F", "Ctrl+L", "Ctrl+I", "Ctrl+E", "Ctrl+O", "F5", "F1", "Esc"})
            QVERIFY2(keys.contains(QLatin1String(key)), key);
    }
};

QTEST_MAIN(KeyboardTest)
#include "tst_keyboard.moc"
