// SPDX-License-Identifier: GPL-3.0-or-later
#include "progress_line.h"

#include <QTest>

using namespace a360;
using namespace a360::app;
using namespace std::chrono_literals;

class TestProgressLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void unknownTotalPromisesNothing()
    {
        Progress progress;
        progress.phase = QStringLiteral("Writing");
        progress.rowsDone = 412300;
        progress.bytesDone = 3 * 1024 * 1024 / 2;
        QCOMPARE(progressText(progress, progress.startedAt + 10s),
                 QStringLiteral("Writing 412,300 rows · 1.5 MiB · 41,230/s"));
    }
    void knownTotalShowsShareAndTimeLeft()
    {
        Progress progress;
        progress.phase = QStringLiteral("Merging");
        progress.rowsDone = 250000;
        progress.rowsTotal = 1000000;
        progress.rowsTotalIsEstimate = true;
        progress.rejected = 12;
        QCOMPARE(progressText(progress, progress.startedAt + 25s),
                 QStringLiteral("Merging 250,000 of ~1,000,000 rows · 10,000/s · 25 % · 1:15 left · 12 rejected"));
    }
    void aTotalThatWasPassedStaysAtHundredPercent()
    {
        Progress progress;
        progress.rowsDone = 12;
        progress.rowsTotal = 10;
        const QString text = progressText(progress, progress.startedAt + 5s);
        QVERIFY2(text.contains(QStringLiteral("100 %")), qPrintable(text));
        QVERIFY2(!text.contains(QStringLiteral("left")), qPrintable(text));
    }
    void indexesAreNoRows()
    {
        Progress progress;
        progress.bytesDone = progress.bytesTotal = 5000;
        progress.enter(QStringLiteral("Rebuilding indexes"), 12, Progress::Unit::Indexes);
        progress.rowsDone = 2;
        QCOMPARE(progressText(progress, progress.startedAt + 9s), QStringLiteral("Rebuilding indexes 3 of 12"));
        progress.rowsDone = 12;
        QCOMPARE(progressText(progress, progress.startedAt + 9s), QStringLiteral("Rebuilding indexes 12 of 12"));
    }
    void numbersForPeople()
    {
        QCOMPARE(humanBytes(999), QStringLiteral("999 bytes"));
        QCOMPARE(humanBytes(1536), QStringLiteral("1.5 KiB"));
        QCOMPARE(humanSeconds(0.42), QStringLiteral("0.4 s"));
        QCOMPARE(humanSeconds(61), QStringLiteral("61 s"));
        QCOMPARE(humanSeconds(125), QStringLiteral("2:05 min"));
    }
};

QTEST_GUILESS_MAIN(TestProgressLine)
#include "tst_progress_line.moc"
