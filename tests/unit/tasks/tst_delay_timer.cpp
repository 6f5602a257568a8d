// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/meeting_point.h"
#include "tasks/delay_timer.h"

#include <QTest>

#include <atomic>
#include <vector>

using namespace a360::tasks;
using namespace std::chrono_literals;
using a360::test::Gate;

class TestDelayTimer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void callsInOrderOfTheirTimes()
    {
        DelayTimer timer(1h, [] {});
        Gate done, both;
        std::vector<int> order; // by the timer's thread, read after the gate
        timer.callAfter(30ms, [&] {
            order.push_back(2);
            done.open();
        });
        timer.callAfter(0ms, [&] { order.push_back(1); }); // earlier than what it sleeps for
        QVERIFY(done.wait());
        QCOMPARE(order, (std::vector<int>{1, 2}));
    }
    void neverTooEarly()
    {
        DelayTimer timer(1h, [] {});
        Gate done;
        const auto before = std::chrono::steady_clock::now();
        std::chrono::steady_clock::time_point called;
        timer.callAfter(40ms, [&] {
            called = std::chrono::steady_clock::now();
            done.open();
        });
        QVERIFY(done.wait());
        QVERIFY(called - before >= 40ms);
    }
    void atEveryInterval()
    {
        Gate third;
        std::atomic<int> calls = 0;
        DelayTimer timer(1ms, [&] {
            if (++calls == 3)
                third.open();
        });
        QVERIFY(third.wait());
    }
    void stopDropsTheRest()
    {
        std::atomic<int> calls = 0;
        const auto held = std::make_shared<int>(0);
        {
            DelayTimer timer(1h, [] {});
            timer.callAfter(1h, [&calls, held] { ++calls; });
            timer.stop();
            timer.callAfter(0ms, [&calls, held] { ++calls; });
        }
        QCOMPARE(calls.load(), 0);
        QCOMPARE(held.use_count(), 1L);
    }
};

QTEST_GUILESS_MAIN(TestDelayTimer)
#include "tst_delay_timer.moc"
