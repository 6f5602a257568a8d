// SPDX-License-Identifier: GPL-3.0-or-later
#include "parallel/process_in_parallel.h"
#include "support/meeting_point.h"

#include <QTest>

#include <numeric>
#include <set>
#include <stdexcept>
#include <thread>

using namespace a360;
using namespace a360::parallel;
using test::Gate;
using test::MeetingPoint;

namespace {

std::vector<int> numbers(int count)
{
    std::vector<int> out(static_cast<size_t>(count));
    std::iota(out.begin(), out.end(), 0);
    return out;
}

Error oops(int i)
{
    return makeError(ErrorCode::Conflict, QString::number(i));
}

ParallelCall with(int workers)
{
    ParallelCall call;
    call.options = {4, 8, true};
    call.workers = workers;
    return call;
}

/// The most calls that were running at a time.
class Peak
{
public:
    template <typename Body>
    void during(Body body)
    {
        const int now = ++m_running;
        int seen = m_peak.load();
        while (seen < now && !m_peak.compare_exchange_weak(seen, now)) {
        }
        body();
        --m_running;
    }
    int value() const { return m_peak.load(); }

private:
    std::atomic<int> m_running = 0, m_peak = 0;
};

} // namespace

class TestProcessInParallel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_pool.setMaxThreadCount(8); }

    void syncKeepsTheOrder()
    {
        const auto out = processInParallelSync(numbers(10'000), [](int i) { return QString::number(i * 2); }, with(4));
        QVERIFY(out.ok());
        QCOMPARE(out->size(), size_t(10'000));
        for (int i = 0; i < 10'000; ++i)
            QCOMPARE((*out)[static_cast<size_t>(i)], QString::number(i * 2));
    }
    void asyncKeepsTheOrderAndReturnsAtOnce()
    {
        Gate gate;
        auto future = processInParallelAsync(m_pool, numbers(500), [&](int i) {
            if (i == 0)
                gate.wait();
            return i + 1;
        });
        QVERIFY(!future.isFinished());
        gate.open();
        const auto out = future.result();
        QVERIFY(out.ok());
        for (int i = 0; i < 500; ++i)
            QCOMPARE((*out)[static_cast<size_t>(i)], i + 1);
    }
    void noItemsNoResults()
    {
        const std::vector<int> none;
        const auto twice = [](int i) { return 2 * i; };
        QVERIFY(processInParallelSync(none, twice)->empty());
        QVERIFY(processInParallelAsync(m_pool, none, twice).result()->empty());
        QVERIFY(processInParallelSync(none, twice, {}, collectErrors).empty());
        QVERIFY(processInParallel(std::vector<std::function<int()>>{})->empty());
        ParallelCall cancelled;
        CancelSource source;
        source.cancel();
        cancelled.cancel = source.token();
        QVERIFY(processInParallelSync(none, twice, cancelled)->empty());
    }
    void functionsOfEveryShape()
    {
        const QList<int> list{1, 2, 3};
        QCOMPARE(*processInParallelSync(list, [](int i, const CancelToken &) { return i; }), (std::vector<int>{1, 2, 3}));
        QCOMPARE(*processInParallelSync(list, [](int i) -> Result<int> { return -i; }), (std::vector<int>{-1, -2, -3}));
        std::atomic<int> sum = 0;
        const Result<void> nothing = processInParallelSync(list, [&](int i) { sum += i; });
        QVERIFY(nothing.ok());
        QCOMPARE(sum.load(), 6);
        const Result<void> failed = processInParallelSync(list, [](int i) -> Result<void> { return oops(i); }, with(1));
        QCOMPARE(failed.error().message, QStringLiteral("1"));
        const auto moveOnly = processInParallelSync(list, [](int i) { return std::make_unique<int>(i); });
        QCOMPARE(*(*moveOnly)[2], 3);
        const std::vector<Result<void>> each = processInParallelSync(list, [](int) {}, {}, collectErrors);
        QCOMPARE(each.size(), size_t(3));
    }

    // ---- limits

    void reallyRunsSideBySide()
    {
        MeetingPoint all(4);
        const auto out = processInParallelSync(numbers(4), [&](int) { return all.arrive(); }, with(4));
        QCOMPARE(*out, (std::vector<bool>{true, true, true, true}));
        MeetingPoint waiting(8);
        const auto asynchronous = processInParallelAsync(m_pool, numbers(8), [&](int) { return waiting.arrive(); });
        QCOMPARE(*asynchronous.result(), std::vector<bool>(8, true));
    }
    void neverMoreThanAskedFor_data()
    {
        QTest::addColumn<int>("asked");
        QTest::addColumn<int>("most");
        QTest::newRow("one") << 1 << 1;
        QTest::newRow("three") << 3 << 3;
        QTest::newRow("clamped") << 100 << 8;
        QTest::newRow("zero") << 0 << 1;
        QTest::newRow("negative") << -5 << 1;
    }
    void neverMoreThanAskedFor()
    {
        QFETCH(int, asked);
        QFETCH(int, most);
        QThreadPool wide;
        wide.setMaxThreadCount(32);
        Peak sync, async;
        const auto busy = [](Peak &peak) {
            return [&peak](int) { peak.during([] { std::this_thread::yield(); }); };
        };
        QVERIFY(processInParallelSync(numbers(2000), busy(sync), with(asked)).ok());
        QVERIFY(processInParallelAsync(wide, numbers(2000), busy(async), with(asked)).result().ok());
        QVERIFY2(sync.value() <= most, qPrintable(QString::number(sync.value())));
        QVERIFY2(async.value() <= most, qPrintable(QString::number(async.value())));
    }
    void oneWorkerAndSwitchedOffStayInTheCallingThread()
    {
        ParallelCall off = with(4);
        off.options.enabled = false;
        const auto self = std::this_thread::get_id();
        const auto here = [self](int) { return std::this_thread::get_id() == self; };
        QCOMPARE(*processInParallelSync(numbers(50), here, off), std::vector<bool>(50, true));
        QCOMPARE(*processInParallelSync(numbers(50), here, with(1)), std::vector<bool>(50, true));
        auto future = processInParallelAsync(m_pool, numbers(50), here, off);
        QVERIFY(future.isFinished());
        QCOMPARE(*future.result(), std::vector<bool>(50, true));
    }
    void aBatchIsFinishedBeforeTheNextOneBegins()
    {
        ParallelCall call = with(4);
        call.batchSize = 10;
        std::atomic<int> finished = 0;
        const auto f = [&](int i) {
            const bool inTime = finished.load() >= i / 10 * 10;
            ++finished;
            return inTime;
        };
        QCOMPARE(*processInParallelSync(numbers(95), f, call), std::vector<bool>(95, true));
        finished = 0;
        QCOMPARE(*processInParallelAsync(m_pool, numbers(95), f, call).result(), std::vector<bool>(95, true));
    }
    void aBatchOfNothingIsAnError()
    {
        ParallelCall call;
        call.batchSize = 0;
        const auto f = [](int i) { return i; };
        QCOMPARE(processInParallelSync(numbers(3), f, call).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(processInParallelAsync(m_pool, numbers(3), f, call).result().error().field, QStringLiteral("batch_size"));
        const auto each = processInParallelSync(numbers(3), f, call, collectErrors);
        QCOMPARE(each.size(), size_t(3));
        QCOMPARE(each[2].error().code, ErrorCode::InvalidArgument);
    }

    // ---- errors

    void theFirstErrorInOrderComesOut()
    {
        // Item 3 fails only when item 7 has failed already.
        Gate later;
        const auto f = [&](int i) -> Result<int> {
            if (i == 7) {
                later.open();
                return oops(7);
            }
            if (i == 3) {
                later.wait();
                return oops(3);
            }
            return i;
        };
        const auto out = processInParallelSync(numbers(8), f, with(8));
        QCOMPARE(out.error().message, QStringLiteral("3"));
    }
    void theFirstErrorCancelsTheSiblings()
    {
        for (const bool async : {false, true}) {
            MeetingPoint bothRun(2);
            std::atomic<int> begun = 0;
            const auto f = [&](int i, const CancelToken &cancel) -> Result<int> {
                const bool second = ++begun == 2;
                bothRun.arrive();
                if (second)
                    return oops(1);
                while (!cancel.isCancelled())
                    std::this_thread::yield();
                A360_TRY(cancel.check());
                return i;
            };
            const auto out = async ? processInParallelAsync(m_pool, numbers(1000), f, with(2)).result()
                                   : processInParallelSync(numbers(1000), f, with(2));
            QCOMPARE(out.error().message, QStringLiteral("1")); // not the Cancelled of the other
            QCOMPARE(begun.load(), 2);
        }
    }
    void collectedErrorsBelongToTheirItems()
    {
        const auto f = [](int i) -> Result<int> {
            if (i % 3 == 0)
                return oops(i);
            return i;
        };
        for (const auto &out : {processInParallelSync(numbers(100), f, with(4), collectErrors),
                                processInParallelAsync(m_pool, numbers(100), f, with(4), collectErrors).result()}) {
            QCOMPARE(out.size(), size_t(100));
            for (int i = 0; i < 100; ++i) {
                const auto &one = out[static_cast<size_t>(i)];
                QCOMPARE(one.ok(), i % 3 != 0);
                if (!one.ok())
                    QCOMPARE(one.error().message, QString::number(i));
                else
                    QCOMPARE(*one, i);
            }
        }
    }
    void whatIsThrownIsAnError()
    {
        const auto f = [](int i) {
            if (i == 2)
                throw std::out_of_range("far away");
            if (i == 4)
                throw 42;
            return i;
        };
        const auto first = processInParallelSync(numbers(3), f, with(4));
        QCOMPARE(first.error().code, ErrorCode::Internal);
        QCOMPARE(first.error().detail, QStringLiteral("std::out_of_range"));
        QVERIFY(first.error().message.contains(QLatin1String("far away")));
        const auto each = processInParallelAsync(m_pool, numbers(5), f, with(4), collectErrors).result();
        QVERIFY(each[3].ok());
        QCOMPARE(each[4].error().detail, QStringLiteral("int"));
    }

    // ---- cancel, progress, nesting

    void cancelEndsWhatHasNotBegun()
    {
        CancelSource source;
        ParallelCall call = with(4);
        call.cancel = source.token();
        std::atomic<int> begun = 0;
        const auto f = [&](int) {
            const int nth = ++begun;
            if (nth == 10)
                source.cancel();
            while (nth > 10 && !call.cancel.isCancelled()) // the tenth's thread may have lost its processor just there
                std::this_thread::yield();
            return 1;
        };
        QCOMPARE(processInParallelSync(numbers(10'000), f, call).error().code, ErrorCode::Cancelled);
        QVERIFY2(begun.load() <= 10 + 4, "each of four threads may have begun one more");
        const int before = begun.load();
        const auto each = processInParallelAsync(m_pool, numbers(100), f, call, collectErrors).result();
        QCOMPARE(begun.load(), before);
        QCOMPARE(each.size(), size_t(100));
        QCOMPARE(each[99].error().code, ErrorCode::Cancelled);
    }
    void cancelAfterTheLastItemChangesNothing()
    {
        CancelSource source;
        ParallelCall call = with(1);
        call.cancel = source.token();
        const auto f = [&](int i) {
            if (i == 4)
                source.cancel();
            return i;
        };
        QCOMPARE(processInParallelSync(numbers(5), f, call)->size(), size_t(5));
    }
    void progressCountsItems()
    {
        ProgressCounter progress;
        ParallelCall call = with(4);
        call.progress = &progress;
        call.batchSize = 30;
        std::atomic<bool> neverTooMany = true;
        const auto f = [&](int) {
            if (progress.snapshot().rowsDone > 100)
                neverTooMany = false;
        };
        QVERIFY(processInParallelSync(numbers(100), f, call).ok());
        QCOMPARE(progress.snapshot().rowsDone, qint64(100));
        QCOMPARE(progress.snapshot().rowsTotal, qint64(100));
        QVERIFY(neverTooMany.load());
    }
    void nestedCallsOnAFullPoolEnd()
    {
        m_pool.setMaxThreadCount(1);
        const auto inner = [](int i) { return i; };
        const auto outer = [&](int i) -> Result<int> {
            A360_TRY_ASSIGN(const auto async, processInParallelAsync(m_pool, numbers(50), inner).result());
            A360_TRY_ASSIGN(const auto sync, processInParallelSync(numbers(50), inner, with(3)));
            return i + static_cast<int>(async.size() + sync.size());
        };
        const auto out = processInParallelAsync(m_pool, numbers(20), outer).result();
        QVERIFY(out.ok());
        QCOMPARE(out->back(), 119);
    }
    void manyCallsAtATime()
    {
        std::vector<std::thread> callers;
        std::atomic<int> right = 0;
        for (int caller = 0; caller < 6; ++caller) {
            callers.emplace_back([&] {
                for (int round = 0; round < 40; ++round) {
                    const auto out = processInParallelAsync(m_pool, numbers(200), [](int i) { return i; }, with(4)).result();
                    right += out.ok() && *out == numbers(200);
                }
            });
        }
        for (std::thread &caller : callers)
            caller.join();
        QCOMPARE(right.load(), 240);
    }

    // ---- the older names

    void tasks()
    {
        std::vector<std::function<Result<int>()>> work;
        for (int i = 0; i < 20; ++i) {
            work.emplace_back([i]() -> Result<int> {
                if (i == 5 || i == 9)
                    return oops(i);
                return i * i;
            });
        }
        const auto each = processInParallel(work, with(4), collectErrors);
        QCOMPARE(*each[19], 361);
        QCOMPARE(each[9].error().message, QStringLiteral("9"));
        QCOMPARE(processInParallel(work, with(1)).error().message, QStringLiteral("5"));
    }
    void cpuIntensive()
    {
        const auto self = std::this_thread::get_id();
        auto future = processCpuIntensive(m_pool, [&] { return std::this_thread::get_id() != self; });
        QTRY_VERIFY(future.isFinished()); // waiting for the result would let this thread do it
        QCOMPARE(*future.result(), true);
        QCOMPARE(processCpuIntensive(m_pool, []() -> Result<int> { return oops(1); }).result().error().code,
                 ErrorCode::Conflict);
        QCOMPARE(processCpuIntensive(m_pool, []() -> int { throw std::logic_error("no"); }).result().error().detail,
                 QStringLiteral("std::logic_error"));
        CancelSource source;
        source.cancel();
        QCOMPARE(processCpuIntensive(m_pool, [] { return 1; }, source.token()).result().error().code, ErrorCode::Cancelled);
    }

private:
    QThreadPool m_pool;
};

QTEST_GUILESS_MAIN(TestProcessInParallel)
#include "tst_process_in_parallel.moc"
