// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/import_operation.h"
#include "exchange/import_page.h"
#include "exchange/import_result.h"
#include "exchange/import_setup.h"
#include "exchange/mapping_table.h"
#include "records/records_page.h"
#include "theme/theme.h"
#include "widgets/state_panel.h"
#include "window_fixture.h"

#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QStyleOptionComboBox>
#include <QTest>

using namespace a360;
using namespace a360::ui;
using a360::test::WindowFixture;

namespace {

constexpr int patience = 30'000;

bool ready(ImportPage &page, const QString &file)
{
    page.openFile(file);
    return QTest::qWaitFor([&] { return page.step() == ImportPage::Step::SetUp && page.setup()->isReady(); }, patience);
}

bool finished(ImportPage &page)
{
    return QTest::qWaitFor([&] { return page.step() == ImportPage::Step::Result; }, patience);
}

} // namespace

/// The import assistant: from the file over its columns to the result.
class ImportPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    }

    void aDryRunChangesNothingAndOffersTheRealOne()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        ImportPage &page = *fixture.window().importPage();
        fixture.window().setPage(MainWindow::Imports);
        QVERIFY(ready(page, fixture.makeFile(QStringLiteral("leads.csv"), 200)));
        page.setup()->dryRunButton()->click();
        QVERIFY(finished(page));
        QVERIFY(page.operation()->report().dryRun);
        QCOMPARE(page.operation()->report().inserted, 200);
        QVERIFY(page.result()->heading().contains(QStringLiteral("nothing was written")));
        QCOMPARE(page.result()->sumText(), QStringLiteral("200 read = 200 would be inserted + 0 would be updated + 0 would be "
                                                          "unchanged + 0 would be skipped + 0 would be rejected"));
        QVERIFY2(page.result()->factsText().contains(QStringLiteral(" would be new")), qPrintable(page.result()->factsText()));
        QCOMPARE(page.operation()->summary(), QStringLiteral("Dry run, nothing was written. Of 200 rows 200 would be inserted, 0 updated, "
                                                             "0 unchanged, 0 skipped, 0 rejected."));
        for (const QWidget *part : page.result()->findChildren<QWidget *>()) {
            if (part->accessibleName() == page.result()->sumText())
                QTRY_COMPARE(part->height(), part->sizeHint().height()); // its cards do not grow into the room below
        }
        fixture.window().contactsPage()->refresh();
        QTRY_VERIFY(fixture.window().contactsPage()->showsState());
        QPushButton *now = nullptr;
        for (QPushButton *button : page.result()->findChildren<QPushButton *>()) {
            if (button->text() == QStringLiteral("Import now"))
                now = button;
        }
        QVERIFY(now);
        now->click();
        QVERIFY(finished(page) && QTest::qWaitFor([&] { return !page.operation()->isRunning(); }, patience));
        QTRY_COMPARE(fixture.window().contactsPage()->model()->total(), 200);
    }

    void aMappingChosenByHandIsUsed()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QFile file(fixture.path(QStringLiteral("own.csv")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("Vorname;Last Name;Email\nAda;Quill;ada@northwind.example\n");
        file.close();
        ImportPage &page = *fixture.window().importPage();
        QVERIFY(ready(page, file.fileName()));
        QCOMPARE(page.setup()->preview().format.delimiter, ';');
        QComboBox *box = page.setup()->mapping()->boxFor(QStringLiteral("Vorname"));
        QVERIFY(box);
        QCOMPARE(box->currentData().toString(), QString());
        box->setCurrentIndex(box->findData(QStringLiteral("first_name")));
        Q_EMIT box->activated(box->currentIndex());
        QTRY_VERIFY(page.setup()->isReady());
        QCOMPARE(page.setup()->mapping()->mappedCount(), 3);
        page.setup()->importButton()->click();
        QVERIFY(finished(page));
        RecordsPage &records = *fixture.window().contactsPage();
        QTRY_VERIFY(records.model()->isLoaded(0));
        QCOMPARE(records.model()->index(0, 0).data().toString(), QStringLiteral("Ada"));
    }

    void anImportOfCompaniesLeadsToThem()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        ImportPage &page = *fixture.window().importPage();
        QVERIFY(ready(page, fixture.makeTextFile(QStringLiteral("firms.csv"), "Company\nNorthwind\n")));
        page.setup()->entityBox()->setCurrentIndex(1);
        Q_EMIT page.setup()->entityBox()->activated(1);
        QTRY_VERIFY(page.setup()->isReady());
        QStringList texts;
        for (const QLabel *label : page.setup()->findChildren<QLabel *>())
            texts.append(label->text());
        QVERIFY2(texts.contains(QStringLiteral("18 bytes · UTF-8 · 1 column")), qPrintable(texts.join(u'|')));
        QVERIFY2(texts.contains(QStringLiteral("The column is imported.")), qPrintable(texts.join(u'|')));
        page.setup()->importButton()->click();
        QVERIFY(finished(page));
        QCOMPARE(page.operation()->report().inserted, 1);
        QVERIFY2(!page.result()->factsText().contains(QStringLiteral("companies: 0")), qPrintable(page.result()->factsText()));
        for (QPushButton *button : page.result()->findChildren<QPushButton *>()) {
            if (button->text() == QStringLiteral("Show companies"))
                button->click();
        }
        QCOMPARE(fixture.window().page(), static_cast<int>(MainWindow::Companies));
    }

    void namesOfFieldsAreNotCutInASmallWindow()
    {
        applyTheme(*qApp, ThemeMode::Light);
        WindowFixture fixture;
        fixture.window().resize(900, 600);
        QVERIFY(fixture.open());
        fixture.window().setPage(MainWindow::Imports);
        ImportPage &page = *fixture.window().importPage();
        QVERIFY(ready(page, fixture.makeTextFile(QStringLiteral("leads.csv"), "Email,Company Name for Emails\nada@northwind.example,Northwind\n")));
        const QComboBox *box = page.setup()->mapping()->boxFor(QStringLiteral("Company Name for Emails"));
        QVERIFY(box && box->isVisible());
        QStyleOptionComboBox option;
        option.initFrom(box);
        const QRect room = box->style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, box);
        const int wanted = box->fontMetrics().horizontalAdvance(box->currentText());
        QVERIFY2(wanted <= room.width(), qPrintable(QStringLiteral("%1 in %2").arg(wanted).arg(room.width())));
    }

    void columnsThatWantTheSamePlaceAreMarked()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QFile file(fixture.path(QStringLiteral("twice.csv")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("Email,E-mail Address,First Name\nada@northwind.example,a@northwind.example,Ada\n");
        file.close();
        ImportPage &page = *fixture.window().importPage();
        QVERIFY(ready(page, file.fileName()));
        QCOMPARE(page.setup()->mapping()->conflictCount(), 1);
    }

    void aFileThatIsNoTextSaysSo()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        QFile file(fixture.path(QStringLiteral("photo.csv")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(4096, '\0'));
        file.close();
        ImportPage &page = *fixture.window().importPage();
        page.openFile(file.fileName());
        QTRY_COMPARE(page.step(), ImportPage::Step::Problem);
        QVERIFY(page.statePanel()->title().contains(QStringLiteral("photo.csv")));
        QVERIFY(!page.statePanel()->text().isEmpty());
    }
};

QTEST_MAIN(ImportPageTest)
#include "tst_import_page.moc"
