// SPDX-License-Identifier: GPL-3.0-or-later
#include "parallel/bounded_queue.h"

#include <QTest>

#include <atomic>
#include <thread>

using a360::parallel::BoundedQueue;

class TestBoundedQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsOrderAndHoldsTheProducerBack()
    {
        BoundedQueue<int> queue(2);
        std::atomic<int> pushed = 0;
        std::thread producer([&] {
            for (int i = 0; i < 1000; ++i) {
                QVERIFY(queue.push(i));
                ++pushed;
            }
            queue.close();
        });
        int expected = 0;
        while (const auto item = queue.pop()) {
            QCOMPARE(*item, expected++);
            QVERIFY(pushed.load() <= expected + 3);
        }
        producer.join();
        QCOMPARE(expected, 1000);
    }
    void closeLetsTheRestBeTaken()
    {
        BoundedQueue<int> queue(4);
        QVERIFY(queue.push(1));
        queue.close();
        QVERIFY(!queue.push(2));
        QCOMPARE(queue.pop().value(), 1);
        QVERIFY(!queue.pop());
    }
    void abortWakesBothSides()
    {
        BoundedQueue<int> full(1), empty(1);
        QVERIFY(full.push(1));
        bool pushed = true;
        bool popped = true;
        std::thread producer([&] { pushed = full.push(2); });
        std::thread consumer([&] { popped = empty.pop().has_value(); });
        full.abort();
        empty.abort();
        producer.join();
        consumer.join();
        QVERIFY(!pushed);
        QVERIFY(!popped);
        QVERIFY(!full.tryPop());
    }
};

QTEST_GUILESS_MAIN(TestBoundedQueue)
#include "tst_bounded_queue.moc"
