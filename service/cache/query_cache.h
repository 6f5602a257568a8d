// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/cache_key.h"
#include "cache/cache_statistics.h"
#include "cache/invalidation.h"
#include "cache/single_flight.h"

#include <QThreadPool>

#include <memory>
#include <set>

namespace a360::cache {

struct QueryCacheOptions
{
    bool enabled = true;                           ///< ENABLE_QUERY_CACHING; off: every load runs, nothing is kept
    std::chrono::milliseconds ttl{300'000};        ///< QUERY_CACHE_TTL
    std::chrono::milliseconds negativeTtl{10'000}; ///< of "there is no such thing"
    qint64 enoughLookups = 100;                    ///< below that there is no verdict on a hit ratio
    /// Who is made of whose data: a change of the first flushes the others too ("companies" -> "contacts").
    std::map<QByteArray, QByteArrayList> dependents;
    Clock clock = systemClock;
};

/// Fetches a value on a miss: bytes, nothing (a negative result), or an error, which is not kept.
using Load = std::function<Result<std::optional<QByteArray>>(const CancelToken &)>;

struct LoadOptions
{
    std::optional<std::chrono::milliseconds> ttl; ///< default: that of the cache; negative results have their own
    /// Beyond its time an entry is served for this long while one load in the background replaces it. The load then
    /// outlives the call, so it must own what it captures.
    std::chrono::milliseconds staleFor{0};
    bool reload = false; ///< load even if there is an entry (a client said no-cache, warming)
};

struct CachedValue
{
    QByteArray bytes;
    bool nothing = false; ///< it is known that there is no value
    bool hit = false;     ///< nobody had to load it for this call
};

/// Answers of queries by key, in front of whatever tiers the backend has (contract §7.1-7.3, the guide's query cache).
/// Thread-safe. Only a load's own error ever reaches a caller.
class QueryCache
{
public:
    /// Without a backend it is as if not enabled.
    QueryCache(std::unique_ptr<CacheBackend> backend, QueryCacheOptions options);
    /// Cancels loads in the background and waits for them.
    ~QueryCache();
    QueryCache(const QueryCache &) = delete;
    QueryCache &operator=(const QueryCache &) = delete;

    bool isEnabled() const { return m_backend && m_options.enabled; }
    const QueryCacheOptions &options() const { return m_options; }

    std::optional<CacheEntry> get(const QByteArray &key);
    bool set(const QByteArray &key, const QByteArray &bytes, std::optional<std::chrono::milliseconds> ttl = {});
    bool remove(const QByteArray &key);

    /// The value of a key, loaded in this thread if need be. While one call loads, others for the same key wait for its
    /// result, its error included; `cancel` ends waiting and is handed to the load.
    Result<CachedValue> cacheAside(const QByteArray &key, const Load &load, const LoadOptions &options = {},
                                   const CancelToken &cancel = {});

    /// Flushes `query_cache:<prefix>:*`; gives how many keys that were.
    qint64 clearPrefix(const QByteArray &prefix);
    qint64 invalidatePattern(const QByteArray &glob);
    /// Removes the exact key when arguments are given, and always flushes the prefix and its dependents.
    qint64 invalidateOnCreate(const QByteArray &prefix, const std::optional<CacheArguments> &arguments = {});
    bool invalidateOnUpdate(const QByteArray &prefix, const std::optional<CacheArguments> &arguments = {});
    qint64 invalidateOnDelete(const QByteArray &prefix, const std::optional<CacheArguments> &arguments = {});
    /// Flushes the event's pattern, or else the exact key of `arguments`, then calls the handlers of the prefix.
    qint64 invalidateWithEvent(InvalidationEvent event, const CacheArguments &arguments = {});
    /// For data whose keys carry epochs, which nobody has to flush: counts the invalidation and calls the handlers.
    void announceInvalidation(InvalidationEvent event);
    void registerInvalidationHandler(const QByteArray &prefix, InvalidationHandler handler);

    CacheReport report() const;
    /// Lets go of the backend's connections; afterwards everything is a miss.
    void close();

private:
    Result<CacheEntry> loadAndKeep(const SingleFlight::Flight &flight, const QByteArray &key, const Load &load,
                                   const LoadOptions &options, const CancelToken &cancel);
    SingleFlight::Outcome fly(const QByteArray &key, const Load &load, const LoadOptions &options, quint64 landings,
                              const CancelToken &cancel);
    void refresh(const QByteArray &key, const Load &load, const LoadOptions &options);
    void count(const QByteArray &key, const std::function<void(LoadCounters &)> &change);
    CacheEntry entryOf(std::optional<QByteArray> value, const LoadOptions &options) const;
    bool isFresh(const CacheEntry &entry) const { return m_options.clock() < entry.freshUntil; }
    void callHandlers(InvalidationEvent &event);
    qint64 flush(const QByteArray &prefix, const std::optional<CacheArguments> &arguments);

    const QueryCacheOptions m_options;
    const std::unique_ptr<CacheBackend> m_backend;
    SingleFlight m_flights;
    InvalidationHandlers m_handlers;
    mutable std::mutex m_mutex;
    std::map<QByteArray, LoadCounters, std::less<>> m_loads; // guarded by m_mutex, as the next three
    std::set<QByteArray> m_refreshing;
    qint64 m_invalidations = 0;
    qint64 m_handlerFailures = 0;
    CancelSource m_closing;
    QThreadPool m_refreshers; // last: waits for its threads before the rest goes
};

} // namespace a360::cache
