// SPDX-License-Identifier: GPL-3.0-or-later
// The engine on plain threads, so that ThreadSanitizer sees everything.
#include "parallel/indexed_work.h"
#include "support/meeting_point.h"

#include <QTest>

#include <memory>
#include <thread>
#include <vector>

using namespace a360;
using namespace a360::parallel;

class TestIndexedWork : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyItemOnceWhoeverTakesPart()
    {
        for (const qsizetype grain : {1, 7, 1000}) {
            constexpr qsizetype count = 5000;
            std::vector<int> runs(count, 0); // plain on purpose: a second run of an item would be a race
            const ItemStep step = [&](qsizetype i, const CancelToken &) { return ++runs[static_cast<size_t>(i)] == 1; };
            ProgressCounter counter;
            {
                ItemProgress progress(&counter, count);
                const auto work = std::make_shared<IndexedWork>(0, count, step, WorkRules{true, {}, &counter, grain}, progress);
                std::vector<std::thread> threads;
                for (int i = 0; i < 4; ++i)
                    threads.emplace_back([work] { work->participate(); });
                work->participate();
                work->waitUntilDone();
                QCOMPARE(std::count(runs.begin(), runs.end(), 1), count);
                for (std::thread &thread : threads)
                    thread.join();
            }
            QCOMPARE(counter.snapshot().rowsDone, qint64(count));
            QCOMPARE(counter.snapshot().rowsTotal, qint64(count));
        }
    }
    void aLateHelperTouchesNothing()
    {
        std::shared_ptr<IndexedWork> work;
        {
            auto calls = std::make_unique<int>(0);
            const auto step = std::make_unique<ItemStep>([&](qsizetype, const CancelToken &) { return ++*calls > 0; });
            const auto progress = std::make_unique<ItemProgress>(nullptr, 3);
            work = std::make_shared<IndexedWork>(0, 3, *step, WorkRules{}, *progress);
            work->participate();
            work->waitUntilDone();
            QCOMPARE(*calls, 3);
        }
        std::thread late([work] { work->participate(); }); // step and progress are gone
        late.join();
    }
    void aFailureCancelsTheTokenOfTheOthers()
    {
        test::MeetingPoint bothRun(2);
        std::atomic<bool> saw = false;
        std::atomic<int> runs = 0;
        const ItemStep step = [&](qsizetype i, const CancelToken &cancel) {
            ++runs;
            if (i > 1)
                return true;
            bothRun.arrive();
            if (i == 0)
                return false;
            while (!cancel.isCancelled())
                std::this_thread::yield();
            saw = true;
            return true;
        };
        ItemProgress progress(nullptr, 100);
        const auto work = std::make_shared<IndexedWork>(0, 100, step, WorkRules{}, progress);
        std::thread helper([work] { work->participate(); });
        work->participate();
        work->waitUntilDone();
        helper.join();
        QVERIFY(saw.load());
        QCOMPARE(runs.load(), 2); // no further item began
        QVERIFY(work->isCancelled());
    }
    void grains()
    {
        QCOMPARE(grainFor(10, 4), qsizetype(1));
        QCOMPARE(grainFor(6400, 4), qsizetype(100));
        QCOMPARE(grainFor(100'000'000, 4), qsizetype(1024));
        QCOMPARE(grainFor(0, 1), qsizetype(1));
    }
};

QTEST_GUILESS_MAIN(TestIndexedWork)
#include "tst_indexed_work.moc"
