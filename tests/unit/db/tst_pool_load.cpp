// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/pool_health.h"
#include "db/pool_load.h"
#include "db/pool_waits.h"

#include <QtTest>

using namespace a360::db;
using namespace std::chrono_literals;

class TestPoolLoad : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theGuidesExampleGivesTwenty()
    {
        // 100 users, each asking once per 0.5 s, 0.1 s a query: 200 leases a second.
        PoolLoadMeter meter;
        const PoolLoadMeter::Clock::time_point begin{1000s};
        for (int i = 0; i < 2000; ++i)
            meter.add(begin + i * 5ms, 0.1);
        const PoolLoad load = meter.load(begin + 10s);
        QCOMPARE(qRound(load.users), 100);
        QCOMPARE(load.averageQuerySeconds, 0.1);
        QCOMPARE(load.targetSeconds, 0.5);
        QCOMPARE(load.recommendedSize, 20);
    }

    void theBusiestSliceOfTheLastTenMinutesCounts()
    {
        PoolLoadMeter meter;
        const PoolLoadMeter::Clock::time_point begin{10'000s};
        QCOMPARE(meter.load(begin).recommendedSize, 0);
        meter.add(begin, 30); // three connections were busy, on average, for ten seconds
        meter.add(begin + 20s, 0.01);
        QCOMPARE(meter.load(begin + 20s).recommendedSize, 3);
        QCOMPARE(meter.load(begin + 580s).recommendedSize, 3);
        QCOMPARE(meter.load(begin + 610s).recommendedSize, 1);
        QCOMPARE(meter.load(begin + 2000s).recommendedSize, 0);
        meter.add(begin + 600s, 0.01); // takes the place of the first slice
        QCOMPARE(meter.load(begin + 600s).recommendedSize, 1);
    }

    void waitsOfThePastAreForgotten()
    {
        PoolWaitMeter meter;
        const PoolWaitMeter::Clock::time_point begin{1000s};
        QCOMPARE(meter.recent(begin).samples, 0);
        QCOMPARE(meter.recent(begin).average, 0.0);
        for (int i = 0; i < 20; ++i)
            meter.add(begin + i * 1s, 2.0);
        QCOMPARE(meter.recent(begin + 20s).samples, 20);
        QCOMPARE(meter.recent(begin + 20s).average, 2.0);
        meter.add(begin + 70s, 0.1); // those of the first ten seconds are too old by now
        QCOMPARE(meter.recent(begin + 70s).samples, 11);
        QVERIFY(meter.recent(begin + 70s).average > 1.8);
        // Nobody asks any more: what was slow once must not make the pool critical for ever.
        QCOMPARE(meter.recent(begin + 131s).samples, 0);
        QCOMPARE(meter.recent(begin + 131s).average, 0.0);
    }

    void noMoreThanAThousandWaitsCount()
    {
        PoolWaitMeter meter;
        const PoolWaitMeter::Clock::time_point begin{1000s};
        for (int i = 0; i < 1500; ++i)
            meter.add(begin, i < 500 ? 1.0 : 0.25);
        QCOMPARE(meter.recent(begin).samples, 1000);
        QCOMPARE(meter.recent(begin).average, 0.25);
    }

    void healthFollowsTheGuide_data()
    {
        QTest::addColumn<int>("out");
        QTest::addColumn<double>("wait");
        QTest::addColumn<QByteArray>("health");
        QTest::newRow("idle") << 0 << 0.0 << QByteArray("healthy");
        QTest::newRow("79 %") << 79 << 0.099 << QByteArray("healthy");
        QTest::newRow("80 %") << 80 << 0.0 << QByteArray("degraded");
        QTest::newRow("95 %") << 95 << 0.0 << QByteArray("degraded");
        QTest::newRow("96 %") << 96 << 0.0 << QByteArray("critical");
        QTest::newRow("overflow") << 110 << 0.0 << QByteArray("critical");
        QTest::newRow("waits") << 10 << 0.1 << QByteArray("degraded");
        QTest::newRow("long waits") << 10 << 0.5 << QByteArray("critical");
    }
    void healthFollowsTheGuide()
    {
        QFETCH(int, out);
        QFETCH(double, wait);
        QFETCH(QByteArray, health);
        PoolStats stats;
        stats.size = 100;
        stats.checkedOut = out;
        stats.overflow = std::max(0, out - stats.size);
        stats.averageWait = wait;
        QCOMPARE(QByteArray(healthName(healthOf(stats))), health);
    }

    void theMessageIsTheContracts()
    {
        PoolStats stats;
        stats.size = 25;
        stats.checkedOut = 3;
        stats.averageWait = 0.0004;
        QCOMPARE(QByteArray::fromStdString(healthMessage(stats)),
                 QByteArray("Pool usage: 12.0% (3/25), overflow: 0, avg wait: 0.4ms"));
    }
};

QTEST_GUILESS_MAIN(TestPoolLoad)
#include "tst_pool_load.moc"
