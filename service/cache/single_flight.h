// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/cache_entry.h"
#include "core/cancel_token.h"

#include <QByteArray>

#include <array>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>

namespace a360::cache {

/// Lets one thread load a key while the others who want it wait for the same result. Thread-safe.
class SingleFlight
{
public:
    class Flight
    {
    public:
        /// Somebody has invalidated the key meanwhile: the result is for those who already wait, not for keeping.
        bool isForgotten() const { return m_forgotten.load(std::memory_order_acquire); }

    private:
        friend class SingleFlight;
        std::mutex m_mutex;
        std::condition_variable m_changed;
        std::optional<Result<CacheEntry>> m_result; // guarded by m_mutex, as the next
        bool m_abandoned = false;                   // whoever loaded gave up for himself alone
        std::atomic<bool> m_forgotten = false;
    };

    struct Outcome
    {
        Result<CacheEntry> result;
        bool waited = false; ///< another thread did the work
    };
    using Work = std::function<Result<CacheEntry>(const Flight &)>;

    /// Runs `work` in this thread, or waits for the thread that is at it. An error goes to all who wait, except when the
    /// loading thread's own caller cancelled: then one of those who wait takes over. A waiting thread leaves with
    /// Error{Cancelled} when its own token is set. `work` must not ask for the same key again.
    Outcome run(const QByteArray &key, const Work &work, const CancelToken &cancel);

    /// Flights of these keys keep their passengers and take no more.
    void forget(const std::function<bool(const QByteArray &key)> &condition);

    /// Changes whenever a flight of this key (or one of a few others) ends. Who read it before he looked into the cache
    /// knows, when he is to load, whether he has to look again.
    quint64 landings(const QByteArray &key) const;

private:
    class Landing;
    std::atomic<quint64> &landingsOf(const QByteArray &key) const;
    std::optional<Outcome> wait(Flight &flight, const CancelToken &cancel);

    std::mutex m_mutex;
    std::map<QByteArray, std::shared_ptr<Flight>> m_flights; // guarded by m_mutex
    mutable std::array<std::atomic<quint64>, 64> m_landings{};
};

} // namespace a360::cache
