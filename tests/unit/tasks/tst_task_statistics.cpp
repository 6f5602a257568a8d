// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/task_statistics.h"

#include <QJsonArray>
#include <QTest>

using namespace a360;
using namespace a360::tasks;

namespace {

TaskRecord record(const QString &function, TaskState state, double duration, const QString &errorType = {})
{
    TaskRecord out;
    out.function = function;
    out.state = state;
    out.attempts = 1;
    out.duration = duration;
    out.completedAt = 1000 + duration;
    out.errorType = errorType;
    return out;
}

} // namespace

class TestTaskStatistics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void percentiles()
    {
        DurationHistogram histogram;
        QCOMPARE(histogram.percentile(0.95), 0.0);
        for (int i = 1; i <= 1000; ++i)
            histogram.add(i / 1000.0); // 1 ms to 1 s
        QCOMPARE(histogram.count(), qint64(1000));
        const double p95 = histogram.percentile(0.95), p50 = histogram.percentile(0.5);
        QVERIFY2(p95 >= 0.95 && p95 <= 0.95 * 1.09, qPrintable(QString::number(p95)));
        QVERIFY2(p50 >= 0.5 && p50 <= 0.5 * 1.09, qPrintable(QString::number(p50)));
        QCOMPARE(histogram.percentile(1.0), 1.0);
        DurationHistogram extremes;
        extremes.add(0);
        extremes.add(-1);
        QVERIFY(extremes.percentile(0.5) <= 1e-6);
        extremes.add(1e9);
        QCOMPARE(extremes.longest(), 1e9);
        QVERIFY(extremes.percentile(1.0) > 1e5);
    }
    void averagesAreOfSuccessfulRuns()
    {
        TaskCounters counters;
        counters.finished(record(QStringLiteral("a"), TaskState::Completed, 1));
        counters.finished(record(QStringLiteral("a"), TaskState::Completed, 3));
        counters.finished(record(QStringLiteral("a"), TaskState::Failed, 100, QStringLiteral("Timeout")));
        counters.finished(record(QStringLiteral("b"), TaskState::Cancelled, 5));
        const TaskStatistics s = counters.statistics();
        QCOMPARE(s.completedTasks, qint64(2));
        QCOMPARE(s.failedTasks, qint64(1));
        QCOMPARE(s.cancelledTasks, qint64(1));
        QCOMPARE(s.avgDuration, 2.0);
        QCOMPARE(s.maxDuration, 100.0);
        QCOMPARE(s.failuresByType.value(QStringLiteral("Timeout")), qint64(1));
        const FunctionStatistics a = s.byFunction.value(QStringLiteral("a"));
        QCOMPARE(a.totalRuns, qint64(3));
        QCOMPARE(a.successfulRuns, qint64(2));
        QCOMPARE(a.failedRuns, qint64(1));
        QCOMPARE(a.totalDuration, 4.0);
        QCOMPARE(a.avgDuration, 2.0);
        QCOMPARE(a.lastRunTime, 1100.0);
        QCOMPARE(a.p95Duration, 100.0);
        QCOMPARE(s.byFunction.value(QStringLiteral("b")).totalRuns, qint64(1));
    }
    void neverRunMeansNoRun()
    {
        TaskCounters counters;
        TaskRecord never = record(QStringLiteral("a"), TaskState::Cancelled, 0);
        never.attempts = 0;
        counters.finished(never);
        QCOMPARE(counters.statistics().cancelledTasks, qint64(1));
        QVERIFY(counters.statistics().byFunction.isEmpty());
    }
    void namesAreBounded()
    {
        TaskCounters counters;
        for (int i = 0; i < 5000; ++i)
            counters.finished(record(QString::number(i), TaskState::Failed, 0.1, QString::number(i)));
        const TaskStatistics s = counters.statistics();
        QCOMPARE(s.byFunction.size(), qsizetype(1001));
        QCOMPARE(s.byFunction.value(QStringLiteral("(other)")).totalRuns, qint64(4000));
        QCOMPARE(s.failuresByType.size(), qsizetype(101));
        QCOMPARE(s.failuresByType.value(QStringLiteral("(other)")), qint64(4900));
        QCOMPARE(s.failedTasks, qint64(5000));
    }
    void oldFunctionsAreDropped()
    {
        TaskCounters counters;
        counters.finished(record(QStringLiteral("old"), TaskState::Completed, 1));
        counters.finished(record(QStringLiteral("new"), TaskState::Completed, 50));
        counters.dropFunctionsBefore(1020);
        QCOMPARE(counters.statistics().byFunction.keys(), QStringList{QStringLiteral("new")});
        QCOMPARE(counters.statistics().completedTasks, qint64(2));
    }
    void jsonHasTheContractsKeys()
    {
        TaskCounters counters;
        counters.finished(record(QStringLiteral("send"), TaskState::Completed, 0.5));
        const QJsonObject json = counters.statistics().toJson();
        for (const char *key : {"total_tasks", "active_tasks", "completed_tasks", "failed_tasks", "avg_duration_seconds"})
            QVERIFY2(json.value(QLatin1StringView(key)).isDouble(), key);
        const QJsonObject send = json.value(QLatin1String("by_function")).toObject().value(QLatin1String("send")).toObject();
        for (const char *key : {"total_runs", "successful_runs", "failed_runs", "total_duration", "avg_duration", "last_run_time"})
            QVERIFY2(send.value(QLatin1StringView(key)).isDouble(), key);
        QCOMPARE(send.value(QLatin1String("avg_duration")).toDouble(), 0.5);
        for (const char *key : {"pending_tasks", "cancelled_tasks", "refused_tasks", "retries", "queue_depth",
                                "p95_duration_seconds"})
            QVERIFY2(json.contains(QLatin1StringView(key)), key);
    }
    void taskIdsAreUuid4()
    {
        QSet<QUuid> seen;
        for (int i = 0; i < 10'000; ++i) {
            const QUuid id = newTaskId();
            QCOMPARE(id.version(), QUuid::Random);
            QCOMPARE(id.variant(), QUuid::DCE);
            seen.insert(id);
        }
        QCOMPARE(seen.size(), qsizetype(10'000));
    }
    void recordsAsJson()
    {
        TaskRecord pending;
        pending.id = QUuid::createUuid();
        pending.function = QStringLiteral("send");
        pending.createdAt = 12.5;
        QJsonObject json = pending.toJson();
        QCOMPARE(json.value(QLatin1String("status")).toString(), QStringLiteral("pending"));
        QCOMPARE(json.value(QLatin1String("task_id")).toString().size(), qsizetype(36));
        QVERIFY(json.value(QLatin1String("started_at")).isNull() && json.value(QLatin1String("error")).isNull());
        QVERIFY(json.value(QLatin1String("duration_seconds")).isNull());
        TaskRecord failed = record(QStringLiteral("send"), TaskState::Failed, 2, QStringLiteral("Io"));
        failed.startedAt = 1000;
        json = failed.toJson();
        QCOMPARE(json.value(QLatin1String("status")).toString(), QStringLiteral("failed"));
        QCOMPARE(json.value(QLatin1String("duration_seconds")).toDouble(), 2.0);
        QCOMPARE(json.value(QLatin1String("error_type")).toString(), QStringLiteral("Io"));
        QCOMPARE(json.value(QLatin1String("is_cpu_bound")).toBool(true), false);
        QCOMPARE(taskStateName(TaskState::Cancelled), QStringLiteral("cancelled"));
    }
};

QTEST_GUILESS_MAIN(TestTaskStatistics)
#include "tst_task_statistics.moc"
