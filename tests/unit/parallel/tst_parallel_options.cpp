// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/settings.h"
#include "parallel/parallel_options.h"

#include <QTest>

using namespace a360;
using namespace a360::parallel;
using namespace std::chrono_literals;

class TestParallelOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comeFromTheSettings()
    {
        SettingsSources sources;
        sources.commandLine = {{QStringLiteral("PARALLEL_PROCESSING_WORKERS"), QStringLiteral("3")},
                               {QStringLiteral("PARALLEL_PROCESSING_MAX_WORKERS"), QStringLiteral("5")},
                               {QStringLiteral("ENABLE_PARALLEL_PROCESSING"), QStringLiteral("false")}};
        const auto settings = Settings::load(sources);
        QVERIFY(settings.ok());
        const ParallelOptions options = ParallelOptions::from(*settings);
        QCOMPARE(options.workers, 3);
        QCOMPARE(options.maxWorkers, 5);
        QVERIFY(!options.enabled);
    }
    void clampToTheMost()
    {
        const ParallelOptions options{4, 8, true};
        QCOMPARE(options.clamped(8), 8);
        QCOMPARE(options.clamped(9), 8);
        QCOMPARE(options.clamped(1000000), 8);
        QCOMPARE(options.clamped(0), 1);
        QCOMPARE(options.clamped(-3), 1);
        QCOMPARE((ParallelOptions{4, 0, true}.clamped(4)), 1);
        QCOMPARE((ParallelOptions{4, 8, false}.clamped(4)), 1);
    }
    void smallWorkIsNotWorthwhile()
    {
        QVERIFY(!isWorthwhile(99, 1s));
        QVERIFY(isWorthwhile(100, 100us));
        QVERIFY(!isWorthwhile(100, 99us));
        QVERIFY(isWorthwhile(100'000, 1us));
        QVERIFY(!isWorthwhile(0, 1s));
    }
    void aBatchHasAtLeastOneItem()
    {
        QVERIFY(checkBatchSize({}).ok());
        QVERIFY(checkBatchSize(1).ok());
        QCOMPARE(checkBatchSize(0).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(checkBatchSize(-1).error().field, QStringLiteral("batch_size"));
    }
};

QTEST_GUILESS_MAIN(TestParallelOptions)
#include "tst_parallel_options.moc"
