// SPDX-License-Identifier: GPL-3.0-or-later
#include "parallel/parallel_processor.h"
#include "support/meeting_point.h"

#include <QTest>

#include <thread>

using namespace a360;
using namespace a360::parallel;

class TestParallelProcessor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void clampsBothPools()
    {
        const ParallelProcessor standard(ParallelOptions{4, 8, true});
        QCOMPARE(standard.maxWorkers(), 4);
        QCOMPARE(standard.maxConcurrent(), 8);
        const ParallelProcessor asked(ParallelOptions{4, 8, true}, 99, 0);
        QCOMPARE(asked.maxWorkers(), 8);
        QCOMPARE(asked.maxConcurrent(), 1);
        const ParallelProcessor off(ParallelOptions{4, 8, false}, 3, 3);
        QCOMPARE(off.maxWorkers(), 1);
    }
    void everyCallAgainAndAgain()
    {
        ParallelProcessor processor(ParallelOptions{3, 8, true});
        const std::vector<int> items{1, 2, 3, 4, 5};
        const auto twice = [](int i) { return 2 * i; };
        for (int round = 0; round < 200; ++round) {
            QCOMPARE(*processor.processSync(items, twice), (std::vector<int>{2, 4, 6, 8, 10}));
            QCOMPARE(*processor.processAsync(items, twice).result(), (std::vector<int>{2, 4, 6, 8, 10}));
            QCOMPARE(*processor.processMixed(items, twice, twice), (std::vector<int>{4, 8, 12, 16, 20}));
        }
        const auto each = processor.processSync(items, [](int i) -> Result<int> {
            if (i == 2)
                return makeError(ErrorCode::Io, QStringLiteral("two"));
            return i;
        }, {}, collectErrors);
        QVERIFY(!each[1].ok() && each[4].ok());
    }
    void theEndWaitsForWhatRuns()
    {
        test::Gate gate;
        std::atomic<int> done = 0;
        QFuture<Result<void>> future;
        std::thread opener;
        {
            ParallelProcessor processor(ParallelOptions{2, 4, true});
            future = processor.processAsync(std::vector<int>(10), [&](int) {
                gate.wait();
                ++done;
            });
            opener = std::thread([&] { gate.open(); });
        }
        QCOMPARE(done.load(), 10);
        QVERIFY(future.isFinished());
        opener.join();
    }
    void nestedInItsOwnThreads()
    {
        ParallelProcessor processor(ParallelOptions{2, 2, true});
        const std::vector<int> items(30, 1);
        const auto inner = [](int i) { return i; };
        const auto outer = [&](int) -> Result<int> {
            A360_TRY_ASSIGN(const auto sync, processor.processSync(items, inner));
            A360_TRY_ASSIGN(const auto async, processor.processAsync(items, inner).result());
            A360_TRY_ASSIGN(const auto mixed, processor.processMixed(items, inner, inner));
            return static_cast<int>(sync.size() + async.size() + mixed.size());
        };
        QCOMPARE(*processor.processSync(items, outer), std::vector<int>(30, 90));
        QCOMPARE(*processor.processAsync(items, outer).result(), std::vector<int>(30, 90));
    }
};

QTEST_GUILESS_MAIN(TestParallelProcessor)
#include "tst_parallel_processor.moc"
