// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/sampler.h"

#include <QTest>

#include <atomic>
#include <stdexcept>

using namespace a360::metrics;

class TestSampler : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCollectorThatThrowsIsAskedAgain()
    {
        Registry registry;
        std::atomic<int> asked = 0;
        const Registry::Registration broken = registry.addCollector([&](std::vector<Family> &) {
            ++asked;
            throw std::runtime_error("no number to be had");
        });
        const Sampler sampler(registry, std::chrono::milliseconds(1));
        QTRY_VERIFY(asked.load() > 2);
    }
};

QTEST_GUILESS_MAIN(TestSampler)
#include "tst_sampler.moc"
