// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/task_history.h"

#include <QTest>

using namespace a360::tasks;

namespace {

TaskRecord finishedAt(double time)
{
    TaskRecord record;
    record.id = QUuid::createUuid();
    record.completedAt = time;
    return record;
}

} // namespace

class TestTaskHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void boundedByCount()
    {
        TaskHistory history(3, 1e9);
        std::vector<QUuid> ids;
        for (int i = 0; i < 1000; ++i) {
            const TaskRecord record = finishedAt(i);
            ids.push_back(record.id);
            history.add(record);
            QVERIFY(history.records().size() <= 3);
        }
        QCOMPARE(history.find(ids[999])->completedAt, 999.0);
        QCOMPARE(history.find(ids[997])->completedAt, 997.0);
        QVERIFY(!history.find(ids[996]));
        QVERIFY(!history.find(QUuid::createUuid()));
    }
    void boundedByAge()
    {
        TaskHistory history(100, 10);
        const TaskRecord old = finishedAt(100), young = finishedAt(105);
        history.add(old);
        history.add(young);
        QCOMPARE(history.trim(110), size_t(0)); // exactly as old as allowed
        QCOMPARE(history.trim(111), size_t(1));
        QVERIFY(!history.find(old.id));
        QVERIFY(history.find(young.id));
        QCOMPARE(history.dropOlderThan(0, 200), size_t(1));
        QVERIFY(history.records().empty());
        history.add(finishedAt(300));
        QCOMPARE(history.records().size(), size_t(1));
    }
    void noRoomAtAll()
    {
        TaskHistory history(0, 10);
        history.add(finishedAt(1));
        QVERIFY(history.records().empty());
    }
};

QTEST_GUILESS_MAIN(TestTaskHistory)
#include "tst_task_history.moc"
