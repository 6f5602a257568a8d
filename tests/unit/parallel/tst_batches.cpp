// SPDX-License-Identifier: GPL-3.0-or-later
#include "parallel/batches.h"

#include <QTest>

#include <numeric>
#include <thread>

using namespace a360;
using namespace a360::parallel;

namespace {

std::vector<int> numbers(int count)
{
    std::vector<int> out(static_cast<size_t>(count));
    std::iota(out.begin(), out.end(), 0);
    return out;
}

int sum(std::span<const int> batch)
{
    return std::accumulate(batch.begin(), batch.end(), 0);
}

} // namespace

class TestBatches : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void batchItemsCutsInOrder()
    {
        const std::vector<int> items = numbers(10);
        const auto batches = batchItems(items, 4);
        QVERIFY(batches.ok());
        QCOMPARE(batches->size(), size_t(3));
        QCOMPARE((*batches)[0].size(), size_t(4));
        QCOMPARE((*batches)[2].size(), size_t(2));
        QCOMPARE((*batches)[2][1], 9);
        QCOMPARE(batchItems(items, 10)->size(), size_t(1));
        QCOMPARE(batchItems(items, 1'000'000)->size(), size_t(1));
        QVERIFY(batchItems(std::vector<int>(), 4)->empty());
        QCOMPARE(batchItems(QList<int>{1, 2, 3}, 2)->size(), size_t(2));
    }
    void aBatchOfNothingIsAnError()
    {
        const std::vector<int> items = numbers(3);
        QCOMPARE(batchItems(items, 0).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(batchItems(items, -1).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(processBatchesSync(items, sum, 0).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(processBatchesAsync(m_pool, items, sum, 0).result().error().code, ErrorCode::InvalidArgument);
        QCOMPARE(processBatches(items, [](int i) { return i; }, 0).error().code, ErrorCode::InvalidArgument);
    }
    void oneResultForEachBatchInOrder()
    {
        QCOMPARE(*processBatchesSync(numbers(10), sum, 4), (std::vector<int>{6, 22, 17}));
        QCOMPARE(*processBatchesAsync(m_pool, numbers(10), sum, 4).result(), (std::vector<int>{6, 22, 17}));
        QVERIFY(processBatchesSync(std::vector<int>(), sum, 4)->empty());
        const auto many = processBatchesAsync(m_pool, numbers(100'000), sum, 7).result();
        QCOMPARE(std::accumulate(many->begin(), many->end(), qint64(0)), qint64(4999950000));
        QCOMPARE((*many)[1], 70);
    }
    void errorsOfBatches()
    {
        const auto f = [](std::span<const int> batch) -> Result<int> {
            if (batch.front() % 20 == 10)
                return makeError(ErrorCode::Database, QString::number(batch.front()));
            return batch.front();
        };
        QCOMPARE(processBatchesSync(numbers(100), f, 10).error().message, QStringLiteral("10"));
        const auto each = processBatchesAsync(m_pool, numbers(100), f, 10, {}, collectErrors).result();
        QCOMPARE(each.size(), size_t(10));
        QCOMPARE(*each[2], 20);
        QCOMPARE(each[9].error().message, QStringLiteral("90"));
    }
    void asyncKeepsTheItemsAlive()
    {
        QFuture<Result<std::vector<int>>> future;
        {
            const auto items = numbers(50'000);
            future = processBatchesAsync(m_pool, items, sum, 100);
        }
        QCOMPARE(future.result()->size(), size_t(500));
    }
    void itemByItemGivesAFlatList()
    {
        const auto out = processBatches(numbers(1234), [](int i) { return i * 3; }, 50);
        QVERIFY(out.ok());
        QCOMPARE(out->size(), size_t(1234));
        for (int i = 0; i < 1234; ++i)
            QCOMPARE((*out)[static_cast<size_t>(i)], i * 3);
        QVERIFY(processBatches(std::vector<int>(), [](int i) { return i; })->empty());
        // A batch is done by one thread.
        const auto threads = processBatches(numbers(40), [](int) { return std::this_thread::get_id(); }, 10);
        for (size_t batch = 0; batch < 4; ++batch)
            QVERIFY(std::all_of(threads->begin() + static_cast<int>(batch) * 10, threads->begin() + static_cast<int>(batch + 1) * 10,
                                [&](auto id) { return id == (*threads)[batch * 10]; }));
    }

private:
    QThreadPool m_pool;
};

QTEST_GUILESS_MAIN(TestBatches)
#include "tst_batches.moc"
