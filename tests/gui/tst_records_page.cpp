// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_source.h"
#include "filters/filter_bar.h"
#include "filters/filter_editor.h"
#include "filters/filter_words.h"
#include "records/cell_text.h"
#include "records/column_chooser.h"
#include "records/detail_panel.h"
#include "records/record_selection.h"
#include "records/record_view.h"
#include "records/records_page.h"
#include "theme/theme.h"
#include "widgets/state_panel.h"
#include "window/status_line.h"
#include "window_fixture.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTimeZone>

using namespace a360;
using namespace a360::ui;
using a360::test::FakeSource;
using a360::test::WindowFixture;
using contacts::Entity;

namespace {

QPushButton *buttonWith(QWidget *parent, const QString &text)
{
    const QList<QPushButton *> buttons = parent->findChildren<QPushButton *>();
    for (QPushButton *button : buttons) {
        if (button->text().contains(text))
            return button;
    }
    return nullptr;
}

QString cell(const RecordsPage &page, int row, int column)
{
    return page.model()->index(row, column).data().toString();
}

} // namespace

class RecordsPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEmptyDatabaseOffersSampleAndImport()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        RecordsPage &page = *fixture.window().contactsPage();
        QTRY_VERIFY(page.showsState());
        QCOMPARE(page.statePanel()->title(), QStringLiteral("No contacts yet"));
        QVERIFY(buttonWith(page.statePanel(), QStringLiteral("Import a CSV file")));
        QPushButton *sample = buttonWith(page.statePanel(), QStringLiteral("Load sample data"));
        QVERIFY(sample);
        QSignalSpy wanted(&page, &RecordsPage::sampleRequested);
        sample->click();
        QCOMPARE(wanted.size(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(page.model()->total(), 10'000, 60'000);
        QVERIFY(!page.showsState());
    }

    void searchingFiltersAfterAShortRest()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(300));
        RecordsPage &page = *fixture.window().contactsPage();
        QTRY_COMPARE(page.model()->total(), 300);
        page.searchEdit()->setText(QStringLiteral("founder"));
        QTRY_VERIFY(page.model()->total() < 300 && page.model()->totalIsKnown());
        QVERIFY(page.model()->total() > 0);
        page.searchEdit()->setText(QStringLiteral("qqqqqq"));
        QTRY_VERIFY(page.showsState());
        QCOMPARE(page.statePanel()->title(), QStringLiteral("Nothing matches"));
        QVERIFY(page.statePanel()->text().contains(QStringLiteral("qqqqqq")));
        buttonWith(page.statePanel(), QStringLiteral("Clear the search"))->click();
        QTRY_COMPARE(page.model()->total(), 300);
        QVERIFY(!page.showsState());
    }

    void filtersBecomeChipsThatCanBeTakenAway()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(300));
        RecordsPage &page = *fixture.window().contactsPage();
        page.setFilters({{QStringLiteral("title"), QStringLiteral("manager, director")},
                         {QStringLiteral("employees_min"), QStringLiteral("1000")}});
        QCOMPARE(page.filterBar()->chipTexts(),
                 QStringList({QStringLiteral("Title contains manager or director"),
                              QStringLiteral("Employees at least 1,000")}));
        QVERIFY(page.filterBar()->isVisibleTo(&page));
        QTRY_VERIFY(page.model()->totalIsKnown() && !page.model()->isStale());
        const qint64 both = page.model()->total();
        const QList<QToolButton *> removers = page.filterBar()->findChildren<QToolButton *>();
        QVERIFY(!removers.isEmpty());
        for (QToolButton *remover : removers) {
            if (remover->accessibleName().contains(QStringLiteral("Employees")))
                remover->click();
        }
        QCOMPARE(page.filterBar()->filters().size(), 1);
        QTRY_VERIFY(!page.model()->isStale() && page.model()->totalIsKnown() && page.model()->total() >= both);
        page.setFilters({});
        QVERIFY(!page.filterBar()->isVisibleTo(&page));
        QTRY_COMPARE(page.model()->total(), 300);
    }

    void theFilterPopupMakesAFilterAndExplainsAWrongOne()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        FilterBar &bar = *fixture.window().contactsPage()->filterBar();
        fixture.window().contactsPage()->openFilterPopup();
        FilterEditor &editor = *bar.editor();
        const QList<QLineEdit *> edits = editor.findChildren<QLineEdit *>();
        QLineEdit *find = nullptr, *value = nullptr;
        for (QLineEdit *edit : edits)
            (edit->accessibleName() == QStringLiteral("Value") ? value : find) = edit;
        find->setText(QStringLiteral("employ"));
        QCOMPARE(editor.findChild<QListWidget *>()->count(), 1);
        auto *operations = editor.findChild<QComboBox *>();
        operations->setCurrentIndex(operations->findText(QStringLiteral("at least")));
        value->setText(QStringLiteral("many"));
        buttonWith(&editor, QStringLiteral("Add filter"))->click();
        QVERIFY(bar.filters().isEmpty());
        const QList<QLabel *> labels = editor.findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->property("role").toString() == QStringLiteral("bad")
                && label->text() == QStringLiteral("“Employees, at least” must be a whole number, zero or more; \"many\" is not.");
        }));
        value->setText(QStringLiteral("1,500"));
        buttonWith(&editor, QStringLiteral("Add filter"))->click();
        QCOMPARE(bar.filters(), contacts::Parameters({{QStringLiteral("employees_min"), QStringLiteral("1500")}}));
    }

    void filtersThatContradictEachOtherAreNamedAsOnScreen()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        RecordsPage &page = *fixture.window().contactsPage();
        page.setFilters({{QStringLiteral("employees_min"), QStringLiteral("9")},
                         {QStringLiteral("employees_max"), QStringLiteral("3")}});
        QTRY_VERIFY(page.showsState());
        QCOMPARE(page.statePanel()->text(),
                 QStringLiteral("“Employees, at least” (9) is greater than “Employees, at most” (3)."));
        QCOMPARE(page.countLine(), QString()); // nor are the rows before counted as if they fitted
        QCOMPARE(page.timeLine(), QString());
        QVERIFY(!buttonWith(&page, QStringLiteral("Export…"))->isEnabled());
        QVERIFY(!fixture.window().openExportDialog(&page));
        Error asked = makeError(ErrorCode::InvalidArgument, QStringLiteral("title must not hold \"title\"."), QStringLiteral("title"));
        QCOMPARE(inScreenWords(Entity::Contact, asked).message, QStringLiteral("“Title, contains” must not hold \"title\"."));
        asked.field = QStringLiteral("ordering");
        QCOMPARE(inScreenWords(Entity::Contact, asked).message, asked.message);
    }

    void everyFilterOfTheCatalogueIsOnScreen()
    {
        for (const Entity entity : {Entity::Contact, Entity::Company}) {
            size_t offered = 0;
            for (const FilterField &field : filterFields(entity)) {
                QVERIFY(!field.label.isEmpty());
                offered += field.operations.size();
                for (const contacts::FilterSpec *spec : field.operations)
                    QVERIFY(!operationWords(spec->op).isEmpty() && !valueHint(spec->op).isEmpty());
            }
            QVERIFY(offered > 20);
        }
    }

    void clickingAHeaderSortsUpThenDownThenNotAtAll()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(200));
        RecordsPage &page = *fixture.window().contactsPage();
        QTRY_COMPARE(page.model()->total(), 200);
        Q_EMIT page.view()->sortRequested(1);
        QTRY_VERIFY(!page.model()->isStale() && page.model()->isLoaded(150));
        QVERIFY(page.model()->headerData(1, Qt::Horizontal, Qt::DisplayRole).toString().endsWith(QStringLiteral("▲")));
        for (int row = 1; row < 150; ++row)
            QVERIFY(cell(page, row - 1, 1).toUtf8() <= cell(page, row, 1).toUtf8());
        Q_EMIT page.view()->sortRequested(1);
        QTRY_VERIFY(!page.model()->isStale() && page.model()->isLoaded(150));
        QVERIFY(cell(page, 0, 1).toUtf8() >= cell(page, 149, 1).toUtf8());
        Q_EMIT page.view()->sortRequested(1);
        QTRY_VERIFY(!page.model()->isStale());
        QCOMPARE(page.model()->query().order.front().name, QByteArray("created_at"));
    }

    void aClickOnAColumnsNameTicksIt()
    {
        ui::ColumnChooser chooser(contacts::Entity::Contact);
        QWidget anchor;
        anchor.show();
        chooser.openFor(&anchor, {QStringLiteral("email")});
        const QSignalSpy chosen(&chooser, &ui::ColumnChooser::chosen);
        QListWidget *list = chooser.list();
        const QRect second = list->visualItemRect(list->item(1));
        const QPoint box(second.left() + 12, second.center().y()), name(second.left() + 60, second.center().y());
        int turn = 0;
        for (const QPoint &where : {name, name, box, name, box}) {
            QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, where);
            QCOMPARE(list->item(1)->checkState(), ++turn % 2 == 1 ? Qt::Checked : Qt::Unchecked);
            QCOMPARE(chosen.count(), turn);
        }
        QTest::mouseDClick(list->viewport(), Qt::LeftButton, {}, name); // there and back
        QCOMPARE(list->item(1)->checkState(), turn % 2 == 1 ? Qt::Checked : Qt::Unchecked);
    }

    void theWindowRemembersFiltersColumnsAndOrderPerDatabase()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(50));
        RecordsPage *page = fixture.window().contactsPage();
        page->setFilters({{QStringLiteral("title"), QStringLiteral("manager")}});
        Q_EMIT page->view()->sortRequested(0);
        auto *chooser = page->findChild<ColumnChooser *>();
        Q_EMIT chooser->chosen({QStringLiteral("email"), QStringLiteral("first_name"), QStringLiteral("city")});
        QCOMPARE(page->view()->columnLayout().first(), QStringLiteral("email"));
        fixture.window().setPage(ui::MainWindow::Companies);
        fixture.restart();
        QVERIFY(fixture.open());
        page = fixture.window().contactsPage();
        QCOMPARE(page->view()->columnLayout(),
                 QStringList({QStringLiteral("email"), QStringLiteral("first_name"), QStringLiteral("city")}));
        QCOMPARE(page->filterBar()->filters(), contacts::Parameters({{QStringLiteral("title"), QStringLiteral("manager")}}));
        QCOMPARE(fixture.window().page(), static_cast<int>(ui::MainWindow::Companies));
    }

    void selectedRowsAreCopiedAsTabSeparatedText()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        RecordsPage &page = *fixture.window().contactsPage();
        page.model()->setSource(std::make_shared<FakeSource>(5000));
        QTRY_VERIFY(page.model()->totalIsKnown());
        page.view()->table()->selectAll(); // mostly rows that are not loaded
        QCOMPARE(page.view()->selection()->count(), 5000);
        QApplication::clipboard()->clear();
        QTest::keyClick(page.view()->table(), Qt::Key_C, Qt::ControlModifier);
        QTRY_VERIFY(!QApplication::clipboard()->text().isEmpty());
        const QStringList lines = QApplication::clipboard()->text().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 5000);
        QVERIFY(lines[4321].startsWith(QStringLiteral("first_name 4321\tlast_name 4321\t")));
        QTRY_VERIFY(fixture.window().statusLine()->message().contains(QStringLiteral("5,000")));
    }

    void theKeyboardReachesFirstAndLastRow()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        RecordsPage &page = *fixture.window().contactsPage();
        page.model()->setSource(std::make_shared<FakeSource>(5000));
        QTRY_VERIFY(page.model()->totalIsKnown());
        GridTable *table = page.view()->table();
        QTest::keyClick(table, Qt::Key_End);
        QCOMPARE(table->currentIndex().row(), 4999);
        QTRY_VERIFY(page.model()->isLoaded(4999));
        QTest::keyClick(table, Qt::Key_Home);
        QCOMPARE(table->currentIndex().row(), 0);
    }

    void aLongListHasAScrollBarOverAllRows()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        RecordsPage &page = *fixture.window().contactsPage();
        page.model()->setSource(std::make_shared<FakeSource>(100'000'000));
        QTRY_VERIFY(page.model()->isWindowed());
        QScrollBar *bar = page.view()->overallScrollBar();
        QVERIFY(bar->isVisible());
        QVERIFY(bar->maximum() > 99'999'000);
        bar->setValue(54'321'000);
        const auto top = [&] { return page.model()->windowStart() + page.view()->table()->verticalScrollBar()->value(); };
        QCOMPARE(top(), 54'321'000);
        QTRY_COMPARE(cell(page, static_cast<int>(54'321'000 - page.model()->windowStart()), 0),
                     QStringLiteral("first_name 54321000"));
        page.view()->table()->setFocus();
        QTest::keyClick(page.view()->table(), Qt::Key_End);
        QCOMPARE(page.model()->windowStart() + page.view()->table()->currentIndex().row(), 99'999'999);
    }

    void detailsShowContactAndCompanyInGroups()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(30));
        RecordsPage &page = *fixture.window().contactsPage();
        fixture.window().setPage(ui::MainWindow::Contacts);
        QTRY_VERIFY(page.model()->isLoaded(2));
        page.toggleDetails();
        page.view()->table()->selectRow(2);
        QTRY_COMPARE(page.detailPanel()->shownUuid(), page.model()->uuidAt(2));
        QVERIFY(page.detailPanel()->heading().contains(cell(page, 2, 0)));
        QStringList labels;
        for (const auto &[label, value] : page.detailPanel()->lines()) {
            labels.append(label);
            QVERIFY(!value.isEmpty());
        }
        QVERIFY(labels.contains(QStringLiteral("First name")));
        QVERIFY(labels.contains(QStringLiteral("Company")));
        QVERIFY(labels.contains(QStringLiteral("Website")));
        // What a record is kept under comes last: nobody opens the details to read it.
        QVERIFY(labels.indexOf(QStringLiteral("UUID")) > labels.lastIndexOf(QStringLiteral("Website")));
        QVERIFY(labels.contains(QStringLiteral("Company UUID")));
    }

    void theUsualColumnsFitAWindowThatIsNearlyWideEnough()
    {
        WindowFixture fixture;
        fixture.window().resize(1300, 800);
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(200));
        fixture.window().setPage(ui::MainWindow::Contacts);
        const QTableView &table = *fixture.window().contactsPage()->view()->table();
        QTRY_VERIFY(table.isVisible() && table.viewport()->width() > 900);
        QVERIFY2(table.horizontalHeader()->length() <= table.viewport()->width(), "no scrolling sideways for a few pixels");
        const int narrowed = table.columnWidth(0);
        fixture.window().resize(1500, 800); // and from then on they stay
        QCOMPARE(table.columnWidth(0), narrowed);
    }

    void newChipsAreNotCutWhenOthersWereThere()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        fixture.window().setPage(ui::MainWindow::Contacts);
        RecordsPage &page = *fixture.window().contactsPage();
        page.setFilters({{QStringLiteral("title"), QStringLiteral("manager")}});
        const int height = page.filterBar()->height();
        QVERIFY2(height > 24, "as high as a chip");
        page.setFilters({{QStringLiteral("country"), QStringLiteral("Spain")}, {QStringLiteral("email"), QStringLiteral("x")}});
        QCOMPARE(page.filterBar()->height(), height);
    }

    void aLostDatabaseLeavesTheRowsAndOffersRetry()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        RecordsPage &page = *fixture.window().contactsPage();
        auto source = std::make_shared<FakeSource>(5000);
        page.model()->setSource(source);
        QTRY_VERIFY(page.model()->totalIsKnown());
        source->failWith(makeError(ErrorCode::Unavailable, QStringLiteral("The connection was lost.")));
        page.model()->refresh();
        QTRY_VERIFY(page.model()->hasError());
        QVERIFY(!page.showsState());
        QCOMPARE(cell(page, 0, 0), QStringLiteral("first_name 0"));
        QPushButton *retry = buttonWith(&page, QStringLiteral("Retry"));
        QVERIFY(retry && retry->isVisibleTo(&page));
        source->recover();
        retry->click();
        QTRY_VERIFY(!page.model()->hasError() && !page.model()->isStale());
        QVERIFY(!retry->isVisibleTo(&page));
    }

    void estimatesCarryATildeInTheStatusLine()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        RecordsPage &page = *fixture.window().contactsPage();
        auto source = std::make_shared<FakeSource>(1'204'500);
        source->setEstimate(1'204'311);
        fixture.window().setPage(ui::MainWindow::Contacts);
        page.model()->setSource(source);
        QTRY_COMPARE(page.countLine(), QStringLiteral("~1,204,311 contacts"));
        QTRY_COMPARE(fixture.window().statusLine()->countItem()->text(), QStringLiteral("~1,204,311 contacts"));
        fixture.window().statusLine()->countItem()->click();
        QTRY_COMPARE(page.countLine(), QStringLiteral("1,204,500 contacts"));
    }

    void oneMatchIsOne()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        RecordsPage &page = *fixture.window().contactsPage();
        page.model()->setSource(std::make_shared<FakeSource>(1));
        QTRY_COMPARE(page.countLine(), QStringLiteral("1 contact"));
        page.setFilters({{QStringLiteral("title"), QStringLiteral("manager")}});
        QTRY_COMPARE(page.countLine(), QStringLiteral("1 contact matches"));
        page.model()->setSource(std::make_shared<FakeSource>(0));
        QTRY_VERIFY(page.showsState());
        QCOMPARE(page.statePanel()->text(), QStringLiteral("No contacts fit: Title contains manager."));
    }

    void figuresAreWrittenForPeople()
    {
        const QLocale english(QLocale::English, QLocale::UnitedStates);
        QCOMPARE(durationText(9), QStringLiteral("0:09"));
        QCOMPARE(durationText(3723), QStringLiteral("1:02:03"));
        QCOMPARE(countText(1'204'311, true, english), QStringLiteral("~1,204,311"));
        const QDateTime now(QDate(2026, 11, 23), QTime(12, 0), QTimeZone::utc());
        QCOMPARE(relativeTime(now.addSecs(-30), now, english), QStringLiteral("just now"));
        QCOMPARE(relativeTime(now.addSecs(-300), now, english), QStringLiteral("5 min ago"));
        QCOMPARE(relativeTime(now.addSecs(-7200), now, english), QStringLiteral("2 h ago"));
        QCOMPARE(relativeTime(now.addDays(-40), now, english), QStringLiteral("14 Oct 2026"));
        QCOMPARE(timeOf(-1).toMSecsSinceEpoch(), -1);
    }

    void noHeaderIsCutByTheArrowOfItsOrder_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::newRow("small") << QSize(900, 600);
        QTest::newRow("a little too narrow for all columns") << QSize(1260, 800);
        QTest::newRow("large") << QSize(1440, 900);
    }
    void noHeaderIsCutByTheArrowOfItsOrder()
    {
        QFETCH(QSize, size);
        applyTheme(*qApp, ThemeMode::Light);
        WindowFixture fixture;
        fixture.window().resize(size);
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(50));
        for (const auto &[number, page] : {std::pair(MainWindow::Contacts, fixture.window().contactsPage()),
                                           std::pair(MainWindow::Companies, fixture.window().companiesPage())}) {
            fixture.window().setPage(number);
            QTRY_VERIFY(page->model()->isLoaded(0));
            const QHeaderView &header = *page->view()->table()->horizontalHeader();
            for (int column = 0; column < header.count(); ++column) {
                if (!page->model()->visibleFields()[static_cast<size_t>(column)]->orderable)
                    continue;
                Q_EMIT page->view()->sortRequested(column);
                const QString text = page->model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
                QVERIFY2(text.endsWith(QStringLiteral("▲")), qPrintable(text));
                QVERIFY2(header.sectionSize(column) >= header.sectionSizeHint(column),
                         qPrintable(QStringLiteral("%1: %2 < %3").arg(text).arg(header.sectionSize(column)).arg(header.sectionSizeHint(column))));
            }
        }
    }

    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    }
};

QTEST_MAIN(RecordsPageTest)
#include "tst_records_page.moc"
