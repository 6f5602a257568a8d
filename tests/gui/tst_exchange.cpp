// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/export_dialog.h"
#include "exchange/export_operation.h"
#include "exchange/exports_page.h"
#include "exchange/import_operation.h"
#include "exchange/import_page.h"
#include "exchange/import_result.h"
#include "exchange/import_setup.h"
#include "exchange/mapping_table.h"
#include "records/record_view.h"
#include "records/records_page.h"
#include "support/slow_index.h"
#include "support/small_disk.h"
#include "widgets/card_strip.h"
#include "widgets/operation_card.h"
#include "window/status_line.h"
#include "window_fixture.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QTableView>
#include <QTest>
#include <QTimer>
#include <QToolButton>

using namespace a360;
using namespace a360::ui;
using a360::test::SmallDisk;
using a360::test::WindowFixture;
using a360::test::hurryUp;
using a360::test::slowIndex;

namespace {

constexpr int patience = 30'000;

bool run(Service &service, const QByteArray &script)
{
    Result<db::Lease> lease = service.pool().lease();
    return lease.ok() && lease->executeScript(script).ok();
}

qint64 indexesDown(Service &service)
{
    Result<db::Lease> lease = service.pool().lease();
    const auto down = lease->queryInteger(db::Sql(db::Dialect::Sqlite, "SELECT count(*) FROM a360_deferred_indexes"));
    return down.ok() ? *down : -1;
}

bool isAtTheLastIndex(const Progress &progress)
{
    return progress.phase == QStringLiteral("Rebuilding indexes") && progress.rowsDone + 1 == progress.rowsTotal;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

const ExportOperation *lastExport(MainWindow &window)
{
    for (auto it = window.operations().all().crbegin(); it != window.operations().all().crend(); ++it) {
        if (const auto *found = qobject_cast<const ExportOperation *>(*it))
            return found;
    }
    return nullptr;
}

} // namespace

class ExchangeTest : public QObject
{
    Q_OBJECT

private:
    static bool ready(ImportPage &page, const QString &file)
    {
        page.openFile(file);
        return QTest::qWaitFor([&] { return page.step() == ImportPage::Step::SetUp && page.setup()->isReady(); }, patience);
    }
    static bool finished(ImportPage &page)
    {
        return QTest::qWaitFor([&] { return page.step() == ImportPage::Step::Result; }, patience);
    }
    /// Exports through the dialog to `path`; `prepare` sets it up.
    template <typename Prepare>
    static const ExportOperation *exportTo(MainWindow &window, const QString &path, Prepare prepare)
    {
        ExportDialog *dialog = window.openExportDialog(window.contactsPage());
        if (!dialog)
            return nullptr;
        prepare(*dialog);
        dialog->pathEdit()->setText(path);
        dialog->exportButton()->click();
        if (!QTest::qWaitFor([&] { return window.operations().runningCount() == 0; }, patience))
            return nullptr;
        return lastExport(window);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    }

    void theAssistantGoesFromFileToResult_decision6_theSumAddsUp()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        ImportPage &page = *fixture.window().importPage();
        QCOMPARE(page.step(), ImportPage::Step::Choose);
        QVERIFY(ready(page, fixture.makeFile(QStringLiteral("leads.csv"), 1000, 50)));
        QCOMPARE(page.setup()->preview().format.delimiter, ',');
        QCOMPARE(page.setup()->preview().rows.size(), 50u);
        QVERIFY(page.setup()->mapping()->mappedCount() > 30);

        page.setup()->importButton()->click();
        QCOMPARE(page.step(), ImportPage::Step::Running);
        QVERIFY(finished(page));
        const transfer::ImportReport &report = page.operation()->report();
        QCOMPARE(report.read, 1000);
        QCOMPARE(report.rejected, 20);
        QCOMPARE(report.read, report.inserted + report.updated + report.unchanged + report.skipped + report.rejected);
        QCOMPARE(page.result()->sumText(), QStringLiteral("1,000 read = 980 inserted + 0 updated + 0 unchanged + 0 skipped "
                                                          "+ 20 rejected"));
        QAbstractItemModel *rejects = page.result()->rejectsView()->model();
        QCOMPARE(rejects->rowCount(), 20);
        QCOMPARE(rejects->index(0, 0).data().toString(), QStringLiteral("50"));
        QCOMPARE(rejects->index(0, 1).data().toString(), QStringLiteral("51"));
        const QString sentence = rejects->index(0, 4).data().toString();
        QCOMPARE(sentence, QStringLiteral("E-mail '%1' has no @").arg(rejects->index(0, 3).data().toString()));
        QVERIFY(rejects->index(0, 0).data(Qt::ToolTipRole).toString().startsWith(QStringLiteral("row 50, line 51, column ")));
        QTRY_COMPARE(fixture.window().contactsPage()->model()->total(), 980);
    }

    void rejectsAreSavedAndCanBeImportedAgain()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        ImportPage &page = *fixture.window().importPage();
        QVERIFY(ready(page, fixture.makeFile(QStringLiteral("leads.csv"), 100, 25)));
        page.setup()->importButton()->click();
        QVERIFY(finished(page));
        const QString saved = fixture.path(QStringLiteral("rejects.csv"));
        QString trouble = QStringLiteral("not called");
        page.operation()->saveRejects(fixture.window().session(), saved,
                                      [&](const QString &text) { trouble = text; });
        QTRY_COMPARE(trouble, QString());
        const QByteArray text = contentOf(saved);
        QVERIFY(text.startsWith("_row,_line,_offset,_column,_value,_reason,first_name"));
        QCOMPARE(text.count("no address at all"), 8); // in _value and in the row itself, four times
        QFile mended(saved);
        QVERIFY(mended.open(QIODevice::WriteOnly));
        QByteArray better = text;
        better.replace("no address at all", "mended@northwind.example");
        mended.write(better);
        mended.close();
        QVERIFY(ready(page, saved));
        page.setup()->importButton()->click();
        QVERIFY(finished(page));
        QCOMPARE(page.operation()->report().rejected, 0);
        QCOMPARE(page.operation()->report().inserted, 4);
    }

    void rejectsForAFullDiskAreMissedAloud()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        ImportPage &page = *fixture.window().importPage();
        QVERIFY(ready(page, fixture.makeFile(QStringLiteral("leads.csv"), 20, 10)));
        page.setup()->importButton()->click();
        QVERIFY(finished(page));
        const SmallDisk disk(fixture.path(QStringLiteral("brimful")), SmallDisk::Full);
        QString target = QStringLiteral("/dev/full"); // without root, who cannot mount, cannot replace it either
        if (disk.isMounted()) {
            disk.fill();
            target = disk.path() + QStringLiteral("/rejects.csv");
        }
        QString trouble;
        page.operation()->saveRejects(fixture.window().session(), target, [&](const QString &text) {
            trouble = text.isEmpty() ? QStringLiteral("none") : text;
        });
        QTRY_VERIFY(!trouble.isEmpty());
        QVERIFY2(trouble.contains(QStringLiteral("disk is full")), qPrintable(trouble));
        QVERIFY(!disk.isMounted() || !QFile::exists(target));
    }

    void theOpenDatabaseIsNoFileToSaveTo()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(20));
        MainWindow &window = fixture.window();
        const QString database = window.session().url().path;
        ExportDialog *dialog = window.openExportDialog(window.contactsPage());
        QVERIFY(dialog);
        for (const QString &path : {database, database + QStringLiteral("-wal"), database + QStringLiteral("-shm")}) {
            dialog->pathEdit()->setText(path);
            QTRY_VERIFY2(dialog->hintLabel()->text().startsWith(path + QStringLiteral(" would overwrite the database")),
                         qPrintable(dialog->hintLabel()->text()));
            dialog->exportButton()->click();
            QVERIFY(dialog->isVisible());
            QVERIFY(!lastExport(window));
        }
        dialog->pathEdit()->setText(fixture.path(QStringLiteral("out.csv")));
        QTRY_VERIFY(dialog->hintLabel()->text().isEmpty());
        dialog->pathEdit()->setText(database); // and at once, before the hint can know
        dialog->exportButton()->click();
        QTRY_COMPARE(window.operations().runningCount(), 0);
        QVERIFY(lastExport(window));
        QCOMPARE(lastExport(window)->state(), Operation::State::Failed);
        QVERIFY(lastExport(window)->summary().contains(QStringLiteral("would overwrite the database that is open")));

        QString trouble;
        fixture.window().importPage()->operation()->saveRejects(window.session(), database, [&](const QString &text) {
            trouble = text.isEmpty() ? QStringLiteral("none") : text;
        });
        QTRY_VERIFY(!trouble.isEmpty());
        QVERIFY(contentOf(database).startsWith("SQLite format 3"));
    }

    void cancellingAnImportEndsWithinASecond()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        ImportPage &page = *fixture.window().importPage();
        QVERIFY(ready(page, fixture.makeFile(QStringLiteral("large.csv"), 60'000)));
        page.setup()->importButton()->click();
        QTRY_VERIFY(page.operation()->progress().bytesDone > 0 || !page.operation()->isRunning());
        QVERIFY(page.operation()->isRunning());
        QElapsedTimer timer;
        timer.start();
        page.operation()->cancel();
        QTRY_VERIFY_WITH_TIMEOUT(!page.operation()->isRunning(), patience);
        QCOMPARE(page.operation()->state(), Operation::State::Cancelled);
        QVERIFY2(timer.elapsed() < 5000, "a second on an idle machine; leave room for a busy one");
        QTRY_COMPARE(page.step(), ImportPage::Step::Result);
        QVERIFY(page.result()->heading().startsWith(QStringLiteral("Cancelled")));
    }

    void decision22_whatACancelledImportLeavesIsRebuiltInTheBackground()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        Service &service = *fixture.window().session().service();
        QVERIFY(run(service, slowIndex(db::Dialect::Sqlite)));
        QFile file(fixture.path(QStringLiteral("stop.csv")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(a360::test::slowFile());
        file.close();
        ImportPage &page = *fixture.window().importPage();
        QVERIFY(ready(page, file.fileName()));
        page.setup()->importButton()->click();
        QVERIFY(QTest::qWaitFor([&] { return isAtTheLastIndex(page.operation()->progress()); }, patience));
        page.operation()->cancel();
        QVERIFY(QTest::qWaitFor([&] { return page.step() == ImportPage::Step::Result; }, patience));
        QCOMPARE(page.operation()->state(), Operation::State::Cancelled);
        QCOMPARE(page.result()->heading(), QStringLiteral("Cancelled: all rows are in, some indexes are not"));
        QCOMPARE(page.operation()->report().indexesLeft, 1);
        QToolButton *item = fixture.window().statusLine()->indexesItem();
        QVERIFY(QTest::qWaitFor([&] { return item->text() == QStringLiteral("Rebuilding indexes 1 of 1"); }, patience));
        QVERIFY(item->isVisible());
        item->click();
        QVERIFY(fixture.window().statusLine()->message().contains(QStringLiteral("work meanwhile")));
        {
            const Registration pause = service.indexes()->pause();
            QCOMPARE(indexesDown(service), 1);
            QVERIFY(run(service, hurryUp()));
        }
        QVERIFY(QTest::qWaitFor([&] { return indexesDown(service) == 0 && !item->isVisible(); }, patience));
    }

    void theRestOfTheWindowStaysUsableWhileImporting()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(2000));
        ImportPage &page = *fixture.window().importPage();
        QVERIFY(ready(page, fixture.makeFile(QStringLiteral("more.csv"), 10'000)));
        page.setup()->importButton()->click();
        fixture.window().setPage(MainWindow::Contacts);
        RecordsPage &records = *fixture.window().contactsPage();
        QTRY_VERIFY(records.model()->totalIsKnown());

        // The longest time the event loop did not come round, while scrolling and importing.
        QElapsedTimer beat;
        qint64 longest = 0;
        QTimer pulse;
        pulse.setInterval(5);
        connect(&pulse, &QTimer::timeout, this, [&] { longest = std::max(longest, beat.restart()); });
        beat.start();
        pulse.start();
        int row = 0;
        QTimer scroll;
        connect(&scroll, &QTimer::timeout, this, [&] { records.view()->scrollToRow(row = (row + 37) % 2000); });
        scroll.start(20);
        QTRY_VERIFY_WITH_TIMEOUT(!page.operation()->isRunning(), 60'000);
        qInfo("longest pause of the event loop while importing 10,000 rows and scrolling: %lld ms", longest);
        QVERIFY2(longest < 250, qPrintable(QStringLiteral("%1 ms").arg(longest)));
    }

    void exportWritesWhatIsOnScreenWithAReceipt()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(300));
        MainWindow &window = fixture.window();
        QTRY_VERIFY(window.contactsPage()->model()->isLoaded(0));
        const QString path = fixture.path(QStringLiteral("out.csv"));
        const ExportOperation *operation = exportTo(window, path, [](ExportDialog &dialog) {
            QVERIFY(!dialog.isModal());
            QVERIFY(dialog.guardBox()->isChecked());
        });
        QVERIFY(operation);
        QCOMPARE(operation->state(), Operation::State::Done);
        const QByteArray text = contentOf(path);
        QVERIFY(text.startsWith("first_name,last_name,title,company,email,country,employees,created_at"));
        QCOMPARE(operation->receipt().rows, 300);
        QCOMPARE(operation->receipt().bytes, text.size());
        QCOMPARE(operation->receipt().sha256, QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex());
        QCOMPARE(window.exportsPage()->cardCount(), 1);
        QVERIFY(window.exportsPage()->receiptText(operation).contains(QString::fromLatin1(operation->receipt().sha256)));
    }

    void aCardCoversNoButtonAndGoesByItself()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(20));
        MainWindow &window = fixture.window();
        window.setPage(MainWindow::Contacts);
        QVERIFY(exportTo(window, fixture.path(QStringLiteral("out.csv")), [](ExportDialog &) {}));
        window.setPage(MainWindow::Imports);
        ImportPage &page = *window.importPage();
        QVERIFY(ready(page, fixture.makeFile(QStringLiteral("leads.csv"), 30)));
        auto *card = window.cards()->findChild<OperationCard *>();
        QVERIFY(card);
        QTRY_VERIFY(card->isVisible() && !card->visibleRegion().isEmpty());
        for (const QPushButton *button : page.findChildren<QPushButton *>()) {
            if (button->isVisible())
                QCOMPARE(button->visibleRegion().boundingRect(), button->rect());
        }
        QPushButton *import = page.setup()->importButton();
        QCOMPARE(window.childAt(import->mapTo(&window, import->rect().center())), import);
        window.setPage(MainWindow::Exports); // shows the same
        QCOMPARE(window.cards()->cardCount(), 0);
        QVERIFY(!window.cards()->isVisible());
        window.setPage(MainWindow::Contacts);
        window.cards()->setRest(std::chrono::milliseconds(1));
        QVERIFY(exportTo(window, fixture.path(QStringLiteral("again.csv")), [](ExportDialog &) {}));
        QTRY_COMPARE(window.cards()->cardCount(), 0);
        QVERIFY(!window.cards()->isVisible());
    }

    void aFailureStaysUntilTheDatabaseIsAnother()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        MainWindow &window = fixture.window();
        window.cards()->setRest(std::chrono::milliseconds(0));
        QVERIFY(fixture.importSample(20));
        window.setPage(MainWindow::Contacts);
        const ExportOperation *failed = exportTo(window, fixture.path(QStringLiteral("no/such/out.csv")), [](ExportDialog &) {});
        QVERIFY(failed && failed->state() == Operation::State::Failed);
        QVERIFY(exportTo(window, fixture.path(QStringLiteral("out.csv")), [](ExportDialog &) {}));
        QTRY_COMPARE(window.cards()->cardCount(), 1); // of two
        QVERIFY(window.cards()->isVisible());
        window.setPage(MainWindow::Exports);
        QVERIFY(!window.cards()->isVisible());
        window.setPage(MainWindow::Companies);
        QVERIFY(window.cards()->isVisible());
        window.openDatabase(db::DatabaseUrl::sqliteFile(fixture.path(QStringLiteral("other.db"))));
        QTRY_COMPARE(window.session().state(), Session::State::Open);
        QCOMPARE(window.cards()->cardCount(), 0);
    }

    void exportFollowsFilterAndOrder()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(300));
        MainWindow &window = fixture.window();
        window.contactsPage()->setFilters({{QStringLiteral("title"), QStringLiteral("founder")}});
        QTRY_VERIFY(!window.contactsPage()->model()->isStale() && window.contactsPage()->model()->totalIsKnown());
        const qint64 matching = window.contactsPage()->model()->total();
        QVERIFY(matching > 0 && matching < 300);
        const ExportOperation *operation =
            exportTo(window, fixture.path(QStringLiteral("founders.jsonl")), [](ExportDialog &dialog) {
                dialog.formatBox()->setCurrentIndex(1);
                QVERIFY(!dialog.guardBox()->isEnabled());
            });
        QVERIFY(operation && operation->state() == Operation::State::Done);
        QCOMPARE(operation->receipt().rows, matching);
        const QList<QByteArray> lines = contentOf(operation->path()).trimmed().split('\n');
        QCOMPARE(lines.size(), matching);
        for (const QByteArray &line : lines)
            QVERIFY(QJsonDocument::fromJson(line).object().value(QStringLiteral("title")).toString().contains(
                QStringLiteral("Founder")));
    }

    void exportOfTheSelectionWritesOnlyThat()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(100));
        MainWindow &window = fixture.window();
        window.setPage(MainWindow::Contacts);
        QTRY_VERIFY(window.contactsPage()->model()->isLoaded(9));
        QTableView *table = window.contactsPage()->view()->table();
        table->selectRow(2);
        table->selectionModel()->select(table->model()->index(7, 0),
                                        QItemSelectionModel::Select | QItemSelectionModel::Rows);
        const QStringList expected{table->model()->index(2, 4).data().toString(), table->model()->index(7, 4).data().toString()};
        const ExportOperation *operation =
            exportTo(window, fixture.path(QStringLiteral("two.csv")), [](ExportDialog &dialog) {
                QVERIFY(dialog.selectedButton()->isChecked());
            });
        QVERIFY(operation && operation->state() == Operation::State::Done);
        QCOMPARE(operation->receipt().rows, 2);
        const QByteArray text = contentOf(operation->path());
        for (const QString &email : expected)
            QVERIFY(text.contains(email.toUtf8()));
    }

    void aTargetThatCannotBeWrittenIsExplained()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QVERIFY(fixture.importSample(20));
        const QString path = fixture.path(QStringLiteral("no/such/folder/out.csv"));
        const ExportOperation *operation = exportTo(fixture.window(), path, [](ExportDialog &) {});
        QVERIFY(operation);
        QCOMPARE(operation->state(), Operation::State::Failed);
        QVERIFY(operation->summary().contains(QStringLiteral("no/such/folder")));
        QVERIFY(!QFile::exists(path));
    }

    void timeLeftIsOnlyShownWhereATotalIsKnown()
    {
        const QLocale english(QLocale::English, QLocale::UnitedStates);
        Progress progress;
        const auto now = std::chrono::steady_clock::now();
        progress.startedAt = now - std::chrono::seconds(10);
        progress.rowsDone = 412'300;
        QCOMPARE(progressText(progress, now, english), QStringLiteral("412,300 rows · 41 k rows/s"));
        QVERIFY(progressFraction(progress) < 0);
        progress.rowsTotal = 824'600;
        progress.rowsTotalIsEstimate = true;
        QCOMPARE(progressText(progress, now, english),
                 QStringLiteral("412,300 of ~824,600 rows · 41 k rows/s · 0:10 left"));
        progress.isStep = true;
        QCOMPARE(progressText(progress, now, english),
                 QStringLiteral("412,300 of ~824,600 rows · 41 k rows/s · 0:10 left in this step"));
        Progress merging;
        merging.enter(QStringLiteral("Merging rows"), 1000);
        QVERIFY(merging.isStep && !Progress().isStep);
        Progress reading;
        reading.startedAt = now - std::chrono::seconds(10);
        reading.bytesDone = reading.bytesTotal = 1000;
        QVERIFY2(progressFraction(reading) < 0, "all read, but not done");
        reading.enter(QStringLiteral("Rebuilding indexes"), 12, Progress::Unit::Indexes);
        reading.rowsDone = 2;
        QCOMPARE(progressText(reading, now, english), QStringLiteral("3 of 12 indexes"));
    }
};

QTEST_MAIN(ExchangeTest)
#include "tst_exchange.moc"
