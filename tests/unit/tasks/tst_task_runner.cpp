// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/meeting_point.h"
#include "task_waiting.h"

#include <QTest>

#include <stdexcept>

using namespace a360;
using namespace a360::tasks;
using namespace std::chrono_literals;
using test::eventually;
using test::Gate;
using test::MeetingPoint;
using test::reaches;
using test::task;

class TestTaskRunner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTasksLife()
    {
        TaskRunner runner{TaskOptions()};
        Gate gate;
        const double before = epochSeconds();
        const auto id = runner.addBackgroundTaskSafe(task("send_email", [&] { gate.wait(); }));
        QVERIFY(id.ok());
        QCOMPARE(id->version(), QUuid::Random);
        QVERIFY(reaches(runner, *id, TaskState::Running));
        QCOMPARE(runner.statistics().activeTasks, qint64(1));
        gate.open();
        QVERIFY(reaches(runner, *id, TaskState::Completed));
        const TaskRecord record = *runner.status(*id);
        QCOMPARE(record.function, QStringLiteral("send_email"));
        QVERIFY(before <= record.createdAt && record.createdAt <= record.startedAt && record.startedAt <= record.completedAt);
        QVERIFY(record.duration >= 0 && record.duration <= record.completedAt - before);
        QVERIFY(record.error.isEmpty() && record.errorType.isEmpty());
        QVERIFY(!record.cpuBound);
        QCOMPARE(runner.tasks().size(), size_t(1));
    }
    void untrackedTasksCountButAreNotKept()
    {
        TaskRunner runner{TaskOptions()};
        Task quiet = task("send", [] {});
        quiet.trackStatus = false;
        const auto id = runner.addBackgroundTaskSafe(quiet);
        QVERIFY(eventually([&] { return runner.statistics().completedTasks == 1; }));
        QVERIFY(!runner.status(*id));
        QCOMPARE(runner.statistics().totalTasks, qint64(1));
        QCOMPARE(runner.statistics().byFunction.value(QStringLiteral("send")).successfulRuns, qint64(1));
    }
    void whatAFunctionOwnsGoesOutsideTheLock()
    {
        std::atomic<int> gone = 0;
        TaskRunner runner{TaskOptions()};
        for (int i = 0; i < 20; ++i) {
            // Asks the runner while it goes: under the runner's lock that would never end.
            std::shared_ptr<void> owned(nullptr, [&](void *) { gone += runner.queueDepth() <= 20 ? 1 : 0; });
            Task owner = task("own", [kept = std::move(owned)] {});
            owner.trackStatus = i % 2 == 0;
            QVERIFY(runner.addBackgroundTaskSafe(std::move(owner)).ok());
        }
        QVERIFY(eventually([&] { return gone == 20; }));
        QVERIFY(runner.shutdown());
    }
    void functionsOfEveryShape()
    {
        TaskRunner runner{TaskOptions()};
        const auto number = runner.run(task("a", [] {}), [] { return 7; });
        QCOMPARE(*number->future.result(), 7);
        const auto text = runner.run({}, [](const TaskContext &c) -> Result<QString> { return taskIdText(c.id); });
        QCOMPARE(*text->future.result(), taskIdText(text->id));
        const auto nothing = runner.run({}, [] {});
        QVERIFY(nothing->future.result().ok());
        const auto failed = runner.run({}, []() -> Result<void> { return makeError(ErrorCode::Io, QStringLiteral("disk")); });
        QCOMPARE(failed->future.result().error().message, QStringLiteral("disk"));
        const auto thrown = runner.run({}, []() -> int { throw std::runtime_error("boom"); });
        QCOMPARE(thrown->future.result().error().detail, QStringLiteral("std::runtime_error"));
        const auto moved = runner.run({}, [only = std::make_unique<int>(5)] { return *only; });
        QCOMPARE(*moved->future.result(), 5);
        QCOMPARE(runner.addBackgroundTaskSafe({}).error().code, ErrorCode::InvalidArgument);
    }
    void argumentsReachTheFunction()
    {
        TaskRunner runner{TaskOptions()};
        Task sum = task("sum", [](const TaskContext &c) { return c.arguments.at(0).toInt() + c.arguments.at(1).toInt(); });
        sum.arguments = {20, 22};
        sum.keepResult = 1h;
        const auto id = runner.addBackgroundTaskSafe(sum);
        QVERIFY(reaches(runner, *id, TaskState::Completed));
        QVERIFY(eventually([&] { return runner.results().get(*id).has_value(); }));
        QCOMPARE(runner.results().get(*id)->toInt(), 42);
        Task typed;
        typed.keepResult = 1h;
        const auto handle = runner.run(typed, [] { return QStringLiteral("kept"); });
        QCOMPARE(*handle->future.result(), QStringLiteral("kept"));
        QCOMPARE(runner.results().get(handle->id)->toString(), QStringLiteral("kept"));
    }
    void theCallbackComesInTheContextsThread()
    {
        TaskRunner runner{TaskOptions()};
        QObject context;
        QThread *seen = nullptr;
        int got = 0;
        auto handle = runner.run({}, [] { return 3; });
        handle->future.then(&context, [&](const Result<int> &result) {
            seen = QThread::currentThread();
            got = *result;
        });
        QTRY_COMPARE(got, 3);
        QCOMPARE(seen, QThread::currentThread());
    }

    // ---- kinds and limits

    void cpuAndWaitingTasksHaveThreadsOfTheirOwn()
    {
        TaskOptions options;
        options.maxConcurrent = 4;
        TaskRunner runner(options);
        Gate gate;
        Task busy = task("wait", [&] { gate.wait(); });
        busy.cpuBound = true;
        for (int i = 0; i < 20; ++i)
            QVERIFY(runner.addBackgroundTaskSafe(busy).ok());
        // All the processor's threads are taken; one that waits still runs.
        const auto waiting = runner.run(task("fetch", [] {}), [] { return 1; });
        QCOMPARE(*waiting->future.result(), 1);
        QVERIFY(runner.status(runner.tasks().front().id)->state == TaskState::Completed);
        gate.open();
        QVERIFY(eventually([&] { return runner.statistics().completedTasks == 21; }));
        int cpu = 0;
        for (const TaskRecord &record : runner.tasks())
            cpu += record.cpuBound;
        QCOMPARE(cpu, 20);
    }
    void neverMoreThanTheLimit_data()
    {
        QTest::addColumn<int>("limit");
        QTest::newRow("1") << 1;
        QTest::newRow("3") << 3;
        QTest::newRow("10") << 10;
    }
    void neverMoreThanTheLimit()
    {
        QFETCH(int, limit);
        TaskOptions options;
        options.maxConcurrent = limit;
        TaskRunner runner(options);
        std::atomic<int> running = 0;
        std::atomic<bool> within = true;
        const auto body = [&] {
            if (++running > limit)
                within = false;
            std::this_thread::yield();
            --running;
        };
        for (int i = 0; i < 500; ++i) {
            Task one = task("x", body);
            one.cpuBound = i % 2 == 0;
            QVERIFY(runner.addBackgroundTaskSafe(one).ok());
        }
        QVERIFY(runner.shutdown(20s));
        QVERIFY(within.load());
        QCOMPARE(runner.statistics().completedTasks, qint64(500));
    }
    void theLimitIsReached()
    {
        TaskOptions options;
        options.maxConcurrent = 6;
        TaskRunner runner(options);
        MeetingPoint all(6);
        std::vector<QFuture<Result<bool>>> futures;
        for (int i = 0; i < 6; ++i)
            futures.push_back(runner.run(task("wait", [] {}), [&] { return all.arrive(); })->future);
        for (auto &future : futures)
            QVERIFY(*future.result());
    }
    void neitherKindStarvesTheOther()
    {
        TaskOptions options;
        options.maxConcurrent = 1;
        TaskRunner runner(options);
        Gate start;
        QVERIFY(runner.addBackgroundTaskSafe(task("first", [&] { start.wait(); })).ok());
        std::vector<int> order; // one task at a time
        for (int i = 0; i < 40; ++i) {
            Task one = task("x", [&order, i] { order.push_back(i); });
            one.cpuBound = i % 2 == 1;
            QVERIFY(runner.addBackgroundTaskSafe(one).ok());
        }
        start.open();
        QVERIFY(runner.shutdown(20s));
        for (int i = 0; i < 40; ++i)
            QCOMPARE(order[static_cast<size_t>(i)], i); // in the order of submission, whatever kind
    }

    // ---- failures and retries

    void failuresAreRecorded()
    {
        TaskRunner runner{TaskOptions()};
        const auto failed = runner.addBackgroundTaskSafe(
            task("f", []() -> Result<void> { return makeError(ErrorCode::PermissionDenied, QStringLiteral("no")); }));
        const auto thrown = runner.addBackgroundTaskSafe(task("g", [] { throw std::invalid_argument("bad"); }));
        const auto odd = runner.addBackgroundTaskSafe(task("h", [] { throw 42; }));
        QVERIFY(reaches(runner, *failed, TaskState::Failed));
        QVERIFY(reaches(runner, *thrown, TaskState::Failed));
        QVERIFY(reaches(runner, *odd, TaskState::Failed));
        QCOMPARE(runner.status(*failed)->errorType, QStringLiteral("PermissionDenied"));
        QCOMPARE(runner.status(*failed)->error, QStringLiteral("no"));
        QCOMPARE(runner.status(*thrown)->errorType, QStringLiteral("std::invalid_argument"));
        QVERIFY(runner.status(*thrown)->error.contains(QLatin1String("bad")));
        QCOMPARE(runner.status(*odd)->errorType, QStringLiteral("int"));
        const TaskStatistics s = runner.statistics();
        QCOMPARE(s.failedTasks, qint64(3));
        QCOMPARE(s.failuresByType.value(QStringLiteral("std::invalid_argument")), qint64(1));
    }
    void retriesWhatMaySucceed()
    {
        TaskRunner runner{TaskOptions()};
        std::atomic<int> calls = 0;
        const auto f = [&](const TaskContext &c) -> Result<int> {
            ++calls;
            if (c.attempt < 3)
                return makeError(c.attempt == 1 ? ErrorCode::Unavailable : ErrorCode::Timeout, QStringLiteral("later"));
            return c.attempt;
        };
        const auto handle = runner.run(task("f", [] {}), f, {.maxAttempts = 5, .delay = 2ms});
        QCOMPARE(*handle->future.result(), 3);
        QCOMPARE(calls.load(), 3);
        QCOMPARE(runner.status(handle->id)->attempts, 3);
        QCOMPARE(runner.statistics().retries, qint64(2));
        QCOMPARE(runner.statistics().totalTasks, qint64(1));
    }
    void attemptsAreLimited()
    {
        TaskRunner runner{TaskOptions()};
        std::atomic<int> calls = 0;
        const auto f = [&]() -> Result<void> {
            ++calls;
            return makeError(ErrorCode::Conflict, QStringLiteral("busy"));
        };
        const auto id = runner.addBackgroundTaskWithRetry(task("f", f), {.maxAttempts = 4, .delay = 1ms});
        QVERIFY(reaches(runner, *id, TaskState::Failed));
        QCOMPARE(calls.load(), 4);
        const auto once = runner.addBackgroundTaskSafe(task("f", f));
        QVERIFY(reaches(runner, *once, TaskState::Failed));
        QCOMPARE(calls.load(), 5);
    }
    void doesNotRetryWhatCannotSucceed()
    {
        TaskRunner runner{TaskOptions()};
        std::atomic<int> calls = 0;
        const auto id = runner.addBackgroundTaskWithRetry(task("f", [&]() -> Result<void> {
            ++calls;
            return makeError(ErrorCode::InvalidArgument, QStringLiteral("wrong"));
        }));
        const auto thrown = runner.addBackgroundTaskWithRetry(task("g", [&] {
            ++calls;
            throw std::bad_alloc();
        }));
        QVERIFY(reaches(runner, *id, TaskState::Failed));
        QVERIFY(reaches(runner, *thrown, TaskState::Failed));
        QCOMPARE(calls.load(), 2);
    }
    void waitingForTheNextAttemptTakesNoWorker()
    {
        TaskOptions options;
        options.maxConcurrent = 1;
        TaskRunner runner(options);
        std::vector<QUuid> waiting;
        for (int i = 0; i < 20; ++i) {
            // By chance a wait may be short, so there are many attempts; each one of them waits up to an hour.
            waiting.push_back(*runner.addBackgroundTaskWithRetry(
                task("f", []() -> Result<void> { return makeError(ErrorCode::Timeout, QStringLiteral("slow")); }),
                {.maxAttempts = 1'000'000, .delay = 1h, .longest = 1h}));
        }
        QVERIFY(eventually([&] { return runner.statistics().retries >= 20 && runner.statistics().activeTasks == 0; }));
        QCOMPARE(runner.status(waiting[0])->state, TaskState::Pending);
        QCOMPARE(*runner.run({}, [] { return 1; })->future.result(), 1);
        QCOMPARE(runner.queueDepth(), size_t(20));
        for (const QUuid &id : waiting)
            QVERIFY(runner.cancel(id));
        QCOMPARE(runner.queueDepth(), size_t(0));
        QCOMPARE(runner.statistics().cancelledTasks, qint64(20));
    }

    // ---- cancel

    void cancelOfAPendingTask()
    {
        TaskOptions options;
        options.maxConcurrent = 1;
        TaskRunner runner(options);
        Gate gate;
        QVERIFY(runner.addBackgroundTaskSafe(task("first", [&] { gate.wait(); })).ok());
        std::atomic<bool> ran = false;
        const auto handle = runner.run(task("second", [] {}), [&] { ran = true; });
        QCOMPARE(runner.status(handle->id)->state, TaskState::Pending);
        QVERIFY(runner.cancel(handle->id));
        QCOMPARE(handle->future.result().error().code, ErrorCode::Cancelled);
        QCOMPARE(runner.status(handle->id)->state, TaskState::Cancelled);
        QVERIFY(!runner.cancel(handle->id));
        QVERIFY(!runner.cancel(QUuid::createUuid()));
        gate.open();
        QVERIFY(runner.shutdown(20s));
        QVERIFY(!ran.load());
        QVERIFY(!runner.statistics().byFunction.contains(QStringLiteral("second")));
    }
    void cancelOfARunningTask()
    {
        TaskRunner runner{TaskOptions()};
        MeetingPoint begun(2);
        const auto handle = runner.run(task("f", [] {}), [&](const TaskContext &c) -> Result<int> {
            begun.arrive();
            while (!c.cancel.isCancelled())
                std::this_thread::yield();
            A360_TRY(c.cancel.check());
            return 1;
        });
        QVERIFY(begun.arrive());
        QVERIFY(runner.cancel(handle->id));
        QCOMPARE(handle->future.result().error().code, ErrorCode::Cancelled);
        QVERIFY(reaches(runner, handle->id, TaskState::Cancelled));
        QCOMPARE(runner.status(handle->id)->errorType, QStringLiteral("Cancelled"));
        QCOMPARE(runner.statistics().failedTasks, qint64(0));
    }
    void whatCompletesInSpiteOfACancelIsCompleted()
    {
        TaskRunner runner{TaskOptions()};
        MeetingPoint begun(2);
        Gate gate;
        const auto handle = runner.run(task("f", [] {}), [&] {
            begun.arrive();
            gate.wait();
            return 9;
        });
        QVERIFY(begun.arrive());
        QVERIFY(runner.cancel(handle->id));
        gate.open();
        QCOMPARE(*handle->future.result(), 9);
        QVERIFY(reaches(runner, handle->id, TaskState::Completed));
    }

    // ---- history

    void theHistoryIsBoundedAndCanBeCleaned()
    {
        TaskOptions options;
        options.historySize = 5;
        TaskRunner runner(options);
        for (int i = 0; i < 50; ++i)
            QVERIFY(runner.run(task("f", [] {}), [] {})->future.result().ok());
        QCOMPARE(runner.tasks().size(), size_t(5));
        QCOMPARE(runner.statistics().completedTasks, qint64(50));
        QCOMPARE(runner.cleanUpOldTasks(1h), size_t(0));
        QCOMPARE(runner.cleanUpOldTasks(-1s), size_t(5));
        QVERIFY(runner.tasks().empty());
        QVERIFY(runner.statistics().byFunction.isEmpty());
    }
    void theHistoryForgetsByAge()
    {
        TaskOptions options;
        options.historyAge = 0s;
        TaskRunner runner(options);
        const auto handle = runner.run(task("f", [] {}), [] {});
        QVERIFY(handle->future.result().ok());
        QVERIFY(eventually([&] { return runner.tasks().empty(); }));
        QVERIFY(!runner.status(handle->id));
    }
};

QTEST_GUILESS_MAIN(TestTaskRunner)
#include "tst_task_runner.moc"
