// SPDX-License-Identifier: GPL-3.0-or-later
#include "parallel/ordered_pipe.h"
#include "parallel/process_in_parallel.h"
#include "parallel/work_meter.h"

#include <QTest>

#include <memory>
#include <stdexcept>

using namespace a360;
using namespace a360::parallel;

class TestWorkMeter : public QObject
{
    Q_OBJECT

    const std::vector<int> m_items{1, 2, 3, 4, 5, 6};

private Q_SLOTS:
    void countsWhatIsUnderWayAndWhatHasEnded()
    {
        WorkMeter meter;
        {
            WorkMeter::Item first(meter);
            WorkMeter::Item second(meter);
            QCOMPARE(meter.figures().running, qint64(2));
            QCOMPARE(meter.figures().finished, qint64(0));
            first.succeeded();
        }
        const WorkMeter::Figures figures = meter.figures();
        QCOMPARE(figures.running, qint64(0));
        QCOMPARE(figures.finished, qint64(2));
        QCOMPARE(figures.failed, qint64(1));
        QVERIFY(figures.busy.count() > 0);
    }
    void seesEveryKindOfFunction()
    {
        const auto meter = std::make_shared<WorkMeter>();
        ParallelCall call;
        call.workers = 3;
        QVERIFY(processInParallelSync(m_items, Metered(meter, [](int) {}), call).ok());
        const auto doubled = processInParallelSync(m_items, Metered(meter, [](int i) { return 2 * i; }), call);
        QVERIFY(doubled.ok());
        QCOMPARE(doubled->at(5), 12);
        QVERIFY(processInParallelSync(m_items, Metered(meter, [](int, const CancelToken &token) { return token.check(); }), call).ok());
        QCOMPARE(meter->figures().finished, qint64(18));
        QCOMPARE(meter->figures().failed, qint64(0));
        const auto odd = [](int i) -> Result<int> {
            if (i == 4)
                throw std::runtime_error("four");
            return i % 2 ? Result<int>(i) : makeError(ErrorCode::Internal, QStringLiteral("even"));
        };
        processInParallelSync(m_items, Metered(meter, odd), call, collectErrors);
        QCOMPARE(meter->figures().finished, qint64(24));
        QCOMPARE(meter->figures().failed, qint64(3));
        QCOMPARE(meter->figures().running, qint64(0));
    }
    void movesWhatItIsGivenThroughAPipe()
    {
        const auto meter = std::make_shared<WorkMeter>();
        OrderedPipe<std::unique_ptr<int>, int> pipe(2, Metered(meter, [](std::unique_ptr<int> i) { return *i; }));
        QVERIFY(pipe.push(std::make_unique<int>(7)));
        QCOMPARE(**pipe.pop(), 7);
        QCOMPARE(meter->figures().finished, qint64(1));
    }
    void withoutAMeterNothingIsCounted()
    {
        const auto same = processInParallelSync(m_items, Metered(std::shared_ptr<WorkMeter>(), [](int i) { return i; }));
        QVERIFY(same.ok());
        QCOMPARE(*same, m_items);
    }
};

QTEST_GUILESS_MAIN(TestWorkMeter)
#include "tst_work_meter.moc"
