// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/row_ranges.h"

#include <QTest>

#include <limits>

using namespace a360::ui;
using Ranges = std::vector<RowRanges::Range>;

class RowRangesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rangesThatTouchOrOverlapAreOne()
    {
        const RowRanges rows({{20, 29}, {0, 4}, {5, 9}, {25, 40}, {22, 23}, {8, 7}});
        QVERIFY(rows.ranges() == Ranges({{0, 9}, {20, 40}}));
        QCOMPARE(rows.count(), 31);
        QVERIFY(RowRanges({{3, 2}}).isEmpty());
        QCOMPARE(RowRanges().count(), 0);
    }

    void joinsOthers()
    {
        const RowRanges rows = RowRanges({{0, 4}, {10, 14}}).with(RowRanges({{5, 9}, {100'000'000'000, 100'000'000'001}}));
        QVERIFY(rows.ranges() == Ranges({{0, 14}, {100'000'000'000, 100'000'000'001}}));
    }

    void isCutInTwo()
    {
        const RowRanges rows({{0, 9}, {20, 29}});
        QVERIFY(rows.within(5, 24).ranges() == Ranges({{5, 9}, {20, 24}}));
        QVERIFY(rows.without(5, 24).ranges() == Ranges({{0, 4}, {25, 29}}));
        QVERIFY(rows.without(3, 3).ranges() == Ranges({{0, 2}, {4, 9}, {20, 29}}));
        QVERIFY(rows.within(10, 19).isEmpty());
        QVERIFY(rows.within(5, 4).isEmpty());
        QVERIFY(rows.without(5, 4).ranges() == rows.ranges());
        QVERIFY(rows.without(25, std::numeric_limits<qint64>::max()).ranges() == Ranges({{0, 9}, {20, 24}}));
    }
};

QTEST_MAIN(RowRangesTest)
#include "tst_row_ranges.moc"
