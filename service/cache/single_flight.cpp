// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/single_flight.h"

#include <QHashFunctions>

namespace a360::cache {

std::atomic<quint64> &SingleFlight::landingsOf(const QByteArray &key) const
{
    return m_landings[qHash(key) % m_landings.size()];
}

quint64 SingleFlight::landings(const QByteArray &key) const
{
    return landingsOf(key).load(std::memory_order_acquire);
}

/// Ends a flight however its thread leaves, so that nobody waits for ever.
class SingleFlight::Landing
{
public:
    Landing(SingleFlight &owner, const QByteArray &key, std::shared_ptr<Flight> flight)
        : m_owner(owner), m_key(key), m_flight(std::move(flight))
    {
    }
    Landing(const Landing &) = delete;
    Landing &operator=(const Landing &) = delete;
    ~Landing()
    {
        m_owner.landingsOf(m_key).fetch_add(1, std::memory_order_acq_rel);
        {
            const std::lock_guard lock(m_owner.m_mutex);
            const auto it = m_owner.m_flights.find(m_key);
            if (it != m_owner.m_flights.end() && it->second == m_flight)
                m_owner.m_flights.erase(it);
        }
        const std::lock_guard lock(m_flight->m_mutex);
        m_flight->m_result = result;
        m_flight->m_abandoned = abandoned;
        m_flight->m_changed.notify_all();
    }

    Result<CacheEntry> result = makeError(ErrorCode::Internal, QStringLiteral("Loading a value for the cache broke off."));
    bool abandoned = false;

private:
    SingleFlight &m_owner;
    const QByteArray m_key;
    const std::shared_ptr<Flight> m_flight;
};

std::optional<SingleFlight::Outcome> SingleFlight::wait(Flight &flight, const CancelToken &cancel)
{
    const CancelToken::Registration registration = cancel.onCancel([&flight] {
        const std::lock_guard lock(flight.m_mutex);
        flight.m_changed.notify_all();
    });
    std::unique_lock lock(flight.m_mutex);
    flight.m_changed.wait(lock, [&] { return flight.m_result.has_value() || cancel.isCancelled(); });
    if (cancel.isCancelled())
        return Outcome{makeError(ErrorCode::Cancelled, QStringLiteral("Cancelled.")), true};
    if (flight.m_abandoned)
        return std::nullopt;
    return Outcome{*flight.m_result, true};
}

SingleFlight::Outcome SingleFlight::run(const QByteArray &key, const Work &work, const CancelToken &cancel)
{
    for (;;) {
        std::shared_ptr<Flight> flight;
        bool mine = false;
        {
            const std::lock_guard lock(m_mutex);
            std::shared_ptr<Flight> &slot = m_flights[key];
            mine = !slot;
            if (mine)
                slot = std::make_shared<Flight>();
            flight = slot;
        }
        if (!mine) {
            if (std::optional<Outcome> outcome = wait(*flight, cancel))
                return *std::move(outcome);
            continue; // it is somebody else's turn to load, perhaps ours
        }
        Landing landing(*this, key, flight);
        landing.result = work(*flight);
        landing.abandoned =
            !landing.result.ok() && landing.result.error().code == ErrorCode::Cancelled && cancel.isCancelled();
        return {landing.result, false};
    }
}

void SingleFlight::forget(const std::function<bool(const QByteArray &)> &condition)
{
    const std::lock_guard lock(m_mutex);
    for (auto it = m_flights.begin(); it != m_flights.end();) {
        if (!condition(it->first)) {
            ++it;
            continue;
        }
        it->second->m_forgotten.store(true, std::memory_order_release);
        it = m_flights.erase(it);
    }
}

} // namespace a360::cache
