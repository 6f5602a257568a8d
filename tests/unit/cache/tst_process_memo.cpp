// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/process_memo.h"

#include "core/result.h"

#include <QTest>

#include <thread>

using namespace a360;
using namespace a360::cache;

class TestProcessMemo : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void remembersByArguments();
    void forgetsTheLeastRecentlyUsed();
    void keepsNoErrors();
    void registryKnowsThemByName();
    void agreesAmongThreads();
};

void TestProcessMemo::remembersByArguments()
{
    MemoRegistry registry;
    int calls = 0;
    const ProcessMemo<QByteArray, int, QByteArray> repeated(registry, "repeated", [&](const int &times, const QByteArray &text) {
        ++calls;
        return text.repeated(times);
    });
    QCOMPARE(repeated(2, "ab"), QByteArray("abab"));
    QCOMPARE(repeated(2, "ab"), QByteArray("abab"));
    QCOMPARE(repeated(3, "ab"), QByteArray("ababab"));
    QCOMPARE(calls, 2);
    QCOMPARE(repeated.stats().hits, 1);
    QCOMPARE(repeated.stats().misses, 2);
    QCOMPARE(repeated.stats().maxsize, 128);
    QCOMPARE(repeated.stats().currsize, 2);
}

void TestProcessMemo::forgetsTheLeastRecentlyUsed()
{
    MemoRegistry registry;
    std::vector<int> computed;
    const ProcessMemo<int, int> square(registry, "square", [&](const int &n) { computed.push_back(n); return n * n; }, 2);
    for (const int n : {1, 2, 1, 3, 1, 2})
        QCOMPARE(square(n), n * n);
    QCOMPARE(computed, (std::vector<int>{1, 2, 3, 2})); // 1 was used again before 3 came
    QCOMPARE(square.stats().currsize, 2);
}

void TestProcessMemo::keepsNoErrors()
{
    MemoRegistry registry;
    int calls = 0;
    const ProcessMemo<Result<int>, int> flaky(registry, "flaky", [&](const int &n) -> Result<int> {
        if (++calls == 1)
            return makeError(ErrorCode::Unavailable, QStringLiteral("not yet"));
        return n;
    });
    QVERIFY(!flaky(5).ok());
    QCOMPARE(*flaky(5), 5);
    QCOMPARE(*flaky(5), 5);
    QCOMPARE(calls, 2);
}

void TestProcessMemo::registryKnowsThemByName()
{
    MemoRegistry registry;
    const ProcessMemo<int, int> twice(registry, "twice", [](const int &n) { return 2 * n; }, 7);
    {
        const ProcessMemo<int, int> gone(registry, "gone", [](const int &n) { return n; });
        gone(1);
        QCOMPARE(registry.stats().size(), size_t(2));
    }
    twice(4);
    twice(4);
    const QJsonObject expected{{QStringLiteral("twice"), QJsonObject{{QStringLiteral("hits"), 1}, {QStringLiteral("misses"), 1}, {QStringLiteral("maxsize"), 7}, {QStringLiteral("currsize"), 1}}}};
    QCOMPARE(registry.toJson(), expected);
    registry.clearAll();
    QCOMPARE(twice.stats().currsize, 0);
    QCOMPARE(twice.stats().hits, 0);
    QCOMPARE(twice(4), 8);
    QCOMPARE(twice.stats().misses, 1);
}

void TestProcessMemo::agreesAmongThreads()
{
    MemoRegistry registry;
    std::atomic<int> next = 0;
    // Impure on purpose: whoever was kept first must be what all get from then on.
    const ProcessMemo<int, int> numbered(registry, "numbered", [&](const int &) { return ++next; });
    std::vector<std::thread> threads;
    std::array<std::array<int, 50>, 4> seen{};
    for (size_t t = 0; t < seen.size(); ++t) {
        threads.emplace_back([&, t] {
            for (size_t i = 0; i < seen[t].size(); ++i)
                seen[t][i] = numbered(int(i));
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    for (size_t t = 1; t < seen.size(); ++t)
        QCOMPARE(seen[t], seen[0]);
    QCOMPARE(numbered.stats().hits + numbered.stats().misses, 200);
    QCOMPARE(numbered.stats().currsize, 50);
}

QTEST_GUILESS_MAIN(TestProcessMemo)
#include "tst_process_memo.moc"
