// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/memory_cache.h"
#include "cache/query_cache.h"

#include <QTest>

#include <latch>
#include <thread>

using namespace a360;
using namespace a360::cache;

namespace {

using Loaded = Result<std::optional<QByteArray>>;

std::optional<QByteArray> bytes(const char *text)
{
    return QByteArray(text);
}

constexpr std::chrono::seconds deadline{20};

/// Waits for a condition; false when it did not come.
template <typename Condition>
bool eventually(Condition condition)
{
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::yield();
    }
    return true;
}

std::unique_ptr<CacheBackend> memory()
{
    return std::make_unique<MemoryCache>(MemoryCacheOptions());
}

/// A load that is under way until it is told to go on.
struct Gate
{
    std::atomic<bool> open = false;
    std::atomic<int> inside = 0;
    void pass()
    {
        ++inside;
        open.wait(false);
    }
    void release()
    {
        open = true;
        open.notify_all();
    }
};

} // namespace

class TestSingleFlight : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aThousandMissesLoadOnce();
    void aFailureGoesToAllAndIsNotKept();
    void aWaitingCallCanBeCancelled();
    void aCancelledLoaderHandsOver();
    void invalidationReachesALoadUnderWay();
    void lateArrivalsLookAgain();
};

void TestSingleFlight::aThousandMissesLoadOnce()
{
    QueryCache cache(memory(), {});
    constexpr int callers = 1000;
    std::atomic<int> loads = 0, right = 0;
    std::latch start(callers);
    const QByteArray key = makeKey("t", {{1}, {}});
    std::vector<std::thread> threads;
    for (int i = 0; i < callers; ++i) {
        threads.emplace_back([&] {
            start.arrive_and_wait();
            const auto value = cache.cacheAside(key, [&](const CancelToken &) -> Loaded {
                ++loads;
                return bytes("page");
            });
            right += value.ok() && value->bytes == "page" ? 1 : 0;
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(loads.load(), 1);
    QCOMPARE(right.load(), callers);
    QCOMPARE(cache.report().total.loads.loads, 1);
}

void TestSingleFlight::aFailureGoesToAllAndIsNotKept()
{
    QueryCache cache(memory(), {});
    const QByteArray key = makeKey("t");
    Gate gate;
    std::atomic<int> loads = 0, failed = 0;
    const Load load = [&](const CancelToken &) -> Loaded {
        if (++loads > 1)
            return bytes("better");
        gate.pass();
        return makeError(ErrorCode::Database, QStringLiteral("no luck"));
    };
    std::atomic<int> started = 0;
    std::vector<std::thread> threads;
    const auto call = [&] {
        ++started;
        const auto value = cache.cacheAside(key, load);
        failed += !value.ok() && value.error().message == u"no luck" ? 1 : 0;
    };
    threads.emplace_back(call);
    QVERIFY(eventually([&] { return gate.inside == 1; }));
    for (int i = 0; i < 20; ++i)
        threads.emplace_back(call);
    // All of them have missed once; they can only be waiting now, or be about to.
    QVERIFY(eventually([&] { return cache.report().total.counters.misses == 21; }));
    gate.release();
    for (std::thread &thread : threads)
        thread.join();
    // Who was about to wait when the load ended loads for himself; all others share the failure.
    QVERIFY(failed >= 1);
    QCOMPARE(failed + (loads > 1 ? 21 - failed : 0), 21);
    QVERIFY(loads <= 2);
    QCOMPARE(cache.cacheAside(key, load)->bytes, QByteArray("better"));
    QCOMPARE(cache.report().total.loads.failures, 1);
}

void TestSingleFlight::aWaitingCallCanBeCancelled()
{
    QueryCache cache(memory(), {});
    const QByteArray key = makeKey("t");
    Gate gate;
    std::thread loader([&] {
        static_cast<void>(cache.cacheAside(key, [&](const CancelToken &) -> Loaded {
            gate.pass();
            return bytes("late");
        }));
    });
    QVERIFY(eventually([&] { return gate.inside == 1; }));
    CancelSource source;
    std::optional<ErrorCode> code;
    std::thread waiter([&] {
        const auto value = cache.cacheAside(
            key, [](const CancelToken &) -> Loaded { return bytes("twice"); }, {}, source.token());
        code = value.ok() ? ErrorCode::Internal : value.error().code;
    });
    QVERIFY(eventually([&] { return cache.report().total.counters.misses == 2; }));
    source.cancel();
    waiter.join(); // the load is still under way
    gate.release();
    loader.join();
    QCOMPARE(code, ErrorCode::Cancelled);
    QCOMPARE(cache.get(key)->bytes, QByteArray("late"));
}

void TestSingleFlight::aCancelledLoaderHandsOver()
{
    QueryCache cache(memory(), {});
    const QByteArray key = makeKey("t");
    CancelSource leaving;
    std::atomic<int> inside = 0;
    std::optional<ErrorCode> code;
    std::thread loader([&] {
        const auto value = cache.cacheAside(
            key,
            [&](const CancelToken &cancel) -> Loaded {
                ++inside;
                while (!cancel.isCancelled())
                    std::this_thread::yield();
                return makeError(ErrorCode::Cancelled, QStringLiteral("Cancelled."));
            },
            {}, leaving.token());
        code = value.ok() ? ErrorCode::Internal : value.error().code;
    });
    QVERIFY(eventually([&] { return inside == 1; }));
    QByteArray got;
    std::thread waiter([&] {
        const auto value =
            cache.cacheAside(key, [](const CancelToken &) -> Loaded { return bytes("mine"); });
        got = value.ok() ? value->bytes : QByteArray("failed");
    });
    QVERIFY(eventually([&] { return cache.report().total.counters.misses == 2; }));
    leaving.cancel();
    loader.join();
    waiter.join();
    QCOMPARE(code, ErrorCode::Cancelled);
    QCOMPARE(got, QByteArray("mine")); // not the other's cancellation
}

void TestSingleFlight::invalidationReachesALoadUnderWay()
{
    QueryCache cache(memory(), {});
    const QByteArray key = makeKey("contacts:list", {{1}, {}});
    Gate gate;
    QByteArray first;
    std::thread loader([&] {
        first = cache.cacheAside(key, [&](const CancelToken &) -> Loaded {
            gate.pass();
            return bytes("old");
        })->bytes;
    });
    QVERIFY(eventually([&] { return gate.inside == 1; }));
    cache.invalidatePattern("query_cache:contacts:*");
    // A call after the write neither waits for the old load nor shares it.
    const auto second = cache.cacheAside(key, [](const CancelToken &) -> Loaded { return bytes("new"); });
    QCOMPARE(second->bytes, QByteArray("new"));
    gate.release();
    loader.join();
    QCOMPARE(first, QByteArray("old"));
    QCOMPARE(cache.get(key)->bytes, QByteArray("new")); // the old one was not kept
}

void TestSingleFlight::lateArrivalsLookAgain()
{
    SingleFlight flights;
    const quint64 before = flights.landings("k");
    const auto outcome = flights.run("k", [](const SingleFlight::Flight &) -> Result<CacheEntry> { return CacheEntry{"v"}; }, {});
    QVERIFY(outcome.result.ok() && !outcome.waited);
    QVERIFY(flights.landings("k") != before);
}

QTEST_GUILESS_MAIN(TestSingleFlight)
#include "tst_single_flight.moc"
