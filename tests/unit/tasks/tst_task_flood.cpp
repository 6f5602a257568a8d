// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/meeting_point.h"
#include "task_waiting.h"

#include <QLoggingCategory>
#include <QTest>

using namespace a360;
using namespace a360::tasks;
using namespace std::chrono_literals;
using test::Gate;
using test::task;

class TestTaskFlood : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("a360.tasks.warning=false")); }

    void aFloodIsRefusedAndCounted()
    {
        TaskOptions options;
        options.maxConcurrent = 2;
        options.maxPending = 100;
        TaskRunner runner(options);
        Gate gate;
        const Task blocking = task("block", [&] { gate.wait(); });
        for (int i = 0; i < 2; ++i)
            QVERIFY(runner.addBackgroundTaskSafe(blocking).ok());
        QVERIFY(test::eventually([&] { return runner.statistics().activeTasks == 2; }));
        int taken = 0, refused = 0;
        for (int i = 0; i < 10'000; ++i) {
            const auto id = runner.addBackgroundTaskSafe(task("x", [] {}));
            taken += id.ok();
            if (!id.ok()) {
                QCOMPARE(id.error().code, ErrorCode::LimitExceeded);
                ++refused;
            }
        }
        QCOMPARE(taken, 100);
        QCOMPARE(refused, 9900);
        TaskStatistics s = runner.statistics();
        QCOMPARE(s.queueDepth, qint64(100));
        QCOMPARE(s.peakQueueDepth, qint64(100));
        QCOMPARE(s.refusedTasks, qint64(9900));
        QCOMPARE(s.totalTasks, qint64(102));
        gate.open();
        QVERIFY(runner.shutdown(20s));
        s = runner.statistics();
        QCOMPARE(s.completedTasks, qint64(102));
        QCOMPARE(s.queueDepth, qint64(0));
    }
    void thousandsFromManyThreads()
    {
        TaskOptions options;
        options.maxPending = 1'000'000;
        TaskRunner runner(options);
        std::atomic<qint64> sum = 0;
        std::atomic<int> failures = 0;
        std::vector<std::thread> submitters;
        for (int s = 0; s < 4; ++s) {
            submitters.emplace_back([&] {
                for (int i = 1; i <= 3000; ++i) {
                    Task one = task("add", [&sum, i] { sum += i; });
                    one.cpuBound = i % 5 == 0;
                    failures += !runner.addBackgroundTaskSafe(one).ok();
                    if (i % 100 == 0)
                        runner.statistics();
                }
            });
        }
        for (std::thread &submitter : submitters)
            submitter.join();
        QVERIFY(runner.shutdown(60s));
        QCOMPARE(failures.load(), 0);
        QCOMPARE(sum.load(), 4 * qint64(3000) * 3001 / 2);
        const TaskStatistics s = runner.statistics();
        QCOMPARE(s.completedTasks, qint64(12'000));
        QCOMPARE(s.totalTasks, qint64(12'000));
        QVERIFY(runner.tasks().size() <= options.historySize);
    }
    void everythingAtATime()
    {
        // Tasks that complete, fail, throw, are tried again, are cancelled, make chains; the sum must hold whenever one looks.
        TaskRunner runner{TaskOptions()};
        std::atomic<int> accepted = 0;
        std::atomic<bool> sumHolds = true, done = false;
        std::thread watcher([&] {
            while (!done) {
                const TaskStatistics s = runner.statistics();
                if (s.totalTasks != s.pendingTasks + s.activeTasks + s.completedTasks + s.failedTasks + s.cancelledTasks
                    || s.activeTasks > 10)
                    sumHolds = false;
                std::this_thread::yield();
            }
        });
        std::vector<std::thread> submitters;
        for (int s = 0; s < 3; ++s) {
            submitters.emplace_back([&] {
                for (int i = 0; i < 400; ++i) {
                    const auto retried = [](const TaskContext &c) -> Result<int> {
                        if (c.attempt < 3)
                            return makeError(ErrorCode::Conflict, QStringLiteral("busy"));
                        return c.attempt;
                    };
                    accepted += runner.run({}, retried, {.maxAttempts = 3, .delay = 1ms}).ok();
                    accepted += runner.addBackgroundTaskSafe(task("throws", [] { throw 1; })).ok();
                    const auto id = runner.addBackgroundTaskSafe(task("plain", [] {}));
                    accepted += id.ok();
                    if (id.ok())
                        runner.cancel(*id);
                    const auto chain = runner.chainBackgroundTasks(std::vector<Task>(3, task("step", [] { return 1; })));
                    accepted += chain.ok() ? 3 : 0;
                    if (chain.ok() && i % 3 == 0)
                        runner.cancel((*chain)[1]);
                    const auto group = runner.addTaskWithDependencies(task("main", [] {}), {task("a", [] {}), task("b", [] {})});
                    accepted += group.ok() ? 3 : 0;
                }
            });
        }
        for (std::thread &submitter : submitters)
            submitter.join();
        QVERIFY(runner.shutdown(60s));
        done = true;
        watcher.join();
        const TaskStatistics s = runner.statistics();
        QVERIFY(sumHolds.load());
        QCOMPARE(s.totalTasks, qint64(accepted.load()));
        QCOMPARE(s.pendingTasks + s.activeTasks, qint64(0));
        QCOMPARE(s.failuresByType.value(QStringLiteral("int")), qint64(1200));
        QCOMPARE(s.retries, qint64(2400));
    }
    void tasksSubmitTasks()
    {
        TaskOptions options;
        options.maxConcurrent = 1;
        TaskRunner runner(options);
        std::atomic<int> ran = 0;
        QVERIFY(runner.addBackgroundTaskSafe(task("outer", [&] {
            for (int i = 0; i < 100; ++i)
                ran += runner.addBackgroundTaskSafe(task("inner", [&] { ++ran; })).ok();
        })).ok());
        QVERIFY(test::eventually([&] { return ran.load() == 200; }));
    }
};

QTEST_GUILESS_MAIN(TestTaskFlood)
#include "tst_task_flood.moc"
