// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream_channel.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace a360;
using namespace a360::rest;
using Next = StreamChannel::Next;

class TestStreamChannel : public QObject
{
    Q_OBJECT

    static constexpr qsizetype blockSize = 128 * 1024;

private Q_SLOTS:
    void holdsAboutAMebibyteAndAlwaysTwoBlocks()
    {
        QCOMPARE(StreamChannel(4096, [] {}).capacity(), size_t(256));
        QCOMPARE(StreamChannel(blockSize, [] {}).capacity(), size_t(8));
        QCOMPARE(StreamChannel(16 * 1024 * 1024, [] {}).capacity(), size_t(2));
    }
    void producerWaitsWhenTheQueueIsFull()
    {
        auto channel = std::make_shared<StreamChannel>(blockSize, [] {});
        std::atomic<int> pushed = 0;
        std::thread producer([&] {
            for (int i = 0; i < 100; ++i) {
                if (!channel->push(QByteArray::number(i)))
                    return;
                ++pushed;
            }
            channel->finish();
        });
        QTRY_COMPARE(pushed.load(), int(channel->capacity()));
        QByteArray block;
        for (int i = 0; i < 100; ++i) {
            while (channel->take(block) == Next::Nothing)
                std::this_thread::yield();
            QCOMPARE(block, QByteArray::number(i));
            QVERIFY(pushed.load() <= i + 1 + int(channel->capacity()));
        }
        QTRY_VERIFY(channel->isFinished());
        producer.join();
        QCOMPARE(channel->take(block), Next::Finished);
    }

    void closingFreesAWaitingProducer()
    {
        auto channel = std::make_shared<StreamChannel>(blockSize, [] {});
        std::atomic<bool> refused = false;
        std::thread producer([&] {
            while (channel->push("x")) { }
            refused = true;
        });
        channel->close();
        producer.join();
        QVERIFY(refused);
    }

    void wakesOnlyAConsumerThatFoundNothing()
    {
        int wakes = 0;
        StreamChannel channel(blockSize, [&] { ++wakes; });
        QVERIFY(channel.push("a"));
        QVERIFY(channel.push("b"));
        QCOMPARE(wakes, 1);
        QByteArray block;
        QCOMPARE(channel.take(block), Next::Block);
        QCOMPARE(channel.take(block), Next::Block);
        QCOMPARE(channel.take(block), Next::Nothing);
        channel.finish();
        QCOMPARE(wakes, 2);
    }

    void sinkCutsAndGathersBlocks()
    {
        auto channel = std::make_shared<StreamChannel>(blockSize, [] {});
        ChannelSink sink(channel);
        const qsizetype size = blockSize;
        QByteArray all;
        for (int i = 0; i < 5; ++i) {
            const QByteArray piece(size / 3 + i, char('a' + i));
            QVERIFY(sink.write(piece).ok());
            all += piece;
        }
        const QByteArray big(2 * size, 'z');
        QVERIFY(sink.write(big).ok());
        all += big;
        QVERIFY(sink.finish().ok());
        QByteArray got, block;
        while (channel->take(block) == Next::Block) {
            QVERIFY(block.size() <= size);
            got += block;
        }
        QCOMPARE(got, all);
        QCOMPARE(channel->take(block), Next::Finished);
    }

    void failureOvertakesBlocks()
    {
        StreamChannel channel(blockSize, [] {});
        QVERIFY(channel.push("a"));
        channel.fail(errorAnswer(503, "gone", "unavailable"));
        QByteArray block;
        QCOMPARE(channel.take(block), Next::Failed);
        QCOMPARE(channel.takeFailure().status, 503);
    }

    void failureAfterTheEndChangesNothing()
    {
        StreamChannel channel(blockSize, [] {});
        channel.finish();
        channel.fail(errorAnswer(503, "late", "unavailable"));
        QByteArray block;
        QCOMPARE(channel.take(block), Next::Finished);
    }
};

QTEST_GUILESS_MAIN(TestStreamChannel)
#include "tst_stream_channel.moc"
