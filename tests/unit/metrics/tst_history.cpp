// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/sampler.h"

#include <QtTest>

#include <cmath>

using namespace a360::metrics;

class TestHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void gaugesKeepTheirValueCountersTheirRate()
    {
        History history(10);
        history.append(1000, {gaugeFamily("a360_g", "", 5), counterFamily("a360_c_total", "", 100)});
        history.append(2000, {gaugeFamily("a360_g", "", 6), counterFamily("a360_c_total", "", 110)});
        history.append(4000, {gaugeFamily("a360_g", "", 7), counterFamily("a360_c_total", "", 130)});
        history.append(5000, {gaugeFamily("a360_g", "", 8), counterFamily("a360_c_total", "", 4)}); // started again
        history.append(5000, {gaugeFamily("a360_g", "", 9)});                                      // no later: ignored
        const HistorySnapshot snapshot = history.snapshot();
        QCOMPARE(snapshot.times, (QVector<qint64>{1000, 2000, 4000, 5000}));
        QCOMPARE(snapshot.find("a360_g", Aspect::Value)->values, (QVector<double>{5, 6, 7, 8}));
        const QVector<double> rates = snapshot.find("a360_c_total", Aspect::Rate)->values;
        QVERIFY(std::isnan(rates[0])); // of what age the first hundred are nobody knows
        QCOMPARE(rates.mid(1), (QVector<double>{10, 10, 4}));
        QVERIFY(!snapshot.find("a360_c_total", Aspect::Value));
    }

    void aSeriesBornBetweenTwoPointsCountsFromNothing()
    {
        const auto family = [](std::vector<Sample> samples) { return Family{"a360_c_total", "", Kind::Counter, std::move(samples)}; };
        History history(10);
        history.append(1000, {family({})}); // nobody has counted anything yet
        history.append(2000, {family({{{{"prefix", "a"}}, 7.0}})});
        history.append(4000, {family({{{{"prefix", "a"}}, 9.0}, {{{"prefix", "b"}}, 6.0}}), counterFamily("a360_late_total", "", 500)});
        const HistorySnapshot snapshot = history.snapshot();
        QCOMPARE(snapshot.find("a360_c_total", Aspect::Rate, {{"prefix", "a"}})->values.mid(1), (QVector<double>{7, 1}));
        QCOMPARE(snapshot.find("a360_c_total", Aspect::Rate, {{"prefix", "b"}})->latest(), 3.0);
        QVERIFY(std::isnan(snapshot.find("a360_late_total", Aspect::Rate)->latest())); // its family was not there before
    }

    void aClockThatIsSetBackStopsNothing()
    {
        History history(10);
        for (int i = 0; i < 3; ++i)
            history.append(10'000'000 + i * 1000, {gaugeFamily("a360_g", "", i), counterFamily("a360_c_total", "", i * 10)});
        // An hour back. What was measured lies before what is measured now, as it did.
        history.append(6'402'500, {gaugeFamily("a360_g", "", 3), counterFamily("a360_c_total", "", 30)});
        history.append(6'403'500, {gaugeFamily("a360_g", "", 4), counterFamily("a360_c_total", "", 40)});
        const HistorySnapshot snapshot = history.snapshot();
        QCOMPARE(snapshot.times, (QVector<qint64>{6'399'500, 6'400'500, 6'401'500, 6'402'500, 6'403'500}));
        QCOMPARE(snapshot.find("a360_g", Aspect::Value)->values, (QVector<double>{0, 1, 2, 3, 4}));
        QCOMPARE(snapshot.find("a360_c_total", Aspect::Rate)->values.mid(1), (QVector<double>{10, 10, 10, 10}));
    }

    void histogramsTellOfTheLastSecondOnly()
    {
        History history(10);
        Distribution all{{1, 2, 4}, {1000, 0, 0, 0}, 500};
        history.append(1000, {histogramFamily("a360_h_seconds", "", all)});
        all.counts = {1000, 0, 10, 0};
        all.sum += 30;
        history.append(2000, {histogramFamily("a360_h_seconds", "", all)});
        history.append(3000, {histogramFamily("a360_h_seconds", "", all)});
        const HistorySnapshot snapshot = history.snapshot();
        const auto value = [&](Aspect aspect, int at) { return snapshot.find("a360_h_seconds", aspect)->values[at]; };
        QVERIFY(std::isnan(value(Aspect::P95, 0)));
        QCOMPARE(value(Aspect::Rate, 1), 10.0);
        QCOMPARE(value(Aspect::Mean, 1), 3.0);
        QCOMPARE(value(Aspect::P50, 1), 3.0);
        QVERIFY(value(Aspect::P95, 1) > 3.8 && value(Aspect::P99, 1) <= 4);
        QCOMPARE(value(Aspect::Rate, 2), 0.0);
        QVERIFY(std::isnan(value(Aspect::P50, 2)));
        QCOMPARE(snapshot.find("a360_h_seconds", Aspect::P50)->latest(), 3.0);
    }

    void theRingKeepsTheLatestAndForgetsWhatIsGone()
    {
        History history(4);
        for (int i = 1; i <= 10; ++i) {
            std::vector<Family> families{gaugeFamily("a360_g", "", i)};
            if (i <= 5)
                families.push_back(gaugeFamily("a360_gone", "", i));
            history.append(i * 1000, families);
            QVERIFY(history.points() <= 4);
            if (i == 7)
                QCOMPARE(history.snapshot().find("a360_gone", Aspect::Value)->latest(), 5.0);
        }
        const HistorySnapshot snapshot = history.snapshot();
        QCOMPARE(snapshot.times, (QVector<qint64>{7000, 8000, 9000, 10'000}));
        QCOMPARE(snapshot.find("a360_g", Aspect::Value)->values, (QVector<double>{7, 8, 9, 10}));
        QVERIFY(!snapshot.find("a360_gone", Aspect::Value));
        QCOMPARE(history.seriesCount(), 1);
        HistoryRequest two;
        two.points = 2;
        QCOMPARE(history.snapshot(two).find("a360_g", Aspect::Value)->values, (QVector<double>{9, 10}));
    }

    void seriesAreBounded()
    {
        History history(4, 3);
        std::vector<Family> families;
        Family many{"a360_g", "", Kind::Gauge, {}};
        Family counters{"a360_c_total", "", Kind::Counter, {}};
        for (int i = 0; i < 5; ++i) {
            many.samples.push_back({{{"n", QByteArray::number(i)}}, double(i)});
            counters.samples.push_back({{{"n", QByteArray::number(i)}}, double(i)});
        }
        history.append(1000, {many, counters});
        QCOMPARE(history.seriesCount(), 3);
        QCOMPARE(history.seriesRefused(), 7);
    }

    void snapshotsAreFilteredByPrefixAndFoundByLabels()
    {
        History history(4);
        history.append(1000, {{"a360_pool_size", "", Kind::Gauge, {{{{"b", "2"}, {"a", "1"}}, 3.0}, {{}, 4.0}}},
                              gaugeFamily("a360_http_x", "", 1)});
        HistoryRequest request;
        request.prefixes = {"a360_pool_"};
        const HistorySnapshot snapshot = history.snapshot(request);
        QCOMPARE(snapshot.series.size(), 2);
        QCOMPARE(snapshot.find("a360_pool_size", Aspect::Value, {{"a", "1"}, {"b", "2"}})->latest(), 3.0);
        QCOMPARE(snapshot.find("a360_pool_size", Aspect::Value)->latest(), 4.0);
        QCOMPARE(snapshot.all("a360_pool_size", Aspect::Value).size(), 2);
    }

    void theSamplerAsksUntilItsEnd()
    {
        Registry registry;
        std::atomic<int> asked = 0;
        const auto registration = registry.addCollector([&asked](std::vector<Family> &out) {
            out.push_back(gaugeFamily("a360_asked", "", ++asked));
        });
        int last = 0;
        {
            const Sampler sampler(registry, std::chrono::milliseconds(5));
            QTRY_VERIFY(sampler.history().points() >= 3);
            const HistorySnapshot snapshot = sampler.history().snapshot();
            QCOMPARE(snapshot.find("a360_asked", Aspect::Value)->values[0], 1.0);
            QVERIFY(std::is_sorted(snapshot.times.begin(), snapshot.times.end()));
            last = static_cast<int>(snapshot.find("a360_asked", Aspect::Value)->latest());
        }
        QVERIFY(asked >= last);
        const int after = asked;
        registry.gather();
        QCOMPARE(asked.load(), after + 1); // nobody else asks any more
    }
};

QTEST_GUILESS_MAIN(TestHistory)
#include "tst_history.moc"
