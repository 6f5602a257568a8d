// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/meeting_point.h"
#include "task_waiting.h"
#include "tasks/task_board.h"

#include <QElapsedTimer>
#include <QTest>

using namespace a360;
using namespace a360::tasks;
using namespace std::chrono_literals;
using test::Gate;
using test::MeetingPoint;
using test::task;

class TestTaskShutdown : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void waitsForWhatThereIs()
    {
        TaskRunner runner{TaskOptions()};
        std::atomic<int> done = 0;
        for (int i = 0; i < 200; ++i)
            QVERIFY(runner.addBackgroundTaskSafe(task("x", [&] { ++done; })).ok());
        QVERIFY(runner.shutdown(20s));
        QCOMPARE(done.load(), 200);
        QVERIFY(runner.shutdown(0ms)); // the first answer again
        QCOMPARE(runner.addBackgroundTaskSafe(task("x", [] {})).error().code, ErrorCode::Unavailable);
    }
    void withoutTasksAtOnce()
    {
        TaskRunner runner{TaskOptions()};
        QVERIFY(runner.shutdown(0ms));
    }
    void retriesAreWaitedFor()
    {
        TaskRunner runner{TaskOptions()};
        const auto handle = runner.run(task("x", [] {}), [](const TaskContext &c) -> Result<int> {
            if (c.attempt == 1)
                return makeError(ErrorCode::Unavailable, QStringLiteral("later"));
            return c.attempt;
        }, {.maxAttempts = 2, .delay = 30ms});
        QVERIFY(runner.shutdown(20s));
        QCOMPARE(*handle->future.result(), 2);
    }
    void whatIsGivenUpBetweenTwoAttemptsNeverRuns()
    {
        TaskBoard board{TaskOptions()};
        Aftermath after;
        const TaskEntryPtr entry = TaskBoard::makeEntry(task("x", [] {}), {.maxAttempts = 3});
        QVERIFY(board.admit({&entry, 1}).ok());
        const auto lane = entry->record.cpuBound ? TaskBoard::Cpu : TaskBoard::Io;
        QCOMPARE(board.take(lane), entry);
        board.attemptEnded(entry, makeError(ErrorCode::Unavailable, QStringLiteral("later")), false, 0, after);
        board.makeReady(entry); // the wait is over, and the end of the program comes before a worker
        board.giveUpRunning(after);
        QCOMPARE(entry->record.state, TaskState::Cancelled);
        QVERIFY(!board.take(lane));
        QCOMPARE(board.queueDepth(), size_t(0));
        QCOMPARE(entry->record.state, TaskState::Cancelled);
    }
    void theRestIsCancelled()
    {
        TaskOptions options;
        options.maxConcurrent = 1;
        TaskRunner runner(options);
        MeetingPoint begun(2);
        std::atomic<bool> heeded = false, later = false;
        const auto running = runner.run(task("running", [] {}), [&](const TaskContext &c) -> Result<void> {
            begun.arrive();
            while (!c.cancel.isCancelled())
                std::this_thread::yield();
            heeded = true;
            return c.cancel.check();
        });
        const auto pending = runner.run(task("pending", [] {}), [&] { later = true; });
        const auto delayed = runner.addTaskWithDependencies(task("main", [] {}), {task("dependency", [] {})});
        QVERIFY(begun.arrive());
        QVERIFY(!runner.shutdown(10ms));
        QVERIFY(heeded.load());
        QVERIFY(!later.load());
        QCOMPARE(running->future.result().error().code, ErrorCode::Cancelled);
        QCOMPARE(pending->future.result().error().code, ErrorCode::Cancelled);
        QCOMPARE(runner.status(*delayed)->state, TaskState::Cancelled);
        QCOMPARE(runner.statistics().cancelledTasks, qint64(4));
        QVERIFY(!runner.shutdown());
    }
    void whatHangsDoesNotHoldTheEndUp()
    {
        const auto gate = std::make_shared<Gate>(); // owned by the function too, as the rule wants
        const auto ended = std::make_shared<Gate>();
        QElapsedTimer time;
        QFuture<Result<int>> future;
        {
            TaskRunner runner{TaskOptions()};
            MeetingPoint begun(2);
            auto handle = runner.run(task("hangs", [] {}), [gate, ended, meet = &begun] {
                meet->arrive();
                gate->wait(); // heeds no token
                ended->open();
                return 1;
            });
            future = handle->future;
            QVERIFY(begun.arrive());
            time.start();
            QVERIFY(!runner.shutdown(50ms));
            QCOMPARE(runner.status(handle->id)->state, TaskState::Cancelled);
            QCOMPARE(runner.statistics().activeTasks, qint64(0));
        }
        QVERIFY2(time.elapsed() < 5000, qPrintable(QString::number(time.elapsed()))); // the gate would keep it for 20 s
        QCOMPARE(future.result().error().code, ErrorCode::Cancelled);
        gate->open(); // the one left behind ends by itself, without the runner
        QVERIFY(ended->wait());
    }
    void theDestructorShutsDown()
    {
        TaskOptions options;
        options.shutdownTimeout = 20s;
        std::atomic<int> done = 0;
        {
            TaskRunner runner(options);
            for (int i = 0; i < 50; ++i)
                QVERIFY(runner.addBackgroundTaskSafe(task("x", [&] { ++done; })).ok());
        }
        QCOMPARE(done.load(), 50);
    }
    void submissionsMeanwhileAreTakenOrRefused()
    {
        TaskRunner runner{TaskOptions()};
        std::atomic<int> accepted = 0, ran = 0;
        MeetingPoint begun(2);
        std::thread submitter([&] {
            for (int i = 0; i < 5000; ++i) {
                accepted += runner.addBackgroundTaskSafe(task("x", [&] { ++ran; })).ok();
                if (i == 0)
                    begun.arrive();
            }
        });
        QVERIFY(begun.arrive());
        QVERIFY(runner.shutdown(20s));
        submitter.join();
        QCOMPARE(ran.load(), accepted.load());
        QVERIFY(accepted.load() > 0);
    }
};

QTEST_GUILESS_MAIN(TestTaskShutdown)
#include "tst_task_shutdown.moc"
