// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/export_dialog.h"
#include "window_fixture.h"

#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScopeGuard>
#include <QTest>

using namespace a360;
using namespace a360::ui;
using a360::test::WindowFixture;

/// The dialog alone: what it offers, and what it does not let through. What an export then writes: tst_exchange.
class ExportDialogTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anExportIsOfferedToAFolderThatExists()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        const QByteArray home = qgetenv("HOME");
        const QString empty = fixture.path(QStringLiteral("home"));
        QVERIFY(QDir().mkpath(empty));
        qputenv("HOME", empty.toLocal8Bit()); // without a folder for documents in it
        const auto back = qScopeGuard([&] { qputenv("HOME", home); });
        ExportDialog *dialog = fixture.window().openExportDialog(fixture.window().contactsPage());
        QVERIFY(dialog);
        QTRY_VERIFY2(QFileInfo(dialog->pathEdit()->text()).absolutePath() == empty, qPrintable(dialog->pathEdit()->text()));
        dialog->close();
    }

    void theExtensionFollowsFormatAndCompression()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        ExportDialog *dialog = fixture.window().openExportDialog(fixture.window().contactsPage());
        QVERIFY(dialog);
        dialog->pathEdit()->setText(QStringLiteral("/data/contacts.csv"));
        dialog->formatBox()->setCurrentIndex(1);
        QCOMPARE(dialog->path(), QStringLiteral("/data/contacts.jsonl"));
        dialog->compressionBox()->setCurrentIndex(2);
        QCOMPARE(dialog->path(), QStringLiteral("/data/contacts.jsonl.zst"));
        dialog->formatBox()->setCurrentIndex(0);
        dialog->compressionBox()->setCurrentIndex(1);
        QCOMPARE(dialog->path(), QStringLiteral("/data/contacts.csv.gz"));
        dialog->pathEdit()->clear();
        dialog->exportButton()->click();
        QVERIFY(dialog->isVisible());
        QCOMPARE(dialog->hintLabel()->text(), QStringLiteral("Choose where to save the file."));
    }

    void theDialogStaysWhileNothingCanBeWrittenThere()
    {
        WindowFixture fixture;
        QVERIFY(fixture.open());
        ExportDialog *dialog = fixture.window().openExportDialog(fixture.window().contactsPage());
        QVERIFY(dialog);
        const QString missing = fixture.path(QStringLiteral("no"));
        for (const auto &[path, says] : {std::pair(missing + QStringLiteral("/out.csv"), missing + QStringLiteral(" does not exist.")),
                                         std::pair(fixture.path({}), QStringLiteral("This is a folder."))}) {
            dialog->pathEdit()->setText(path);
            QTRY_VERIFY2(dialog->hintLabel()->text().contains(says), qPrintable(dialog->hintLabel()->text()));
            dialog->exportButton()->click();
            QVERIFY(dialog->isVisible());
            QVERIFY(fixture.window().operations().all().isEmpty());
        }
    }
};

QTEST_MAIN(ExportDialogTest)
#include "tst_export_dialog.moc"
