// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/query_cache.h"

#include "cache/glob.h"
#include "core/thrown_error.h"

namespace a360::cache {

namespace {

constexpr int refreshThreads = 2;

/// A load is a function of others: what it throws must end neither the program nor the thread it runs in.
Result<std::optional<QByteArray>> guarded(const Load &load, const CancelToken &cancel)
{
    try {
        return load(cancel);
    } catch (...) {
        return errorFromException(QStringLiteral("Loading a value for the cache"));
    }
}

QByteArray flushPattern(const QByteArray &prefix)
{
    return escapeGlob("query_cache:" + prefix + ':') + '*';
}

} // namespace

QueryCache::QueryCache(std::unique_ptr<CacheBackend> backend, QueryCacheOptions options)
    : m_options(std::move(options)), m_backend(std::move(backend))
{
    m_refreshers.setMaxThreadCount(refreshThreads);
}

QueryCache::~QueryCache()
{
    m_closing.cancel();
    m_refreshers.clear();
    m_refreshers.waitForDone();
}

std::optional<CacheEntry> QueryCache::get(const QByteArray &key)
{
    return isEnabled() ? m_backend->get(key) : std::nullopt;
}

bool QueryCache::set(const QByteArray &key, const QByteArray &bytes, std::optional<std::chrono::milliseconds> ttl)
{
    LoadOptions options;
    options.ttl = ttl;
    return isEnabled() && m_backend->set(key, entryOf(bytes, options));
}

bool QueryCache::remove(const QByteArray &key)
{
    if (!isEnabled())
        return false;
    m_flights.forget([&key](const QByteArray &flying) { return flying == key; });
    return m_backend->remove(key);
}

// ---- loading

CacheEntry QueryCache::entryOf(std::optional<QByteArray> value, const LoadOptions &options) const
{
    CacheEntry entry;
    entry.nothing = !value.has_value();
    entry.bytes = std::move(value).value_or(QByteArray());
    const qint64 ttl = (entry.nothing ? m_options.negativeTtl : options.ttl.value_or(m_options.ttl)).count();
    entry.freshUntil = m_options.clock() + ttl;
    entry.expiresAt = entry.freshUntil + (entry.nothing ? 0 : options.staleFor.count());
    return entry;
}

void QueryCache::count(const QByteArray &key, const std::function<void(LoadCounters &)> &change)
{
    const QByteArrayView prefix = prefixOfKey(key);
    const std::lock_guard lock(m_mutex);
    auto it = m_loads.find(prefix);
    if (it == m_loads.end())
        it = m_loads.emplace(prefix.toByteArray(), LoadCounters()).first;
    change(it->second);
}

Result<CacheEntry> QueryCache::loadAndKeep(const SingleFlight::Flight &flight, const QByteArray &key, const Load &load,
                                           const LoadOptions &options, const CancelToken &cancel)
{
    const auto begin = std::chrono::steady_clock::now();
    Result<std::optional<QByteArray>> loaded = guarded(load, cancel);
    const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - begin;
    count(key, [&](LoadCounters &counters) {
        ++counters.loads;
        counters.failures += loaded.ok() ? 0 : 1;
        counters.nothing += loaded.ok() && !loaded->has_value() ? 1 : 0;
        counters.loadTime += took;
        counters.longestLoad = std::max(counters.longestLoad, took);
    });
    if (!loaded.ok())
        return std::move(loaded).error();
    CacheEntry entry = entryOf(std::move(*loaded), options);
    if (!flight.isForgotten()) {
        m_backend->set(key, entry);
        // An invalidation marks the flight before it removes: either it finds the entry, or we see the mark.
        if (flight.isForgotten())
            m_backend->remove(key);
    }
    return entry;
}

SingleFlight::Outcome QueryCache::fly(const QByteArray &key, const Load &load, const LoadOptions &options, quint64 landings,
                                      const CancelToken &cancel)
{
    return m_flights.run(
        key,
        [&](const SingleFlight::Flight &flight) -> Result<CacheEntry> {
            if (!options.reload && m_flights.landings(key) != landings) {
                // Somebody may have brought it between our look and our turn.
                std::optional<CacheEntry> entry = m_backend->get(key);
                if (entry && isFresh(*entry))
                    return *std::move(entry);
            }
            return loadAndKeep(flight, key, load, options, cancel);
        },
        cancel);
}

void QueryCache::refresh(const QByteArray &key, const Load &load, const LoadOptions &options)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_refreshing.insert(key).second)
            return;
    }
    m_refreshers.start([this, key, load, options, landings = m_flights.landings(key)] {
        static_cast<void>(fly(key, load, options, landings, m_closing.token()));
        const std::lock_guard lock(m_mutex);
        m_refreshing.erase(key);
    });
}

Result<CachedValue> QueryCache::cacheAside(const QByteArray &key, const Load &load, const LoadOptions &options,
                                           const CancelToken &cancel)
{
    if (!isEnabled()) {
        A360_TRY_ASSIGN(std::optional<QByteArray> value, guarded(load, cancel));
        const bool nothing = !value.has_value();
        return CachedValue{std::move(value).value_or(QByteArray()), nothing, false};
    }
    const quint64 landings = m_flights.landings(key);
    if (!options.reload) {
        if (std::optional<CacheEntry> entry = m_backend->get(key)) {
            if (!isFresh(*entry)) {
                count(key, [](LoadCounters &counters) { ++counters.stale; });
                refresh(key, load, options);
            }
            return CachedValue{std::move(entry->bytes), entry->nothing, true};
        }
    }
    SingleFlight::Outcome outcome = fly(key, load, options, landings, cancel);
    if (outcome.waited)
        count(key, [](LoadCounters &counters) { ++counters.waited; });
    if (!outcome.result.ok())
        return std::move(outcome.result).error();
    return CachedValue{std::move(outcome.result->bytes), outcome.result->nothing, false};
}

// ---- invalidation

qint64 QueryCache::invalidatePattern(const QByteArray &glob)
{
    if (!isEnabled())
        return 0;
    {
        const std::lock_guard lock(m_mutex);
        ++m_invalidations;
    }
    m_flights.forget([&glob](const QByteArray &flying) { return globMatches(glob, flying); });
    return m_backend->removePattern(glob);
}

qint64 QueryCache::clearPrefix(const QByteArray &prefix)
{
    return invalidatePattern(flushPattern(prefix));
}

qint64 QueryCache::flush(const QByteArray &prefix, const std::optional<CacheArguments> &arguments)
{
    qint64 removed = arguments && remove(makeKey(prefix, *arguments)) ? 1 : 0;
    removed += clearPrefix(prefix);
    // "companies:list" is data of "companies".
    const QByteArray entity = prefix.left(prefix.indexOf(':'));
    if (const auto it = m_options.dependents.find(entity); it != m_options.dependents.end()) {
        for (const QByteArray &dependent : it->second)
            removed += clearPrefix(dependent);
    }
    return removed;
}

qint64 QueryCache::invalidateOnCreate(const QByteArray &prefix, const std::optional<CacheArguments> &arguments)
{
    return flush(prefix, arguments);
}

bool QueryCache::invalidateOnUpdate(const QByteArray &prefix, const std::optional<CacheArguments> &arguments)
{
    return flush(prefix, arguments) > 0;
}

qint64 QueryCache::invalidateOnDelete(const QByteArray &prefix, const std::optional<CacheArguments> &arguments)
{
    return flush(prefix, arguments);
}

qint64 QueryCache::invalidateWithEvent(InvalidationEvent event, const CacheArguments &arguments)
{
    const qint64 removed = event.pattern.isEmpty() ? qint64(remove(makeKey(event.prefix, arguments)) ? 1 : 0)
                                                   : invalidatePattern(event.pattern);
    callHandlers(event);
    const std::lock_guard lock(m_mutex);
    m_invalidations += event.pattern.isEmpty() ? 1 : 0;
    return removed;
}

void QueryCache::announceInvalidation(InvalidationEvent event)
{
    {
        const std::lock_guard lock(m_mutex);
        ++m_invalidations;
    }
    callHandlers(event);
}

void QueryCache::callHandlers(InvalidationEvent &event)
{
    event.timestamp = QDateTime::fromMSecsSinceEpoch(m_options.clock()).toUTC();
    const qint64 failed = m_handlers.call(event);
    const std::lock_guard lock(m_mutex);
    m_handlerFailures += failed;
}

void QueryCache::registerInvalidationHandler(const QByteArray &prefix, InvalidationHandler handler)
{
    m_handlers.add(prefix, std::move(handler));
}

// ---- the rest

CacheReport QueryCache::report() const
{
    CacheReport report;
    report.enabled = isEnabled();
    report.defaultTtl = m_options.ttl;
    if (!report.enabled)
        return report;
    report.tiers = m_backend->stats();
    {
        const std::lock_guard lock(m_mutex);
        for (const auto &[prefix, loads] : m_loads)
            report.prefixes[prefix].loads = loads;
        report.invalidations = m_invalidations;
        report.handlerFailures = m_handlerFailures;
    }
    summarize(report, m_options.enoughLookups);
    return report;
}

void QueryCache::close()
{
    m_closing.cancel();
    m_refreshers.clear();
    m_refreshers.waitForDone();
    if (m_backend)
        m_backend->close();
}

} // namespace a360::cache
