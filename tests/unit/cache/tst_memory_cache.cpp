// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/memory_cache.h"

#include <QTest>

#include <thread>

using namespace a360::cache;

class TestMemoryCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_now = 1'000'000; }
    void keepsEachEntryForItsOwnTime();
    void evictsTheLeastRecentlyUsed();
    void staysWithinItsBounds_data();
    void staysWithinItsBounds();
    void refusesWhatDoesNotFit();
    void replacesAndCountsBytes();
    void removesByPatternAndPrefix();
    void countsByPrefix();
    void popularEntriesSurviveAScan();
    void oldPopularityFades();
    void prefersExpiredVictims();
    void sketchCountsAndAges();
    void threadsDoNotDisturbEachOther();
    void everyHitOfManyThreadsCounts();

private:
    MemoryCacheOptions options(qint64 entries, Admission admission = Admission::Lru, qint64 bytes = 1 << 20)
    {
        MemoryCacheOptions options;
        options.maxEntries = entries;
        options.maxBytes = bytes;
        options.admission = admission;
        options.shards = 1;
        options.clock = [this] { return m_now.load(); };
        return options;
    }
    CacheEntry entry(const QByteArray &bytes, qint64 ttl = 60'000) const { return {bytes, false, m_now + ttl, m_now + ttl}; }
    static QByteArray key(int number) { return "query_cache:t:" + QByteArray::number(number).rightJustified(32, '0'); }

    std::atomic<qint64> m_now = 0;
};

void TestMemoryCache::keepsEachEntryForItsOwnTime()
{
    MemoryCache cache(options(10));
    QVERIFY(cache.set("short", entry("a", 10)));
    QVERIFY(cache.set("long", entry("b", 1000)));
    m_now += 9;
    QCOMPARE(cache.get("short")->bytes, QByteArray("a"));
    m_now += 1;
    QVERIFY(!cache.get("short"));
    QCOMPARE(cache.get("long")->bytes, QByteArray("b"));
    QCOMPARE(cache.stats().front().total.expirations, 1);
    m_now += 1000;
    QCOMPARE(cache.stats().front().entries, 1);
    QCOMPARE(cache.stats().front().validEntries, 0);
    QVERIFY(!cache.set("over", entry("c", 0)));
    QVERIFY(!cache.get("over"));
}

void TestMemoryCache::evictsTheLeastRecentlyUsed()
{
    MemoryCache cache(options(3));
    for (int i = 1; i <= 3; ++i)
        cache.set(key(i), entry("x"));
    QVERIFY(cache.get(key(1)));
    cache.set(key(4), entry("x"));
    QVERIFY(cache.get(key(1)));
    QVERIFY(!cache.get(key(2)));
    QVERIFY(cache.get(key(3)));
    QVERIFY(cache.get(key(4)));
    QCOMPARE(cache.stats().front().total.evictions, 1);
}

void TestMemoryCache::staysWithinItsBounds_data()
{
    QTest::addColumn<bool>("lfu");
    QTest::addColumn<int>("shards");
    QTest::newRow("LRU") << false << 1;
    QTest::newRow("LRU, 4 shards") << false << 4;
    QTest::newRow("TinyLFU") << true << 1;
    QTest::newRow("TinyLFU, 4 shards") << true << 4;
}

void TestMemoryCache::staysWithinItsBounds()
{
    QFETCH(bool, lfu);
    QFETCH(int, shards);
    MemoryCacheOptions few = options(100, lfu ? Admission::TinyLfu : Admission::Lru, 40'000);
    few.shards = shards;
    MemoryCache cache(few);
    for (int i = 0; i < 3000; ++i) {
        const QByteArray at = key((i * i) % 251);
        if (!cache.get(at))
            cache.set(at, entry(QByteArray((i * 37) % 900, 'v')));
        const BackendStats stats = cache.stats().front();
        QVERIFY2(stats.entries <= 100, qPrintable(QString::number(stats.entries)));
        QVERIFY2(stats.bytes <= 40'000, qPrintable(QString::number(stats.bytes)));
    }
    const BackendStats stats = cache.stats().front();
    QVERIFY(stats.entries > 20);
    QVERIFY(stats.total.hits > 0);
    QCOMPARE(stats.total.hits + stats.total.misses, 3000);
    QCOMPARE(stats.total.sets - stats.total.evictions, stats.entries);
}

void TestMemoryCache::refusesWhatDoesNotFit()
{
    MemoryCache cache(options(10, Admission::TinyLfu, 4096));
    QVERIFY(cache.set("k", entry("small")));
    QVERIFY(!cache.set("k", entry(QByteArray(5000, 'x'))));
    QVERIFY2(!cache.get("k"), "the entry it was to replace is no longer true");
}

void TestMemoryCache::replacesAndCountsBytes()
{
    MemoryCache cache(options(10));
    cache.set("k", entry(QByteArray(100, 'x')));
    const qint64 before = cache.stats().front().bytes;
    cache.set("k", entry(QByteArray(300, 'y')));
    QCOMPARE(cache.stats().front().bytes, before + 200);
    QCOMPARE(cache.stats().front().entries, 1);
    QCOMPARE(cache.get("k")->bytes, QByteArray(300, 'y'));
    QVERIFY(cache.remove("k"));
    QVERIFY(!cache.remove("k"));
    QCOMPARE(cache.stats().front().bytes, 0);
}

void TestMemoryCache::removesByPatternAndPrefix()
{
    MemoryCache cache(options(100));
    for (const char *name : {"contacts:1", "contacts:2", "companies:1", "contacts*:3"})
        cache.set(name, entry("x"));
    QCOMPARE(cache.removePattern("contacts:[2-9]"), 1);
    QVERIFY(cache.get("contacts:1"));
    QCOMPARE(cache.removePrefix("contacts*"), 1);
    QCOMPARE(cache.removePattern("*:1"), 2);
    QCOMPARE(cache.stats().front().entries, 0);
    QCOMPARE(cache.stats().front().total.removals, 4);
}

void TestMemoryCache::countsByPrefix()
{
    MemoryCache cache(options(100));
    const QByteArray hash(32, 'a');
    for (int i = 0; i < 5; ++i) { // more of them than have a counter of their own
        const QByteArray prefix = "p" + QByteArray::number(i);
        cache.get("query_cache:" + prefix + ':' + hash);
        cache.set("query_cache:" + prefix + ':' + hash, entry("x"));
        for (int n = 0; n <= i; ++n)
            cache.get("query_cache:" + prefix + ':' + hash);
    }
    const BackendStats stats = cache.stats().front();
    for (int i = 0; i < 5; ++i) {
        const PrefixStats prefix = stats.prefixes.at("p" + QByteArray::number(i));
        QCOMPARE(prefix.counters.hits, i + 1);
        QCOMPARE(prefix.counters.misses, 1);
        QCOMPARE(prefix.entries, 1);
        QVERIFY(prefix.bytes > 0);
    }
    QCOMPARE(stats.total.hits, 15);
    QCOMPARE(stats.total.misses, 5);
}

void TestMemoryCache::popularEntriesSurviveAScan()
{
    for (const Admission admission : {Admission::Lru, Admission::TinyLfu}) {
        MemoryCache cache(options(100, admission));
        const auto ask = [&](int number) {
            const bool hit = cache.get(key(number)).has_value();
            if (!hit)
                cache.set(key(number), entry("x"));
            return hit;
        };
        for (int round = 0; round < 5; ++round) {
            for (int popular = 0; popular < 50; ++popular)
                ask(popular);
        }
        for (int scanned = 1000; scanned < 3000; ++scanned)
            ask(scanned);
        int left = 0;
        for (int popular = 0; popular < 50; ++popular)
            left += cache.get(key(popular)) ? 1 : 0;
        if (admission == Admission::Lru)
            QCOMPARE(left, 0);
        else
            QVERIFY2(left >= 48, qPrintable(QString::number(left)));
    }
}

void TestMemoryCache::oldPopularityFades()
{
    MemoryCache cache(options(64, Admission::TinyLfu));
    const auto ask = [&](int number) {
        if (!cache.get(key(number)))
            cache.set(key(number), entry("x"));
    };
    for (int round = 0; round < 20; ++round) {
        for (int old = 0; old < 64; ++old)
            ask(old);
    }
    for (int round = 0; round < 60; ++round) {
        for (int fresh = 100; fresh < 150; ++fresh)
            ask(fresh);
    }
    int kept = 0;
    for (int fresh = 100; fresh < 150; ++fresh)
        kept += cache.get(key(fresh)) ? 1 : 0;
    QVERIFY2(kept >= 45, qPrintable(QString::number(kept)));
}

void TestMemoryCache::prefersExpiredVictims()
{
    MemoryCache cache(options(3));
    cache.set(key(1), entry("x", 10));
    cache.set(key(2), entry("x"));
    cache.set(key(3), entry("x"));
    m_now += 20;
    cache.set(key(4), entry("x"));
    const BackendStats stats = cache.stats().front();
    QCOMPARE(stats.total.expirations, 1);
    QCOMPARE(stats.total.evictions, 0);
    QCOMPARE(stats.validEntries, 3);
}

void TestMemoryCache::sketchCountsAndAges()
{
    FrequencySketch sketch(512);
    const auto hash = [](int number) { return qHash(number, size_t(7)); };
    QCOMPARE(sketch.frequency(hash(1)), 0);
    for (int i = 0; i < 9; ++i)
        sketch.increment(hash(1));
    QVERIFY(sketch.frequency(hash(1)) >= 9);
    for (int i = 0; i < 100; ++i)
        sketch.increment(hash(2));
    QCOMPARE(sketch.frequency(hash(2)), 15);
    for (int i = 0; sketch.halvings() == 0 && i < 100'000; ++i)
        sketch.increment(hash(1000 + i % 400));
    QCOMPARE(sketch.halvings(), 1);
    QVERIFY(sketch.frequency(hash(2)) <= 8);
    // An error of a few in a sketch of this load is its nature; a constant one would be a bug.
    qint64 excess = 0;
    FrequencySketch light(4096);
    for (int i = 0; i < 4096; ++i)
        light.increment(hash(i));
    for (int i = 0; i < 4096; ++i)
        excess += light.frequency(hash(i)) - 1;
    QVERIFY2(excess < 4096 / 2, qPrintable(QString::number(excess)));
}

void TestMemoryCache::threadsDoNotDisturbEachOther()
{
    MemoryCacheOptions shared = options(500, Admission::TinyLfu, 200'000);
    shared.shards = 4;
    MemoryCache cache(shared);
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 20'000; ++i) {
                const int number = (i * (t + 3)) % 1500;
                const auto found = cache.get(key(number));
                if (found && found->bytes != "value " + QByteArray::number(number))
                    ++wrong;
                if (!found)
                    cache.set(key(number), entry("value " + QByteArray::number(number), 1 + i % 50));
                if (i % 997 == 0)
                    cache.removePattern("*7");
                if (i % 101 == 0)
                    m_now += 3;
                if (i % 499 == 0)
                    cache.stats();
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(wrong.load(), 0);
    const BackendStats stats = cache.stats().front();
    QVERIFY(stats.entries <= 500);
    QCOMPARE(stats.total.hits + stats.total.misses, 80'000);
    cache.removePattern("*");
    QCOMPARE(cache.stats().front().bytes, 0);
}

void TestMemoryCache::everyHitOfManyThreadsCounts()
{
    for (const Admission admission : {Admission::Lru, Admission::TinyLfu}) {
        constexpr int threadCount = 12, rounds = 5'000, popular = 40; // more threads than a shard has lanes
        MemoryCache cache(options(50, admission));
        for (int i = 0; i < popular; ++i)
            QVERIFY(cache.set(key(i), entry("x")));
        std::atomic<int> missed = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < threadCount; ++t) {
            threads.emplace_back([&, t] {
                for (int i = 0; i < rounds; ++i)
                    missed += cache.get(key((i * (t + 1)) % popular)) ? 0 : 1;
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(missed.load(), 0);
        QCOMPARE(cache.stats().front().total.hits, threadCount * rounds);
        if (admission == Admission::Lru) { // a late hit saves an entry, whatever was noted before it
            QVERIFY(cache.get(key(7)));
            for (int i = 0; i < popular; ++i)
                cache.set(key(1000 + i), entry("x"));
            QVERIFY(cache.get(key(7)));
        }
    }
}

QTEST_GUILESS_MAIN(TestMemoryCache)
#include "tst_memory_cache.moc"
