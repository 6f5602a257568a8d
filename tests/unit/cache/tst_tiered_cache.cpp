// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/memory_cache.h"
#include "cache/query_cache.h"
#include "cache/tiered_cache.h"

#include <QJsonArray>
#include <QTest>

#include <functional>

using namespace a360;
using namespace a360::cache;

namespace {

/// A tier that several processes share, as far as these tests need one: gone when it is told so.
class SharedTier final : public CacheBackend
{
public:
    struct Store
    {
        explicit Store(const Clock &clock) : memory({1000, 1 << 20, Admission::Lru, 1, clock}) {}
        MemoryCache memory;
        bool lost = false;
        std::function<void()> meanwhile; ///< happens between the answer to a read and its arrival
    };
    explicit SharedTier(Store &store) : m_store(store) {}

    QByteArray name() const override { return "redis"; }
    std::optional<CacheEntry> get(const QByteArray &key) override
    {
        std::optional<CacheEntry> entry = m_store.lost ? std::nullopt : m_store.memory.get(key);
        if (m_store.meanwhile)
            std::exchange(m_store.meanwhile, nullptr)();
        return entry;
    }
    bool set(const QByteArray &key, const CacheEntry &entry) override { return !m_store.lost && m_store.memory.set(key, entry); }
    bool remove(const QByteArray &key) override { return !m_store.lost && m_store.memory.remove(key); }
    qint64 removePattern(const QByteArray &glob) override { return m_store.lost ? 0 : m_store.memory.removePattern(glob); }
    std::vector<BackendStats> stats() const override
    {
        std::vector<BackendStats> all = m_store.memory.stats();
        all.front().name = name();
        all.front().details = {{QStringLiteral("redis_info"), QJsonObject{{QStringLiteral("keyspace_hits"), 5}}}};
        return all;
    }

private:
    Store &m_store;
};

} // namespace

class TestTieredCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_now = 1'000'000;
        m_store = std::make_unique<SharedTier::Store>(m_clock);
        m_a = node();
        m_b = node();
    }
    void sharesWhatOneNodeLoaded();
    void bringsEntriesNearForTheRestOfTheirTime();
    void withoutEpochsTheNearCopyIsShortLived();
    void losingTheFarTierCostsHitsOnly();
    void aRemovalIsNotUndoneByAReadUnderWay();
    void reportsBothTiers();

private:
    std::unique_ptr<QueryCache> node()
    {
        MemoryCacheOptions memory;
        memory.clock = m_clock;
        QueryCacheOptions options;
        options.clock = m_clock;
        options.enoughLookups = 1;
        return std::make_unique<QueryCache>(
            std::make_unique<TieredCache>(std::make_unique<MemoryCache>(memory), std::make_unique<SharedTier>(*m_store), m_clock),
            options);
    }
    static Load giving(const QByteArray &bytes)
    {
        return [bytes](const CancelToken &) -> Result<std::optional<QByteArray>> { return std::optional(bytes); };
    }

    std::atomic<qint64> m_now = 0;
    const Clock m_clock = [this] { return m_now.load(); };
    std::unique_ptr<SharedTier::Store> m_store;
    std::unique_ptr<QueryCache> m_a, m_b;
    const QByteArray m_plain = makeKey("user", {{7}, {}});
    const QByteArray m_key = keyAtEpochs(makeKey("contacts:list", {{1}, {}}), "ab.1.2");
};

void TestTieredCache::aRemovalIsNotUndoneByAReadUnderWay()
{
    const std::vector<std::function<void()>> removals{[this] { m_b->remove(m_plain); },
                                                      [this] { m_b->invalidatePattern("query_cache:user:*"); },
                                                      [this] { m_b->clearPrefix("user"); }};
    for (const std::function<void()> &removal : removals) {
        QVERIFY(m_a->set(m_plain, "old"));
        QVERIFY(!m_store->meanwhile);
        m_store->meanwhile = removal; // on the node that reads; near it has nothing yet
        QVERIFY(m_b->get(m_plain));
        QVERIFY(!m_b->get(m_plain)); // whoever asks after the removal does not get it
        m_now += 10'000;
    }
}

void TestTieredCache::sharesWhatOneNodeLoaded()
{
    QVERIFY(!m_a->cacheAside(m_key, giving("page"))->hit);
    const auto other = m_b->cacheAside(m_key, giving("mine"));
    QVERIFY(other->hit);
    QCOMPARE(other->bytes, QByteArray("page"));
    // Another epoch is another key: nobody has to tell the other node.
    QCOMPARE(m_b->cacheAside(keyAtEpochs(makeKey("contacts:list", {{1}, {}}), "ab.2.2"), giving("newer"))->bytes, QByteArray("newer"));
}

void TestTieredCache::bringsEntriesNearForTheRestOfTheirTime()
{
    QVERIFY(m_a->set(m_key, "page", std::chrono::seconds(10)));
    m_now += 8'000;
    QVERIFY(m_b->get(m_key));
    m_store->lost = true;
    QVERIFY(m_b->get(m_key)); // near by now
    m_now += 2'000;
    QVERIFY(!m_b->get(m_key));
}

void TestTieredCache::withoutEpochsTheNearCopyIsShortLived()
{
    QVERIFY(m_a->set(m_plain, "old"));
    QCOMPARE(m_b->get(m_plain)->bytes, QByteArray("old"));
    QVERIFY(m_a->remove(m_plain));
    QVERIFY(!m_a->get(m_plain));
    m_now += 999;
    QVERIFY(m_b->get(m_plain)); // at most this long
    m_now += 1;
    QVERIFY(!m_b->get(m_plain));
    QVERIFY(m_a->set(m_plain, "kept far"));
    m_now += 5'000;
    QCOMPARE(m_a->get(m_plain)->bytes, QByteArray("kept far"));
}

void TestTieredCache::losingTheFarTierCostsHitsOnly()
{
    QVERIFY(m_a->cacheAside(m_key, giving("page")).ok());
    m_store->lost = true;
    QVERIFY(m_a->cacheAside(m_key, giving("again"))->hit);
    QCOMPARE(m_b->cacheAside(m_key, giving("loaded"))->bytes, QByteArray("loaded"));
    QVERIFY(m_b->cacheAside(m_key, giving("again"))->hit);
    QCOMPARE(m_b->invalidatePattern("query_cache:contacts:*"), 1);
}

void TestTieredCache::reportsBothTiers()
{
    QVERIFY(m_a->cacheAside(m_key, giving("page")).ok()); // missed twice
    QVERIFY(m_a->get(m_key));
    QVERIFY(m_b->get(m_key)); // far, then near
    QVERIFY(m_b->get(m_key));
    const CacheReport report = m_b->report();
    QCOMPARE(report.tiers.size(), size_t(2));
    QCOMPARE(report.tiers[0].total.hits, 1);
    QCOMPARE(report.tiers[0].total.misses, 1);
    const QJsonObject json = toJson(report);
    QCOMPARE(json[QLatin1String("backend")].toString(), QLatin1String("redis"));
    QCOMPARE(json[QLatin1String("redis_info")][QLatin1String("keyspace_hits")], 5);
    QCOMPARE(json[QLatin1String("maxsize")], 1000);
    QCOMPARE(json[QLatin1String("tiers")].toArray().size(), 2);
    QCOMPARE(json[QLatin1String("hits")], 2); // one near and one far
    QCOMPARE(json[QLatin1String("misses")], 1); // of the far tier, that is, of both (the other node's)
    QCOMPARE(json[QLatin1String("verdict")].toString(), QLatin1String("fair"));
}

QTEST_GUILESS_MAIN(TestTieredCache)
#include "tst_tiered_cache.moc"
