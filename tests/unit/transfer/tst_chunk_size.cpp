// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/chunk_size.h"

#include <QTest>

using namespace a360::transfer;

/// The vectors of contract §11 for a target of 1 MiB, and what lies beside them.
class TestChunkSize : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void vectors()
    {
        QCOMPARE(optimizeChunkSize(Format::JsonLines, 500), 2097);
        QCOMPARE(optimizeChunkSize(Format::Csv), 5242);
        QCOMPARE(optimizeChunkSize(Format::Csv, 50), 10'000);
        QCOMPARE(optimizeChunkSize(Format::Json), 1000);
        QCOMPARE(optimizeChunkSize(Format::JsonLines, 2 * 1024 * 1024), 1);
    }
    void anAverageThatIsNoneCountsAsAThousand()
    {
        QCOMPARE(optimizeChunkSize(Format::Csv, 0), 1048);
        QCOMPARE(optimizeChunkSize(Format::JsonLines, -1), 1048);
    }
    void theTargetDecides()
    {
        QCOMPARE(optimizeChunkSize(Format::Json, {}, 128 * 1024), 131);
        QCOMPARE(optimizeChunkSize(Format::JsonLines, 1, 1024 * 1024), 5000);
        QCOMPARE(optimizeChunkSize(Format::Csv, {}, 1), 1);
    }
};

QTEST_GUILESS_MAIN(TestChunkSize)
#include "tst_chunk_size.moc"
