// SPDX-License-Identifier: GPL-3.0-or-later
#include "import_summary.h"

#include <QTest>

using namespace a360;
using namespace a360::app;

class TestImportSummary : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbersAddUpInOneLine()
    {
        transfer::ImportReport report;
        report.read = 1000;
        report.inserted = 940;
        report.unchanged = 30;
        report.skipped = 10;
        report.rejected = 20;
        report.seconds = 0.5;
        report.rejectedByReason = {{QStringLiteral("invalid_email"), 20}};
        report.firstRejects.push_back({7, 8, 900, QStringLiteral("Email"), QStringLiteral("nobody"), QStringLiteral("invalid_email")});
        const QString text = importSummary(report, QString());
        QVERIFY2(text.startsWith(QStringLiteral("1,000 read = 940 inserted + 0 updated + 30 unchanged + 10 skipped + 20 rejected (0.5 s)")),
                 qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("row 7, line 8, column Email: e-mail 'nobody' has no @")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("Reasons: 20 invalid e-mail")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("--rejects FILE")), qPrintable(text));
        QVERIFY2(importSummary(report, QStringLiteral("bad.csv")).contains(QStringLiteral("bad.csv")), "where the rejects went");
    }
    void lenientImportsSayWhichValuesWereLeftOut()
    {
        transfer::ImportReport report;
        report.read = report.inserted = 5;
        report.warnings = 1;
        report.firstWarnings.push_back({7, 8, 900, QStringLiteral("Title"), QStringLiteral("aaa…"), QStringLiteral("text_too_long"), 2500});
        const QString text = importSummary(report, QString());
        QVERIFY2(text.contains(QStringLiteral("row 7, line 8, column Title: the text 'aaa…' is longer than 2,500 bytes")), qPrintable(text));
        QVERIFY2(!text.contains(QStringLiteral("--rejects FILE")), "no row was rejected");
    }
    void cleanImportSaysNothingAboutRejects()
    {
        transfer::ImportReport report;
        report.read = report.inserted = 5;
        report.dryRun = true;
        const QString text = importSummary(report, QString());
        QVERIFY(text.startsWith(QStringLiteral("Dry run, nothing kept: 5 read")));
        QVERIFY(!text.contains(QStringLiteral("--rejects")));
        QCOMPARE(text.count(QLatin1Char('\n')), 0);
    }
    void aDryRunSpeaksOfWhatWouldHappen()
    {
        transfer::ImportReport report;
        report.dryRun = true;
        report.read = 1000;
        report.inserted = 940;
        report.updated = 30;
        report.skipped = 10;
        report.rejected = 20;
        report.seconds = 0.5;
        report.companiesInserted = 7;
        report.companiesUpdated = 1;
        report.warnings = 1;
        const QString text = importSummary(report, QString());
        QVERIFY2(text.startsWith(QStringLiteral("Dry run, nothing kept: 1,000 read = 940 would be inserted + 30 would be updated + 0 would "
                                                "be unchanged + 10 would be skipped + 20 would be rejected (0.5 s)")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("Companies: 7 would be inserted, 1 updated, 0 unchanged")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("1 warning: a cell that would be emptied")), qPrintable(text));
    }
    void longAndManyLinedValuesAreShortened()
    {
        transfer::ImportReport report;
        report.read = report.rejected = 1;
        report.firstRejects.push_back({1, 2, 0, QStringLiteral("Email"), QString(500, QLatin1Char('x')) + QLatin1Char('\n'),
                                       QStringLiteral("bad")});
        for (const QString &line : importSummary(report, QString()).split(QLatin1Char('\n')))
            QVERIFY2(line.size() < 130, qPrintable(line));
    }
    void rejectsOnStandardOutputAreNoFile()
    {
        transfer::ImportReport report;
        report.read = report.rejected = 1;
        QVERIFY(importSummary(report, QStringLiteral("-")).contains(QStringLiteral("All of them are in standard output;")));
    }
};

QTEST_GUILESS_MAIN(TestImportSummary)
#include "tst_import_summary.moc"
