// SPDX-License-Identifier: GPL-3.0-or-later
#include "parallel/process_mixed.h"
#include "support/meeting_point.h"

#include <QTest>

#include <numeric>
#include <thread>

using namespace a360;
using namespace a360::parallel;

namespace {

std::vector<int> numbers(int count)
{
    std::vector<int> out(static_cast<size_t>(count));
    std::iota(out.begin(), out.end(), 0);
    return out;
}

ParallelCall with(int workers)
{
    ParallelCall call;
    call.options = {4, 8, true};
    call.workers = workers;
    return call;
}

} // namespace

class TestProcessMixed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bothStagesInOrder()
    {
        for (const int workers : {1, 2, 4}) {
            const auto out = processInParallelMixed(
                numbers(2000), [](int i) { return std::make_unique<QString>(QString::number(i)); },
                [](const std::unique_ptr<QString> &text) { return *text + QLatin1Char('!'); }, with(workers));
            QVERIFY(out.ok());
            for (int i = 0; i < 2000; ++i)
                QCOMPARE((*out)[static_cast<size_t>(i)], QString::number(i) + QLatin1Char('!'));
        }
        QVERIFY(processInParallelMixed(std::vector<int>(), [](int i) { return i; }, [](int i) { return i; })->empty());
    }
    void theSecondStageDoesNotWaitForAllOfTheFirst()
    {
        // Item 1 leaves the first stage only when item 0 is in the second.
        test::Gate secondStageRuns;
        const auto out = processInParallelMixed(
            numbers(2), [&](int i) { return i == 0 || secondStageRuns.wait(); },
            [&](bool inTime) {
                secondStageRuns.open();
                return inTime;
            },
            with(1));
        QCOMPARE(*out, (std::vector<bool>{true, true}));
    }
    void theFirstStageRunsAheadOnlySoFar()
    {
        test::Gate release;
        std::atomic<int> made = 0, most = 0;
        const auto out = processInParallelMixed(
            numbers(500),
            [&](int i) {
                const int now = ++made;
                if (now > most)
                    most = now;
                if (now == 8) // the whole window of two workers is used up
                    release.open();
                return i;
            },
            [&](int i) {
                release.wait();
                --made;
                return i;
            },
            with(2));
        QVERIFY(out.ok());
        QVERIFY2(most.load() <= 8, qPrintable(QString::number(most.load())));
    }
    void limitsOfBothStages()
    {
        std::atomic<int> cpu = 0, io = 0;
        std::atomic<bool> within = true;
        const auto counted = [&](std::atomic<int> &running) {
            return [&](int i) {
                if (++running > 3)
                    within = false;
                std::this_thread::yield();
                --running;
                return i;
            };
        };
        QVERIFY(processInParallelMixed(numbers(3000), counted(cpu), counted(io), with(3)).ok());
        QVERIFY(within.load());
    }
    void anErrorOfEitherStageCancelsTheRest()
    {
        for (const int stage : {0, 1}) {
            std::atomic<int> begun = 0;
            const auto failing = [stage](int which) {
                return [which, stage](int i) -> Result<int> {
                    if (which == stage && i == 10)
                        return makeError(ErrorCode::Timeout, QStringLiteral("ten"));
                    return i;
                };
            };
            const auto first = failing(0);
            const auto out = processInParallelMixed(
                numbers(100'000),
                [&](int i) {
                    ++begun;
                    return first(i);
                },
                failing(1), with(4));
            QCOMPARE(out.error().message, QStringLiteral("ten"));
            QVERIFY(begun.load() < 1000);
        }
    }
    void collectedErrors()
    {
        const auto out = processInParallelMixed(
            numbers(9),
            [](int i) -> Result<int> {
                if (i == 3)
                    return makeError(ErrorCode::Io, QStringLiteral("first"));
                return i;
            },
            [](int i) -> Result<QString> {
                if (i == 6)
                    throw std::runtime_error("second");
                return QString::number(i);
            },
            with(3), collectErrors);
        QCOMPARE(out.size(), size_t(9));
        QCOMPARE(out[3].error().message, QStringLiteral("first"));
        QCOMPARE(out[6].error().detail, QStringLiteral("std::runtime_error"));
        QCOMPARE(*out[8], QStringLiteral("8"));
    }
    void cancelAndProgress()
    {
        CancelSource source;
        ProgressCounter progress;
        ParallelCall call = with(4);
        call.progress = &progress;
        QVERIFY(processInParallelMixed(numbers(300), [](int i) { return i; }, [](int i) { return i; }, call).ok());
        QCOMPARE(progress.snapshot().rowsDone, qint64(300));
        call.cancel = source.token();
        std::atomic<int> seen = 0;
        const auto out = processInParallelMixed(numbers(100'000), [](int i) { return i; },
                                                [&](int i) {
                                                    if (++seen == 5)
                                                        source.cancel();
                                                    return i;
                                                },
                                                call);
        QCOMPARE(out.error().code, ErrorCode::Cancelled);
        QVERIFY(seen.load() < 100);
    }
    void switchedOffStaysInTheCallingThread()
    {
        ParallelCall off;
        off.options.enabled = false;
        const auto self = std::this_thread::get_id();
        const auto here = [self](int) { return std::this_thread::get_id() == self; };
        const auto out = processInParallelMixed(numbers(20), here, [&](bool first) { return first && here(0); }, off);
        QCOMPARE(*out, std::vector<bool>(20, true));
    }
    void onPlainThreads()
    {
        // The engine itself, where ThreadSanitizer sees every hand-over.
        constexpr qsizetype count = 3000;
        std::vector<int> values(count, 0);
        const ItemStep first = [&](qsizetype i, const CancelToken &) { return ++values[static_cast<size_t>(i)] == 1; };
        const ItemStep second = [&](qsizetype i, const CancelToken &) { return ++values[static_cast<size_t>(i)] == 2; };
        ItemProgress progress(nullptr, count);
        const auto work = std::make_shared<StagedWork>(count, first, second, StageLimits{2, 2}, WorkRules{}, progress);
        std::vector<std::thread> threads;
        for (const auto role : {StagedWork::Role::Cpu, StagedWork::Role::Io, StagedWork::Role::Io})
            threads.emplace_back([work, role] { work->participate(role); });
        work->participate(StagedWork::Role::Any);
        QCOMPARE(std::count(values.begin(), values.end(), 2), count);
        for (std::thread &thread : threads)
            thread.join();
    }
};

QTEST_GUILESS_MAIN(TestProcessMixed)
#include "tst_process_mixed.moc"
