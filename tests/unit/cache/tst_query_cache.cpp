// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/memory_cache.h"
#include "cache/warming.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <stdexcept>

using namespace a360;
using namespace a360::cache;

class TestQueryCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void keepsWhatItLoads();
    void takesTimesPerEntry();
    void remembersThatThereIsNothing();
    void servesStaleWhileItLoadsAgain();
    void keepsStaleWhenReloadingFails();
    void survivesAReloadThatThrows();
    void loadsAnywayOnRequest();
    void isTransparentWhenOff();
    void flushesOnChange();
    void companiesReachContacts();
    void tellsHandlers();
    void warmsEntries();
    void warmsBatches();
    void reportsTheShapeOfTheContract();
    void judgesItsHitRatio();

private:
    static Load giving(const QByteArray &bytes)
    {
        return [bytes](const CancelToken &) -> Result<std::optional<QByteArray>> { return std::optional(bytes); };
    }
    Load counted(const QByteArray &bytes)
    {
        return [this, bytes](const CancelToken &) -> Result<std::optional<QByteArray>> {
            ++m_loads;
            return std::optional(bytes);
        };
    }
    static Load failing()
    {
        return [](const CancelToken &) -> Result<std::optional<QByteArray>> {
            return makeError(ErrorCode::Database, QStringLiteral("broken"));
        };
    }
    std::unique_ptr<QueryCache> make(QueryCacheOptions options)
    {
        const Clock clock = [this] { return m_now.load(); };
        options.clock = clock;
        MemoryCacheOptions memory;
        memory.clock = clock;
        return std::make_unique<QueryCache>(std::make_unique<MemoryCache>(memory), options);
    }

    std::atomic<qint64> m_now = 0;
    std::atomic<int> m_loads = 0;
    std::unique_ptr<QueryCache> m_cache;
    const QByteArray m_key = makeKey("contacts:list", {{1}, {}});
};

void TestQueryCache::init()
{
    m_now = 1'000'000;
    m_loads = 0;
    QueryCacheOptions options;
    options.dependents.emplace("companies", QByteArrayList{"contacts"});
    m_cache = make(options);
}

void TestQueryCache::keepsWhatItLoads()
{
    const auto first = m_cache->cacheAside(m_key, counted("page"));
    QVERIFY(first.ok() && !first->hit);
    const auto second = m_cache->cacheAside(m_key, counted("other"));
    QVERIFY(second->hit);
    QCOMPARE(second->bytes, QByteArray("page"));
    QCOMPARE(m_loads.load(), 1);
    QVERIFY(m_cache->remove(m_key));
    QVERIFY(!m_cache->get(m_key));
    QVERIFY(!m_cache->cacheAside(m_key, failing()).ok());
    QCOMPARE(m_cache->cacheAside(m_key, counted("again"))->bytes, QByteArray("again"));
}

void TestQueryCache::takesTimesPerEntry()
{
    QVERIFY(m_cache->set("a", "1", std::chrono::seconds(10)));
    QVERIFY(m_cache->set("b", "2"));
    m_now += 10'000;
    QVERIFY(!m_cache->get("a"));
    QVERIFY(m_cache->get("b"));
    m_now += 290'000;
    QVERIFY(!m_cache->get("b")); // QUERY_CACHE_TTL
}

void TestQueryCache::remembersThatThereIsNothing()
{
    const Load nothing = [this](const CancelToken &) -> Result<std::optional<QByteArray>> {
        ++m_loads;
        return std::optional<QByteArray>();
    };
    QVERIFY(m_cache->cacheAside(m_key, nothing)->nothing);
    const auto again = m_cache->cacheAside(m_key, nothing);
    QVERIFY(again->nothing && again->hit);
    QCOMPARE(m_loads.load(), 1);
    m_now += 10'000; // shorter than the time of a value
    QCOMPARE(m_cache->cacheAside(m_key, giving("now"))->bytes, QByteArray("now"));
    QCOMPARE(m_cache->report().total.loads.nothing, 1);
}

void TestQueryCache::servesStaleWhileItLoadsAgain()
{
    LoadOptions options;
    options.ttl = std::chrono::seconds(10);
    options.staleFor = std::chrono::seconds(60);
    QVERIFY(m_cache->cacheAside(m_key, counted("old"), options).ok());
    m_now += 11'000;
    const auto stale = m_cache->cacheAside(m_key, counted("new"), options);
    QCOMPARE(stale->bytes, QByteArray("old"));
    QTRY_COMPARE(m_cache->get(m_key)->bytes, QByteArray("new"));
    QCOMPARE(m_loads.load(), 2);
    QCOMPARE(m_cache->report().total.loads.stale, 1);
    m_now += 80'000; // beyond the grace nobody gets it
    QCOMPARE(m_cache->cacheAside(m_key, counted("newest"), options)->bytes, QByteArray("newest"));
}

void TestQueryCache::keepsStaleWhenReloadingFails()
{
    LoadOptions options;
    options.ttl = std::chrono::seconds(10);
    options.staleFor = std::chrono::seconds(60);
    QVERIFY(m_cache->cacheAside(m_key, giving("old"), options).ok());
    m_now += 11'000;
    QCOMPARE(m_cache->cacheAside(m_key, failing(), options)->bytes, QByteArray("old"));
    QTRY_COMPARE(m_cache->report().total.loads.failures, 1);
    QCOMPARE(m_cache->cacheAside(m_key, giving("back"), options)->bytes, QByteArray("old"));
    QTRY_COMPARE(m_cache->get(m_key)->bytes, QByteArray("back"));
}

void TestQueryCache::survivesAReloadThatThrows()
{
    LoadOptions options;
    options.ttl = std::chrono::seconds(10);
    options.staleFor = std::chrono::seconds(60);
    QVERIFY(m_cache->cacheAside(m_key, giving("old"), options).ok());
    m_now += 11'000;
    const Load throwing = [](const CancelToken &) -> Result<std::optional<QByteArray>> { throw std::runtime_error("no room"); };
    QCOMPARE(m_cache->cacheAside(m_key, throwing, options)->bytes, QByteArray("old"));
    QTRY_COMPARE(m_cache->report().total.loads.failures, 1);
    QCOMPARE(m_cache->cacheAside(m_key, giving("back"), options)->bytes, QByteArray("old"));
    QTRY_COMPARE(m_cache->get(m_key)->bytes, QByteArray("back"));
    // And who waits for such a load himself gets it as an error.
    const auto failed = m_cache->cacheAside("another", throwing);
    QVERIFY(!failed.ok());
    QCOMPARE(failed.error().code, ErrorCode::Internal);
}

void TestQueryCache::loadsAnywayOnRequest()
{
    QVERIFY(m_cache->cacheAside(m_key, giving("old")).ok());
    LoadOptions options;
    options.reload = true;
    const auto value = m_cache->cacheAside(m_key, giving("new"), options);
    QVERIFY(!value->hit);
    QCOMPARE(value->bytes, QByteArray("new"));
    QCOMPARE(m_cache->get(m_key)->bytes, QByteArray("new"));
}

void TestQueryCache::isTransparentWhenOff()
{
    QueryCacheOptions options;
    options.enabled = false;
    m_cache = make(options);
    QVERIFY(!m_cache->set("a", "1"));
    QVERIFY(!m_cache->get("a"));
    QCOMPARE(m_cache->cacheAside(m_key, counted("x"))->bytes, QByteArray("x"));
    QVERIFY(!m_cache->cacheAside(m_key, counted("x"))->hit);
    QCOMPARE(m_loads.load(), 2);
    QCOMPARE(m_cache->invalidateOnDelete("contacts"), 0);
    QCOMPARE(toJson(m_cache->report()), (QJsonObject{{QStringLiteral("enabled"), false}}));
    QueryCache none(nullptr, {});
    QVERIFY(!none.isEnabled());
    QCOMPARE(none.cacheAside(m_key, counted("x"))->bytes, QByteArray("x"));
}

void TestQueryCache::flushesOnChange()
{
    const CacheArguments seven{{}, {{QStringLiteral("contact_id"), 7}}};
    m_cache->set(makeKey("contact", seven), "seven");
    m_cache->set(makeKey("contact", {{}, {{QStringLiteral("contact_id"), 8}}}), "eight");
    m_cache->set(m_key, "list");
    QVERIFY(m_cache->invalidateOnUpdate("contact", seven)); // the exact key, and always the whole prefix
    QVERIFY(!m_cache->get(makeKey("contact", {{}, {{QStringLiteral("contact_id"), 8}}})));
    QVERIFY(m_cache->get(m_key));
    QVERIFY(!m_cache->invalidateOnUpdate("contact", seven));
    QCOMPARE(m_cache->invalidateOnCreate("contacts"), 1);
    QVERIFY(!m_cache->get(m_key));
    m_cache->set(keyAtEpochs(m_key, "ab.1.2"), "list");
    QCOMPARE(m_cache->invalidateOnDelete("contacts:list"), 1);
}

void TestQueryCache::companiesReachContacts()
{
    m_cache->set(m_key, "contacts with their companies");
    m_cache->set(makeKey("companies:list"), "companies");
    QCOMPARE(m_cache->invalidateOnCreate("contacts:list"), 1);
    QVERIFY(m_cache->get(makeKey("companies:list"))); // not the other way round
    m_cache->set(m_key, "contacts with their companies");
    QCOMPARE(m_cache->invalidateOnDelete("companies:list"), 2);
    QVERIFY(!m_cache->get(m_key));
}

void TestQueryCache::tellsHandlers()
{
    QList<InvalidationEvent> seen;
    m_cache->registerInvalidationHandler("user", [](const InvalidationEvent &) -> Result<void> {
        return makeError(ErrorCode::Internal, QStringLiteral("handler broke"));
    });
    m_cache->registerInvalidationHandler("user", [&seen](const InvalidationEvent &event) -> Result<void> {
        seen.append(event);
        return {};
    });
    const CacheArguments arguments{{}, {{QStringLiteral("user_id"), 7}}};
    m_cache->set(makeKey("user", arguments), "someone");
    InvalidationEvent event;
    event.prefix = "user";
    event.reason = QStringLiteral("user_updated");
    event.metadata = {{QStringLiteral("user_id"), 7}};
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("handler for the invalidation")));
    QCOMPARE(m_cache->invalidateWithEvent(event, arguments), 1);
    QVERIFY(!m_cache->get(makeKey("user", arguments)));
    QCOMPARE(seen.size(), 1);
    QCOMPARE(seen[0].reason, QStringLiteral("user_updated"));
    QCOMPARE(seen[0].metadata.value(QStringLiteral("user_id")).toInt(), 7);
    QCOMPARE(seen[0].timestamp, QDateTime::fromMSecsSinceEpoch(1'000'000).toUTC());
    QCOMPARE(m_cache->report().handlerFailures, 1);

    m_cache->set(makeKey("user", {{1}, {}}), "a");
    m_cache->set(makeKey("user", {{2}, {}}), "b");
    const InvalidationEvent all{"user", "query_cache:user:*", QStringLiteral("manual"), {}, {}};
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("handler for the invalidation")));
    QCOMPARE(m_cache->invalidateWithEvent(all), 2);
    QCOMPARE(m_cache->report().invalidations, 2);
    QCOMPARE(m_cache->invalidateWithEvent({"nobody", {}, {}, {}, {}}), 0);
}

void TestQueryCache::warmsEntries()
{
    m_cache->set(m_key, "old");
    const auto warmed = warmEntry(*m_cache, {"contacts:list", m_key, giving("new"), {}});
    QCOMPARE(**warmed, QByteArray("new"));
    QCOMPARE(m_cache->cacheAside(m_key, failing())->bytes, QByteArray("new"));
}

void TestQueryCache::warmsBatches()
{
    const std::vector<WarmTask> tasks{{"one", makeKey("one"), giving("1"), std::nullopt},
                                      {"two", makeKey("two"), failing(), std::nullopt},
                                      {"three", makeKey("three"), giving("3"), std::chrono::seconds(5)}};
    const WarmReport report = warmBatch(*m_cache, tasks);
    QCOMPARE(QJsonDocument(toJson(report)).toJson(QJsonDocument::Compact),
             QByteArray(R"({"errors":[{"error":"broken","prefix":"two"}],"failed":1,"successful":2,"total":3})"));
    QVERIFY(m_cache->get(makeKey("one")));
    QVERIFY(!m_cache->get(makeKey("two")));
    m_now += 5'000;
    QVERIFY(!m_cache->get(makeKey("three")));
}

void TestQueryCache::reportsTheShapeOfTheContract()
{
    QVERIFY(m_cache->cacheAside(m_key, giving("page")).ok());
    QVERIFY(m_cache->cacheAside(m_key, giving("page")).ok());
    QVERIFY(m_cache->cacheAside(makeKey("companies:list"), giving("page")).ok());
    const QJsonObject json = toJson(m_cache->report());
    QCOMPARE(json[QLatin1String("enabled")], true);
    QCOMPARE(json[QLatin1String("backend")].toString(), QLatin1String("in-memory (cachetools.TTLCache)"));
    QCOMPARE(json[QLatin1String("default_ttl")], 300);
    for (const char *name : {"total_entries", "valid_entries", "currsize"})
        QCOMPARE(json[QLatin1String(name)], 2);
    for (const char *name : {"max_entries", "maxsize"})
        QCOMPARE(json[QLatin1String(name)], 1000);
    QCOMPARE(json[QLatin1String("hits")], 1);
    QCOMPARE(json[QLatin1String("misses")], 2);
    QCOMPARE(json[QLatin1String("hit_ratio")].toDouble(), 1.0 / 3);
    QCOMPARE(json[QLatin1String("verdict")].toString(), QLatin1String("not enough data"));
    QCOMPARE(json[QLatin1String("loads")], 2);
    QVERIFY(json[QLatin1String("load_seconds")].toDouble() > 0);
    QVERIFY(json[QLatin1String("bytes")].toDouble() > 0);
    const QJsonObject contacts = json[QLatin1String("prefixes")][QLatin1String("contacts:list")].toObject();
    QCOMPARE(contacts[QLatin1String("hits")], 1);
    QCOMPARE(contacts[QLatin1String("misses")], 1);
    QCOMPARE(contacts[QLatin1String("loads")], 1);
    QCOMPARE(json[QLatin1String("tiers")][0][QLatin1String("name")].toString(), QLatin1String("memory"));
    QCOMPARE(json[QLatin1String("tiers")][0][QLatin1String("hits")], 1);
}

void TestQueryCache::judgesItsHitRatio()
{
    QCOMPARE(verdictOn(0, 0, 100), Verdict::NotEnoughData);
    QCOMPARE(verdictOn(99, 0, 100), Verdict::NotEnoughData);
    QCOMPARE(verdictOn(81, 19, 100), Verdict::Good);
    QCOMPARE(verdictOn(80, 20, 100), Verdict::Fair);
    QCOMPARE(verdictOn(50, 50, 100), Verdict::Fair);
    QCOMPARE(verdictOn(49, 51, 100), Verdict::Reconsider);
    m_cache->set(m_key, "x");
    for (int i = 0; i < 100; ++i)
        m_cache->get(m_key);
    QCOMPARE(toJson(m_cache->report())[QLatin1String("verdict")].toString(), QLatin1String("good"));
}

QTEST_GUILESS_MAIN(TestQueryCache)
#include "tst_query_cache.moc"
