// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_source.h"
#include "records/column_chooser.h"
#include "records/detail_panel.h"
#include "records/record_selection.h"
#include "records/record_view.h"
#include "records/records_page.h"
#include "window_fixture.h"

#include <QApplication>
#include <QClipboard>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QThreadPool>

using namespace a360;
using namespace a360::ui;
using a360::test::FakeSource;
using a360::test::WindowFixture;

namespace {

constexpr auto toggleRow = QItemSelectionModel::Toggle | QItemSelectionModel::Rows;

/// A contacts page over an invented list, with rows of it on screen.
struct Scene
{
    explicit Scene(qint64 rows) : source(std::make_shared<FakeSource>(rows))
    {
        if (!fixture.open())
            return;
        fixture.window().setPage(MainWindow::Contacts);
        page().model()->setSource(source);
        works = QTest::qWaitFor([this] { return page().model()->totalIsKnown() && page().model()->isLoaded(20); }, 30'000);
    }
    RecordsPage &page() { return *fixture.window().contactsPage(); }
    GridTable &table() { return *page().view()->table(); }
    void choose(std::initializer_list<int> rows)
    {
        table().clearSelection();
        for (const int row : rows)
            table().selectionModel()->setCurrentIndex(page().model()->index(row, 0), toggleRow);
    }
    void chooseColumns(const QStringList &names) { Q_EMIT page().findChild<ColumnChooser *>()->chosen(names); }
    bool readAgain()
    {
        page().refresh();
        return settled();
    }
    bool settled()
    {
        return QTest::qWaitFor([this] { return !page().model()->isStale() && page().model()->totalIsKnown(); }, 30'000);
    }
    QList<qint64> rows()
    {
        const std::vector<qint64> rows = page().view()->selection()->rows();
        return {rows.begin(), rows.end()};
    }
    /// Absolute rows of the present window, and nothing else.
    void selectRange(qint64 first, qint64 last)
    {
        const qint64 start = page().model()->windowStart();
        const QItemSelection range(page().model()->index(static_cast<int>(first - start), 0),
                                   page().model()->index(static_cast<int>(last - start), 0));
        table().selectionModel()->select(range, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    }
    /// Last names of what a copy puts on the clipboard.
    QStringList copied()
    {
        const QString before = QStringLiteral("before");
        QApplication::clipboard()->setText(before);
        page().view()->copySelection();
        source->openGate(); // if it was closed
        if (!QTest::qWaitFor([&] { return QApplication::clipboard()->text() != before; }, 30'000))
            return {};
        const auto column = page().view()->columnLayout().indexOf(QStringLiteral("last_name"));
        QStringList names;
        for (const QString &line : QApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts))
            names << line.split(u'\t').value(column);
        return names;
    }
    /// UUIDs that an export of the selected rows would hold, sorted.
    QList<QByteArray> exported()
    {
        const ExportScope scope = page().exportScope();
        QList<QByteArray> uuids(scope.selected.begin(), scope.selected.end());
        std::sort(uuids.begin(), uuids.end());
        return scope.selectionIsComplete && scope.selectedCount == uuids.size() ? uuids : QList<QByteArray>{"incomplete"};
    }

    WindowFixture fixture;
    std::shared_ptr<FakeSource> source;
    bool works = false;
};

using Uuids = QList<QByteArray>;

} // namespace

class RecordSelectionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void choosingColumnsKeepsTheSelection()
    {
        Scene scene(5000);
        QVERIFY(scene.works);
        scene.choose({2, 7, 5});
        scene.chooseColumns({QStringLiteral("email"), QStringLiteral("city"), QStringLiteral("first_name")}); // city is new
        QCOMPARE(scene.rows(), QList<qint64>({2, 5, 7}));
        QVERIFY(scene.settled());
        QCOMPARE(scene.rows(), QList<qint64>({2, 5, 7}));
        QCOMPARE(scene.table().currentIndex().row(), 5);
        scene.chooseColumns({QStringLiteral("first_name"), QStringLiteral("email")}); // nothing to read
        QCOMPARE(scene.rows(), QList<qint64>({2, 5, 7}));
        QCOMPARE(scene.table().currentIndex().row(), 5);
        QCOMPARE(scene.exported(), Uuids({"u2", "u5", "u7"}));
    }

    void choosingColumnsKeepsThePlace()
    {
        Scene scene(5000);
        QVERIFY(scene.works);
        scene.choose({3});
        scene.table().verticalScrollBar()->setValue(2000);
        QTRY_VERIFY(scene.page().model()->isLoaded(2010));
        scene.chooseColumns({QStringLiteral("email"), QStringLiteral("city")});
        QVERIFY(scene.settled());
        QTRY_VERIFY(scene.page().model()->isLoaded(2010));
        QCOMPARE(scene.table().verticalScrollBar()->value(), 2000);
        QCOMPARE(scene.table().currentIndex().row(), 3);
        QCOMPARE(scene.exported(), Uuids({"u3"}));
    }

    void everySelectedRowStaysWhenColumnsAreChosen()
    {
        Scene scene(5000);
        QVERIFY(scene.works);
        scene.table().selectAll(); // mostly rows that are not at hand
        scene.chooseColumns({QStringLiteral("email"), QStringLiteral("city")});
        QVERIFY(scene.settled());
        QCOMPARE(scene.page().view()->selection()->count(), 5000);
        QCOMPARE(scene.page().selectionLine(), QStringLiteral("5,000 selected"));
    }

    void rowsThatWereSelectedUnseenAreRecordsToo()
    {
        Scene scene(5000);
        QVERIFY(scene.works);
        scene.table().selectAll();
        QTRY_COMPARE(scene.exported().size(), 5000);
        scene.source->insertOnTop(10);
        QVERIFY(scene.readAgain());
        QCOMPARE(scene.exported().size(), 5000);
        QVERIFY(!scene.rows().contains(3) && scene.rows().contains(13));
        QVERIFY(!scene.exported().contains(scene.page().model()->uuidAt(0)));
    }

    void allRowsStayAllRowsHoweverMany()
    {
        Scene scene(50'000);
        QVERIFY(scene.works);
        scene.table().selectAll();
        QVERIFY(!scene.page().exportScope().selectionIsComplete);
        QVERIFY(scene.readAgain());
        QTRY_COMPARE(scene.page().selectionLine(), QStringLiteral("50,000 selected"));
        Q_EMIT scene.page().view()->sortRequested(1);
        QVERIFY(scene.settled());
        QTRY_COMPARE(scene.page().selectionLine(), QStringLiteral("50,000 selected"));
        scene.page().setFilters({{QStringLiteral("title"), QStringLiteral("manager")}}); // which is all of something else
        QVERIFY(scene.settled());
        QTRY_COMPARE(scene.page().view()->selection()->count(), 0);
    }

    void manyUnseenRowsAreLetGoAsAWholeAndNotInPart()
    {
        Scene scene(50'000);
        QVERIFY(scene.works);
        scene.table().selectAll();
        scene.table().selectionModel()->select(scene.page().model()->index(5, 0), toggleRow);
        QCOMPARE(scene.page().view()->selection()->count(), 49'999);
        QSignalSpy said(&scene.page(), &RecordsPage::message);
        QVERIFY(scene.readAgain());
        QCOMPARE(scene.page().view()->selection()->count(), 0);
        QCOMPARE(said.size(), 1);
        QVERIFY(said.first().first().toString().contains(QStringLiteral("Nothing is selected now")));
    }

    void recordsThatMoveTakeTheSelectionAlong()
    {
        Scene scene(5000);
        QVERIFY(scene.works);
        scene.choose({2, 5});
        scene.source->insertOnTop(10);
        QVERIFY(scene.readAgain());
        QCOMPARE(scene.rows(), QList<qint64>({12, 15}));
        QCOMPARE(scene.table().currentIndex().row(), 15);
        QCOMPARE(scene.table().verticalScrollBar()->value(), 0);
        QCOMPARE(scene.exported(), Uuids({"u2", "u5"}));
    }

    void recordsThatMoveOutOfSightStaySelected()
    {
        Scene scene(5000);
        QVERIFY(scene.works);
        scene.choose({2, 5});
        scene.source->insertOnTop(3000);
        QVERIFY(scene.readAgain());
        QCOMPARE(scene.exported(), Uuids({"u2", "u5"}));
        QCOMPARE(scene.page().selectionLine(), QStringLiteral("2 selected"));
        QApplication::clipboard()->clear();
        scene.page().view()->copySelection();
        QTRY_VERIFY(QApplication::clipboard()->text().contains(QStringLiteral("last_name 5\t")));
        scene.page().view()->scrollToRow(3000);
        QTRY_COMPARE(scene.rows(), QList<qint64>({3002, 3005}));
        QCOMPARE(scene.table().currentIndex().row(), 3005);
        QCOMPARE(scene.table().verticalScrollBar()->value(), 3000);
        QCOMPARE(scene.exported(), Uuids({"u2", "u5"}));
        scene.choose({3001}); // and a new choice is a new choice
        QCOMPARE(scene.exported(), Uuids({"u1"}));
    }

    void recordsThatAreGoneAreSelectedNoMore()
    {
        Scene scene(5000);
        QVERIFY(scene.works);
        scene.page().toggleDetails();
        scene.choose({2, 9, 5});
        QTRY_COMPARE(scene.page().detailPanel()->shownUuid(), QByteArray("u5"));
        scene.source->remove(5);
        QVERIFY(scene.readAgain());
        QTRY_COMPARE(scene.exported(), Uuids({"u2", "u9"}));
        QCOMPARE(scene.rows(), QList<qint64>({2, 8}));
        QTRY_COMPARE(scene.page().detailPanel()->shownUuid(), QByteArray());
        QVERIFY(!scene.table().currentIndex().isValid());

        scene.source->insertOnTop(3000); // out of sight, and one of them is gone
        scene.source->remove(9);
        QVERIFY(scene.readAgain());
        QTRY_COMPARE(scene.exported(), Uuids({"u2"}));
    }

    void anImportLeavesTheSelectedRecordsSelected()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(300));
        RecordsPage &page = *fixture.window().contactsPage();
        fixture.window().setPage(MainWindow::Contacts);
        QTRY_VERIFY(page.model()->isLoaded(5));
        for (const int row : {2, 5})
            page.view()->table()->selectionModel()->setCurrentIndex(page.model()->index(row, 0), toggleRow);
        const Uuids chosen{page.model()->uuidAt(2), page.model()->uuidAt(5)};
        QVERIFY(fixture.importSample(2000)); // newer ones above them
        QTRY_VERIFY(page.model()->total() >= 2000 && !page.model()->isStale());
        QVERIFY(!chosen.contains(page.model()->uuidAt(2)));
        const auto exported = [&] {
            const ExportScope scope = page.exportScope();
            return scope.selectionIsComplete ? Uuids(scope.selected.begin(), scope.selected.end()) : Uuids();
        };
        QCOMPARE(exported().size(), 2);
        QVERIFY(exported().contains(chosen[0]) && exported().contains(chosen[1]));
        page.setFilters({{QStringLiteral("title"), QStringLiteral("no such title")}});
        QTRY_COMPARE(exported().size(), 0);
    }

    void sortingKeepsTheSelection()
    {
        Scene scene(5000);
        QVERIFY(scene.works);
        scene.choose({2, 5});
        scene.source->insertOnTop(4);
        Q_EMIT scene.page().view()->sortRequested(1);
        QVERIFY(scene.settled());
        QTRY_COMPARE(scene.rows(), QList<qint64>({6, 9}));
        QCOMPARE(scene.exported(), Uuids({"u2", "u5"}));
    }

    void aDatabaseThatDoesNotAnswerTakesNothingAway()
    {
        Scene scene(5000);
        QVERIFY(scene.works);
        scene.choose({2, 5});
        scene.source->failWith(makeError(ErrorCode::Unavailable, QStringLiteral("Gone.")));
        scene.page().refresh();
        QTRY_VERIFY(scene.page().model()->hasError());
        QCOMPARE(scene.exported(), Uuids({"u2", "u5"}));
        scene.source->recover();
        QVERIFY(scene.readAgain());
        QCOMPARE(scene.exported(), Uuids({"u2", "u5"}));
        QCOMPARE(scene.rows(), QList<qint64>({2, 5}));
    }

    void anotherDatabaseHasNoSelection()
    {
        Scene scene(5000);
        QVERIFY(scene.works);
        scene.choose({2, 5});
        scene.page().model()->setSource(std::make_shared<FakeSource>(300));
        QVERIFY(scene.settled());
        QCOMPARE(scene.page().view()->selection()->count(), 0);
        QVERIFY(scene.page().exportScope().selected.empty());
    }

    void aWindowOfALongListTakesTheSelectionAlong()
    {
        Scene scene(100'000'000);
        QVERIFY(scene.works);
        QTRY_VERIFY(scene.page().model()->isWindowed());
        scene.choose({2, 5});
        scene.page().view()->scrollToRow(50'000'000);
        QVERIFY(scene.page().model()->windowStart() > 0);
        QCOMPARE(scene.exported(), Uuids({"u2", "u5"}));
        scene.page().view()->scrollToRow(0);
        QCOMPARE(scene.rows(), QList<qint64>({2, 5}));
        QCOMPARE(scene.page().selectionLine(), QStringLiteral("2 selected"));
    }

    void aCopyIsOfTheSelectedRecordsThoughTheirRowsHaveMoved()
    {
        Scene scene(5000);
        QVERIFY(scene.works);
        scene.choose({5, 2});
        scene.source->insertOnTop(10); // by somebody else, and nothing is read again
        QCOMPARE(scene.copied(), QStringList({QStringLiteral("last_name 2"), QStringLiteral("last_name 5")}));
    }

    void aCopyHasTheRowsOfOtherWindowsToo()
    {
        Scene scene(100'000'000);
        QVERIFY(scene.works);
        QTRY_VERIFY(scene.page().model()->isWindowed());
        scene.choose({2, 5});
        scene.page().view()->scrollToRow(50'000'000);
        QVERIFY(scene.page().model()->windowStart() > 0);
        QCOMPARE(scene.copied(), QStringList({QStringLiteral("last_name 2"), QStringLiteral("last_name 5")}));
    }

    void aCopyOfRowsThatHaveNoNameYetGoesByTheirPlaces()
    {
        Scene scene(100'000'000);
        QVERIFY(scene.works);
        QTRY_VERIFY(scene.page().model()->isWindowed());
        scene.page().view()->scrollToRow(50'000'000);
        QTRY_VERIFY(scene.page().model()->isLoaded(static_cast<int>(50'000'000 - scene.page().model()->windowStart())));
        scene.source->closeGate();
        scene.selectRange(50'001'000, 50'001'002);
        QVERIFY(!scene.page().exportScope().selectionIsComplete);
        scene.page().view()->scrollToRow(0);
        QCOMPARE(scene.page().view()->selection()->count(), 3);
        QCOMPARE(scene.copied(), QStringList({QStringLiteral("last_name 50001000"), QStringLiteral("last_name 50001001"),
                                              QStringLiteral("last_name 50001002")}));
    }

    void aCopyOfNoRowsLeavesTheClipboardAlone()
    {
        Scene scene(5000);
        QVERIFY(scene.works);
        scene.choose({5});
        scene.source->remove(5);
        QSignalSpy said(scene.page().view(), &RecordView::message);
        QApplication::clipboard()->setText(QStringLiteral("before"));
        scene.page().view()->copySelection();
        QTRY_COMPARE(said.size(), 1);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("before"));
        QVERIFY(!said.first().first().toString().contains(QStringLiteral("Copied")));
    }

    void aCopyEndsWithItsView()
    {
        QThreadPool pool;
        const auto source = std::make_shared<FakeSource>(100);
        RecordModel model(contacts::Entity::Contact, pool);
        model.setFields({contacts::findField(contacts::Entity::Contact, u"title")});
        auto view = std::make_unique<RecordView>(&model, pool);
        model.setSource(source);
        QTRY_VERIFY(model.isLoaded(5));
        view->table()->selectRow(5);
        source->closeGate();
        const size_t asked = source->asked().size();
        view->copySelection();
        const bool isAsked = QTest::qWaitFor([&] { return source->asked().size() > asked; });
        view.reset();
        const bool isCancelled = QTest::qWaitFor([&] { return source->cancelledPages() > 0; });
        source->openGate(); // or the pool would wait for ever
        QVERIFY(isAsked);
        QVERIFY(isCancelled);
    }

    void unseenRowsStaySelectedWhenTheWindowMoves()
    {
        Scene scene(100'000'000);
        QVERIFY(scene.works);
        QTRY_VERIFY(scene.page().model()->isWindowed());
        scene.selectRange(0, 49'999);
        for (const qint64 row : {50'000'000, 120'000, 50'000'000}) {
            scene.page().view()->scrollToRow(row);
            QCOMPARE(scene.page().view()->selection()->count(), 50'000);
            QVERIFY(!scene.page().exportScope().selectionIsComplete);
        }
        const int model = static_cast<int>(50'000'000 - scene.page().model()->windowStart());
        scene.table().selectionModel()->select(scene.page().model()->index(model, 0), toggleRow);
        QCOMPARE(scene.page().view()->selection()->count(), 50'001);
        scene.page().view()->scrollToRow(0);
        QCOMPARE(scene.page().view()->selection()->count(), 50'001);
        QVERIFY(scene.table().selectionModel()->isRowSelected(49'999) && !scene.table().selectionModel()->isRowSelected(50'000));
        QSignalSpy said(&scene.page(), &RecordsPage::message);
        QVERIFY(scene.readAgain());
        QCOMPARE(scene.page().view()->selection()->count(), 0);
        QCOMPARE(said.size(), 1);
    }

    void allRowsOfALongListStayAll()
    {
        Scene scene(100'000'000);
        QVERIFY(scene.works);
        QTRY_VERIFY(scene.page().model()->isWindowed());
        scene.table().selectAll();
        const auto hasAll = [&] {
            return scene.page().selectionLine() == QStringLiteral("100,000,000 selected")
                   && !scene.page().exportScope().selectionIsComplete && scene.table().selectionModel()->isRowSelected(0)
                   && scene.table().selectionModel()->isRowSelected(scene.page().model()->rowCount() - 1);
        };
        QVERIFY(hasAll());
        scene.page().view()->scrollToRow(50'000'000);
        QVERIFY(hasAll());
        QVERIFY(scene.readAgain());
        QTRY_VERIFY(hasAll());
        Q_EMIT scene.page().view()->sortRequested(1);
        QVERIFY(scene.settled());
        QTRY_VERIFY(hasAll());
        scene.table().selectionModel()->select(scene.page().model()->index(7, 0), toggleRow); // all but one
        QCOMPARE(scene.page().view()->selection()->count(), 99'999'999);
        scene.page().view()->scrollToRow(70'000'000);
        QCOMPARE(scene.page().view()->selection()->count(), 99'999'999);
        scene.page().view()->scrollToRow(0);
        QVERIFY(!scene.table().selectionModel()->isRowSelected(7));
        scene.choose({3});
        QCOMPARE(scene.exported().size(), 1);
    }

    void aTotalThatTurnsOutSmallerSelectsNobodyElse()
    {
        Scene scene(99'999'000);
        scene.source->setEstimate(100'000'000);
        QVERIFY(scene.works);
        QVERIFY(scene.readAgain());
        QTRY_COMPARE(scene.page().model()->total(), 100'000'000);
        RecordView &view = *scene.page().view();
        const auto modelRow = [&] { return static_cast<int>(99'900'000 - scene.page().model()->windowStart()); };
        const auto top = [&] { return scene.page().model()->windowStart() + scene.table().verticalScrollBar()->value(); };
        view.scrollToRow(99'900'000);
        QTRY_VERIFY(scene.page().model()->isLoaded(modelRow()));
        scene.choose({modelRow()});
        view.scrollToRow(99'999'990);
        QTRY_COMPARE(scene.page().model()->total(), 99'999'000);
        QVERIFY(top() > 99'998'000);
        view.scrollToRow(99'900'000);
        QTRY_VERIFY(scene.page().model()->isLoaded(modelRow()));
        QCOMPARE(scene.exported(), Uuids({"u99900000"}));
        QCOMPARE(scene.rows().size(), 1);
        QCOMPARE(scene.rows().first(), 99'900'000);
    }

    void aListThatTurnsOutLongKeepsItsSelection()
    {
        Scene scene(1'100'000);
        scene.source->setEstimate(900'000);
        QVERIFY(scene.works);
        QVERIFY(scene.readAgain());
        QTRY_COMPARE(scene.page().model()->rowCount(), 900'000);
        scene.selectRange(100'000, 599'999);
        scene.table().verticalScrollBar()->setValue(500'000);
        QTRY_VERIFY(scene.page().model()->isLoaded(500'000));
        scene.page().model()->countExactly();
        QTRY_VERIFY(scene.page().model()->isWindowed());
        QCOMPARE(scene.page().view()->selection()->count(), 500'000);
        QCOMPARE(scene.page().model()->windowStart() + scene.table().verticalScrollBar()->value(), 500'000);
    }

    void aListThatTurnsOutShortKeepsItsSelection()
    {
        Scene scene(900'000);
        scene.source->setEstimate(1'100'000);
        QVERIFY(scene.works);
        QVERIFY(scene.readAgain());
        QTRY_VERIFY(scene.page().model()->isWindowed());
        scene.page().view()->scrollToRow(700'000);
        scene.selectRange(690'000, 719'999);
        scene.page().view()->scrollToRow(300'000);
        QCOMPARE(scene.page().view()->selection()->count(), 30'000);
        scene.page().model()->countExactly();
        QTRY_COMPARE(scene.page().model()->rowCount(), 900'000);
        QCOMPARE(scene.page().view()->selection()->count(), 30'000);
        QVERIFY(scene.table().selectionModel()->isRowSelected(690'000) && !scene.table().selectionModel()->isRowSelected(689'999));
        QCOMPARE(scene.table().verticalScrollBar()->value(), 300'000);
    }

    void choosingColumnsKeepsUnseenRowsThoughTheListGotShorter()
    {
        Scene scene(1'500'000);
        QVERIFY(scene.works);
        QTRY_VERIFY(scene.page().model()->isWindowed());
        scene.page().view()->scrollToRow(1'499'980);
        const qint64 start = scene.page().model()->windowStart();
        scene.selectRange(1'450'000, 1'479'999);
        scene.source->setRows(1'499'500);
        scene.chooseColumns({QStringLiteral("email"), QStringLiteral("city")});
        QVERIFY(scene.settled());
        QTRY_COMPARE(scene.page().model()->total(), 1'499'500);
        QVERIFY(scene.page().model()->windowStart() < start);
        QCOMPARE(scene.page().view()->selection()->count(), 30'000);
        QCOMPARE(scene.rows().first(), 1'450'000);
        QCOMPARE(scene.rows().last(), 1'479'999);
    }

    void allIsAsManyAsThereTurnOutToBe()
    {
        Scene scene(3'000'000);
        scene.source->setEstimate(2'000'000);
        QVERIFY(scene.works);
        QVERIFY(scene.readAgain());
        QTRY_COMPARE(scene.page().model()->total(), 2'000'000);
        scene.table().selectAll();
        QCOMPARE(scene.page().selectionLine(), QStringLiteral("2,000,000 selected"));
        scene.page().model()->countExactly();
        QTRY_COMPARE(scene.page().selectionLine(), QStringLiteral("3,000,000 selected"));
    }

    void toggledRowsAreCountedOnce()
    {
        Scene scene(5000);
        QVERIFY(scene.works);
        scene.choose({2, 5, 7});
        scene.table().selectionModel()->select(scene.page().model()->index(5, 0), toggleRow);
        QCOMPARE(scene.exported(), Uuids({"u2", "u7"}));
        scene.table().selectAll();
        scene.table().selectionModel()->select(scene.page().model()->index(5, 0), toggleRow);
        QCOMPARE(scene.page().view()->selection()->count(), 4999);
    }

    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    }
};

QTEST_MAIN(RecordSelectionTest)
#include "tst_record_selection.moc"
