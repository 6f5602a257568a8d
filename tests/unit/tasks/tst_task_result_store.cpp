// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/task_result_store.h"

#include <QTest>

#include <thread>
#include <vector>

using namespace a360::tasks;
using namespace std::chrono_literals;

class TestTaskResultStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void storeGetRemoveClear()
    {
        TaskResultStore store(10);
        const QUuid a = QUuid::createUuid(), b = QUuid::createUuid();
        QVERIFY(!store.get(a));
        store.store(a, 1);
        store.store(b, QStringLiteral("two"));
        store.store(a, 3);
        QCOMPARE(store.size(), size_t(2));
        QCOMPARE(store.get(a)->toInt(), 3);
        store.remove(a);
        QVERIFY(!store.get(a));
        store.clear();
        QVERIFY(!store.get(b));
        QCOMPARE(store.size(), size_t(0));
        store.store(b, 4);
        QCOMPARE(store.get(b)->toInt(), 4);
    }
    void timeToLive()
    {
        TaskResultStore store(10);
        const QUuid gone = QUuid::createUuid(), stays = QUuid::createUuid(), swept = QUuid::createUuid();
        store.store(gone, 1, 0ms);
        store.store(stays, 2, 1h);
        store.store(swept, 3, -1ms);
        QVERIFY(!store.get(gone));
        QCOMPARE(store.size(), size_t(2)); // asking freed it
        store.sweep();
        QCOMPARE(store.size(), size_t(1));
        QCOMPARE(store.get(stays)->toInt(), 2);
    }
    void theOldestMakeRoom()
    {
        TaskResultStore store(2);
        const QUuid a = QUuid::createUuid(), b = QUuid::createUuid(), c = QUuid::createUuid();
        store.store(a, 1);
        store.store(b, 2);
        store.store(a, 1); // now the younger one
        store.store(c, 3);
        QVERIFY(!store.get(b));
        QVERIFY(store.get(a) && store.get(c));
        TaskResultStore none(0);
        none.store(a, 1);
        QVERIFY(!none.get(a));
    }
    void fromManyThreads()
    {
        TaskResultStore store(100);
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&] {
                for (int i = 0; i < 2000; ++i) {
                    const QUuid id = QUuid::createUuid();
                    store.store(id, i, 1h);
                    store.get(id);
                    if (i % 3 == 0)
                        store.remove(id);
                    if (i % 100 == 0)
                        store.sweep();
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QVERIFY(store.size() <= 100);
    }
};

QTEST_GUILESS_MAIN(TestTaskResultStore)
#include "tst_task_result_store.moc"
