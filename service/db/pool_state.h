// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/pooled_connection.h"

#include <array>
#include <condition_variable>
#include <list>
#include <mutex>
#include <vector>

namespace a360::db {

/// The part of the pool behind the mutex: who may hold a connection, which connections are parked, and the counters.
/// A "place" is the right to hold one connection; places are granted first come, first served, as far as the caps of
/// the lanes allow. Nothing in here opens, closes or talks to a connection. Thread-safe.
class PoolState
{
public:
    explicit PoolState(const PoolSettings &settings) : m_settings(settings) {}

    /// Waits for a place. Errors: Timeout, Cancelled, Unavailable (closed).
    Result<void> acquirePlace(Lane lane, const CancelToken &cancel);
    /// Takes a place only if one is free and nobody waits for it.
    bool tryAcquirePlace(Lane lane);
    void releasePlace(Lane lane);

    /// The most recently parked connection; empty when there is none.
    std::unique_ptr<PooledConnection> takeParked();
    /// Parks it and frees its place in one step. Given back instead when it is overflow or the pool is closed: the
    /// caller closes it and then frees the place.
    std::unique_ptr<PooledConnection> park(std::unique_ptr<PooledConnection> connection);
    /// Takes out all parked connections, for closing.
    std::vector<std::unique_ptr<PooledConnection>> takeAllParked();
    std::vector<std::unique_ptr<PooledConnection>> close();

    void countCheckout(double seconds);
    void countCheckin();
    void countInvalidated(qint64 connections = 1);
    PoolStats stats() const;

private:
    struct Waiter
    {
        Lane lane;
        std::condition_variable wake;
        bool granted = false;
    };
    void freePlace(Lane lane);
    void grantPlaces();
    int capacity() const;
    int laneCap(Lane lane) const;

    const PoolSettings m_settings;
    mutable std::mutex m_mutex; // guards everything below
    std::list<Waiter *> m_waiters;
    std::vector<std::unique_ptr<PooledConnection>> m_parked;
    std::array<int, 3> m_inUse{}; // places by lane
    bool m_closed = false;
    PoolStats m_stats;            // only its totals are kept up to date
    std::array<double, 1000> m_waits{};
    size_t m_waitCount = 0;
};

} // namespace a360::db
