// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/meeting_point.h"
#include "task_waiting.h"

#include <QTest>

using namespace a360;
using namespace a360::tasks;
using namespace std::chrono_literals;
using test::Gate;
using test::MeetingPoint;
using test::reaches;
using test::task;

namespace {

Result<QVariant> failing()
{
    return makeError(ErrorCode::Io, QStringLiteral("disk"));
}

/// Its arguments, joined; with its own name at the end.
Task joining(const char *name)
{
    return task(name, [name](const TaskContext &c) {
        QStringList out;
        for (const QVariant &argument : c.arguments)
            out << (argument.isValid() ? argument.toString() : QStringLiteral("null"));
        out << QLatin1StringView(name);
        return out.join(QLatin1Char(' '));
    });
}

QString kept(TaskRunner &runner, const QUuid &id)
{
    return test::eventually([&] { return runner.results().get(id).has_value(); }) ? runner.results().get(id)->toString()
                                                                                 : QString();
}

} // namespace

class TestTaskGroups : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // ---- chains

    void aChainHandsItsResultsOn()
    {
        TaskRunner runner{TaskOptions()};
        std::vector<Task> steps{joining("a"), joining("b"), joining("c")};
        steps[1].arguments = {QStringLiteral("own")};
        steps[2].keepResult = 1h;
        const auto ids = runner.chainBackgroundTasks(steps);
        QCOMPARE(ids->size(), size_t(3));
        QCOMPARE(kept(runner, ids->back()), QStringLiteral("a own b c"));
    }
    void aNullResultIsNotHandedOn()
    {
        TaskRunner runner{TaskOptions()};
        std::vector<Task> steps{task("nothing", [] {}), joining("b")};
        steps[1].keepResult = 1h;
        QCOMPARE(kept(runner, runner.chainBackgroundTasks(steps)->back()), QStringLiteral("b"));
    }
    void afterAFailureTheNextRunsWithout()
    {
        TaskRunner runner{TaskOptions()};
        std::vector<Task> steps{joining("a"), task("bad", failing), joining("c")};
        steps[2].keepResult = 1h;
        const auto ids = runner.chainBackgroundTasks(steps);
        QCOMPARE(kept(runner, ids->back()), QStringLiteral("c"));
        QCOMPARE(runner.status((*ids)[1])->state, TaskState::Failed);
    }
    void stepsRunOneAfterTheOther()
    {
        TaskRunner runner{TaskOptions()};
        std::vector<int> order; // would be a race if two ran at a time
        std::vector<Task> steps;
        for (int i = 0; i < 300; ++i)
            steps.push_back(task("step", [&order, i] { order.push_back(i); }));
        QVERIFY(runner.chainBackgroundTasks(steps).ok());
        QVERIFY(runner.shutdown(20s));
        QCOMPARE(order.size(), size_t(300));
        QVERIFY(std::is_sorted(order.begin(), order.end()));
    }
    void cancellingAStepEndsTheChain()
    {
        TaskRunner runner{TaskOptions()};
        Gate gate;
        std::atomic<int> ran = 0;
        std::vector<Task> steps{task("first", [&] { gate.wait(); })};
        for (int i = 0; i < 5000; ++i)
            steps.push_back(task("later", [&] { ++ran; }));
        const auto ids = runner.chainBackgroundTasks(steps);
        QVERIFY(ids.ok());
        QVERIFY(reaches(runner, ids->front(), TaskState::Running));
        QCOMPARE(runner.queueDepth(), size_t(5000));
        QVERIFY(runner.cancel((*ids)[1]));
        QCOMPARE(runner.queueDepth(), size_t(0));
        QCOMPARE(runner.statistics().cancelledTasks, qint64(5000));
        gate.open();
        QVERIFY(runner.shutdown(20s));
        QCOMPARE(ran.load(), 0);
    }
    void aChainThatDoesNotFitIsRefusedAsAWhole()
    {
        TaskOptions options;
        options.maxPending = 3;
        TaskRunner runner(options);
        std::atomic<int> ran = 0;
        const auto refused = runner.chainBackgroundTasks(std::vector<Task>(4, task("x", [&] { ++ran; })));
        QCOMPARE(refused.error().code, ErrorCode::LimitExceeded);
        QCOMPARE(runner.statistics().refusedTasks, qint64(4));
        QVERIFY(runner.shutdown(20s));
        QCOMPARE(ran.load(), 0);
    }
    void anEmptyChainIsNone()
    {
        TaskRunner runner{TaskOptions()};
        QVERIFY(runner.chainBackgroundTasks({})->empty());
    }

    // ---- dependencies

    void resultsOfDependenciesComeFirst()
    {
        TaskRunner runner{TaskOptions()};
        Task main = joining("main");
        main.arguments = {QStringLiteral("arg")};
        main.keepResult = 1h;
        const auto id = runner.addTaskWithDependencies(main, {joining("one"), task("none", [] {}), joining("two")});
        QCOMPARE(kept(runner, *id), QStringLiteral("arg one null arg two arg main"));
    }
    void dependenciesRunSideBySide()
    {
        TaskRunner runner{TaskOptions()};
        MeetingPoint both(2);
        const auto meet = [&] { return both.arrive(); };
        Task main = joining("main");
        main.keepResult = 1h;
        QCOMPARE(kept(runner, *runner.addTaskWithDependencies(main, {task("a", meet), task("b", meet)})),
                 QStringLiteral("true true main"));
    }
    void withoutDependenciesItJustRuns()
    {
        TaskRunner runner{TaskOptions()};
        Task main = joining("main");
        main.keepResult = 1h;
        QCOMPARE(kept(runner, *runner.addTaskWithDependencies(main, {})), QStringLiteral("main"));
    }
    void aFailedDependencyAborts()
    {
        TaskRunner runner{TaskOptions()};
        std::atomic<bool> ran = false, heeded = false;
        MeetingPoint begun(2);
        const auto slow = [&](const TaskContext &c) -> Result<void> {
            begun.arrive();
            while (!c.cancel.isCancelled())
                std::this_thread::yield();
            heeded = true;
            return c.cancel.check();
        };
        const auto bad = [&]() -> Result<void> {
            begun.arrive();
            return makeError(ErrorCode::Io, QStringLiteral("disk"));
        };
        const auto id = runner.addTaskWithDependencies(task("main", [&] { ran = true; }), {task("slow", slow), task("bad", bad)});
        QVERIFY(reaches(runner, *id, TaskState::Failed));
        QCOMPARE(runner.status(*id)->errorType, QStringLiteral("Io"));
        QVERIFY(runner.status(*id)->error.contains(QLatin1String("bad")));
        QVERIFY(runner.shutdown(20s));
        QVERIFY(!ran.load());
        QVERIFY(heeded.load());
        QCOMPARE(runner.statistics().failedTasks, qint64(2));
        QCOMPARE(runner.statistics().cancelledTasks, qint64(1));
    }
    void cancellingTheTaskCancelsItsDependencies()
    {
        TaskRunner runner{TaskOptions()};
        MeetingPoint begun(2);
        const auto slow = [&](const TaskContext &c) -> Result<void> {
            begun.arrive();
            while (!c.cancel.isCancelled())
                std::this_thread::yield();
            return c.cancel.check();
        };
        const auto id = runner.addTaskWithDependencies(task("main", [] {}), {task("slow", slow)});
        QVERIFY(begun.arrive());
        QVERIFY(runner.cancel(*id));
        QCOMPARE(runner.status(*id)->state, TaskState::Cancelled);
        QVERIFY(runner.shutdown(20s));
        QCOMPARE(runner.statistics().cancelledTasks, qint64(2));
    }
};

QTEST_GUILESS_MAIN(TestTaskGroups)
#include "tst_task_groups.moc"
