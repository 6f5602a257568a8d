// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/registry.h"

#include <QtTest>

#include <cmath>
#include <latch>
#include <thread>

using namespace a360::metrics;

namespace {

const Family *familyOf(const std::vector<Family> &families, const QByteArray &name)
{
    const auto it = std::find_if(families.begin(), families.end(), [&](const Family &one) { return one.name == name; });
    return it == families.end() ? nullptr : &*it;
}

double valueOf(const Sample &sample)
{
    return std::get<double>(sample.value);
}

} // namespace

class TestRegistry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anInstrumentIsFoundAgainByItsLabelsInAnyOrder()
    {
        Registry registry;
        Counter &first = registry.counter("a360_x_total", "help", {{"b", "2"}, {"a", "1"}});
        Counter &again = registry.counter("a360_x_total", "other help", {{"a", "1"}, {"b", "2"}});
        Counter &other = registry.counter("a360_x_total", "help", {{"a", "1"}, {"b", "3"}});
        QCOMPARE(&first, &again);
        QVERIFY(&first != &other);
        first.add(2);
        other.add();
        const auto families = registry.gather();
        QCOMPARE(families.size(), size_t(1));
        QCOMPARE(families[0].help, QByteArray("help"));
        QCOMPARE(families[0].samples.size(), size_t(2));
        QCOMPARE(valueOf(families[0].samples[0]), 2.0);
        QCOMPARE(valueOf(families[0].samples[1]), 1.0);
    }

    void manyThreadsCountExactly()
    {
        Registry registry;
        constexpr int threads = 8, rounds = 20'000;
        std::latch begin(threads);
        std::vector<std::thread> running;
        for (int i = 0; i < threads; ++i) {
            running.emplace_back([&] {
                begin.arrive_and_wait();
                Counter &counter = registry.counter("a360_c_total", "c");
                Gauge &gauge = registry.gauge("a360_g", "g");
                Histogram &histogram = registry.histogram("a360_h_seconds", "h", {1, 2, 3}, {{"of", "all"}});
                for (int round = 0; round < rounds; ++round) {
                    counter.add();
                    gauge.add(round % 2 ? -1 : 1);
                    histogram.observe(round % 4 + 0.5);
                    if (round % 1000 == 0)
                        registry.gather();
                }
            });
        }
        for (std::thread &thread : running)
            thread.join();
        const auto families = registry.gather();
        QCOMPARE(valueOf(familyOf(families, "a360_c_total")->samples[0]), double(threads * rounds));
        QCOMPARE(valueOf(familyOf(families, "a360_g")->samples[0]), 0.0);
        const auto distribution = std::get<Distribution>(familyOf(families, "a360_h_seconds")->samples[0].value);
        QCOMPARE(distribution.count(), quint64(threads * rounds));
        for (const quint64 count : distribution.counts)
            QCOMPARE(count, quint64(threads * rounds / 4));
        QCOMPARE(distribution.sum, threads * rounds * 2.0);
    }

    void bucketsTakeTheirUpperBound()
    {
        Histogram histogram({2, 1, 1, std::nan("")});
        QCOMPARE(histogram.bounds(), (std::vector<double>{1, 2}));
        for (const double value : {0.5, 1.0, 1.5, 2.0, 2.5})
            histogram.observe(value);
        histogram.observe(std::nan(""));
        QCOMPARE(histogram.value().counts, (std::vector<quint64>{2, 2, 1}));
        QCOMPARE(histogram.value().sum, 7.5);
        QCOMPARE(histogram.value().mean(), 1.5);
    }

    void quantilesAreSpreadWithinABucket()
    {
        const Distribution even{{10, 20, 30}, {10, 10, 0, 0}, 0};
        QCOMPARE(even.quantile(0.5), 10.0);
        QCOMPARE(even.quantile(0.25), 5.0);
        QCOMPARE(even.quantile(0.75), 15.0);
        QCOMPARE(even.quantile(1), 20.0);
        const Distribution above{{1}, {0, 5}, 50};
        QCOMPARE(above.quantile(0.5), 1.0);
        QVERIFY(std::isnan(Distribution({{1}, {0, 0}, 0}).quantile(0.5)));
        QVERIFY(std::isnan(Distribution({{1}, {0, 0}, 0}).mean()));
        const Distribution later{{10, 20, 30}, {10, 14, 1, 0}, 100};
        QCOMPARE(later.since(even).counts, (std::vector<quint64>{0, 4, 1, 0}));
        QCOMPARE(even.since(later).counts, even.counts); // went back: started again
    }

    void seriesWithoutEndShareOne()
    {
        Registry registry;
        for (size_t i = 0; i < Registry::mostSeriesPerName + 50; ++i)
            registry.counter("a360_x_total", "x", {{"client", QByteArray::number(qulonglong(i))}}).add();
        const auto families = registry.gather();
        QCOMPARE(families[0].samples.size(), Registry::mostSeriesPerName + 1);
        const auto &samples = families[0].samples;
        const auto other = std::find_if(samples.begin(), samples.end(), [](const Sample &one) { return one.labels[0].value == "other"; });
        QVERIFY(other != samples.end());
        QCOMPARE(valueOf(*other), 50.0);
    }

    void collectorsAddTheirFamiliesAsLongAsTheyLive()
    {
        Registry registry;
        registry.counter("a360_own_total", "own").add(3);
        int asked = 0;
        {
            const auto registration = registry.addCollector([&asked](std::vector<Family> &out) {
                ++asked;
                out.push_back(gaugeFamily("a360_b", "b", 1));
                out.push_back(counterFamily("a360_own_total", "clash: the series is there already", 9));
                out.push_back(gaugeFamily("a360_own_total", "clash: another kind", 7));
                out.push_back({"a360_a", "a", Kind::Gauge, {{{{"z", "1"}, {"c", "2"}}, 5.0}}});
            });
            const auto families = registry.gather();
            QCOMPARE(families.size(), size_t(3));
            QCOMPARE(families[0].name, QByteArray("a360_a"));
            QCOMPARE(families[0].samples[0].labels[0].name, QByteArray("c"));
            QCOMPARE(families[2].samples.size(), size_t(1));
            QCOMPARE(valueOf(families[2].samples[0]), 3.0);
        }
        QCOMPARE(registry.gather().size(), size_t(1));
        QCOMPARE(asked, 1);
    }

    void endOfACollectorWaitsForItsRun()
    {
        Registry registry;
        std::latch inside(1), goOn(1);
        auto alive = std::make_unique<std::atomic<int>>(1);
        auto registration = registry.addCollector([&, state = alive.get()](std::vector<Family> &) {
            inside.count_down();
            goOn.wait();
            ++*state;
        });
        std::thread scrape([&] { registry.gather(); });
        inside.wait();
        std::atomic<bool> gone = false;
        std::thread end([&] {
            registration = {};
            gone = true;
        });
        QVERIFY(!gone);
        goOn.count_down();
        end.join();
        QCOMPARE(alive->load(), 2); // the run was over before the registration was
        scrape.join();
    }

    void namesFollowPrometheus()
    {
        QVERIFY(isMetricName("a360_x:y_total"));
        QVERIFY(!isMetricName("3x"));
        QVERIFY(!isMetricName("a-b"));
        QVERIFY(!isMetricName(""));
        QVERIFY(isLabelName("route"));
        QVERIFY(!isLabelName("a:b"));
        QVERIFY(!isLabelName("__name__"));
    }
};

QTEST_GUILESS_MAIN(TestRegistry)
#include "tst_registry.moc"
