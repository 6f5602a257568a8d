// SPDX-License-Identifier: GPL-3.0-or-later
#include "parallel/ordered_pipe.h"

#include <QTest>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>

using namespace a360;
using namespace a360::parallel;

class TestOrderedPipe : public QObject
{
    Q_OBJECT

    using Pipe = OrderedPipe<std::unique_ptr<int>, int>;

private Q_SLOTS:
    void popsInTheOrderOfPushing()
    {
        Pipe pipe(3, [](std::unique_ptr<int> i) {
            for (int turn = *i % 7; turn > 0; --turn)
                std::this_thread::yield(); // some take longer than those behind them
            return *i;
        });
        std::thread producer([&] {
            for (int i = 0; i < 5000; ++i)
                pipe.push(std::make_unique<int>(i));
            pipe.close();
        });
        int next = 0;
        while (auto made = pipe.pop()) {
            QVERIFY(made->ok());
            QCOMPARE(**made, next++);
        }
        producer.join();
        QCOMPARE(next, 5000);
    }
    void holdsThePusherBack()
    {
        Pipe pipe(2, [](std::unique_ptr<int> i) { return *i; });
        std::atomic<int> pushed = 0;
        std::thread producer([&] {
            for (int i = 0; i < 100 && pipe.push(std::make_unique<int>(i)); ++i)
                ++pushed;
            pipe.close();
        });
        QTRY_COMPARE(pushed.load(), 3); // one more than threads wait; the next one is held in push()
        for (int i = 0; i < 100; ++i) {
            QCOMPARE(**pipe.pop(), i);
            QVERIFY(pushed.load() <= i + 1 + 4);
        }
        QVERIFY(!pipe.pop());
        producer.join();
    }
    void abortFreesBothEnds()
    {
        std::atomic<bool> hold = true;
        Pipe pipe(1, [&](std::unique_ptr<int> i) {
            while (hold)
                std::this_thread::yield();
            return *i;
        });
        std::atomic<bool> refused = false;
        std::thread producer([&] {
            while (pipe.push(std::make_unique<int>(0))) { }
            refused = true;
        });
        pipe.abort();
        producer.join();
        QVERIFY(refused);
        QVERIFY(!pipe.pop());
        hold = false; // the destructor waits for the one that is being worked on
    }
    void aThrownErrorComesOut()
    {
        Pipe pipe(1, [](std::unique_ptr<int> i) -> int {
            if (*i == 1)
                throw std::runtime_error("one");
            return *i;
        });
        std::thread producer([&] {
            for (int i = 0; i < 3; ++i)
                pipe.push(std::make_unique<int>(i));
            pipe.close();
        });
        QVERIFY(pipe.pop()->ok());
        const auto failed = pipe.pop();
        QVERIFY(failed && !failed->ok());
        QCOMPARE(failed->error().code, ErrorCode::Internal);
        QVERIFY(pipe.pop()->ok());
        producer.join();
    }
    void nothing()
    {
        Pipe pipe(0, [](std::unique_ptr<int> i) { return *i; }); // one thread at least
        pipe.close();
        QVERIFY(!pipe.pop());
        QVERIFY(!pipe.push(std::make_unique<int>(1)));
    }
};

QTEST_GUILESS_MAIN(TestOrderedPipe)
#include "tst_ordered_pipe.moc"
