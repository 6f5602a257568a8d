// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/pool_load.h"
#include "db/pool_waits.h"
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
    using Clock = std::chrono::steady_clock;

    explicit PoolState(const PoolSettings &settings) : m_settings(settings) {}

    /// Waits for a place. Errors: Timeout, Cancelled, Unavailable (closed).
    Result<void> acquirePlace(Lane lane, const CancelToken &cancel);
    /// Takes a place only if one is free and nobody waits for it.
    bool tryAcquirePlace(Lane lane);
    void releasePlace(Lane lane);

    /// The most recently parked connection; empty when there is none.
    std::unique_ptr<PooledConnection> takeParked();
    /// For who holds a place, but whom the server refuses a connection: waits until one may be parked, or one of this
    /// pool was closed, or until `until`. False when nobody else holds a place of this pool, so that waiting is idle.
    bool waitForParked(Clock::time_point until, const CancelToken &cancel);
    /// A lease begins.
    void checkOut(PooledConnection &connection, double waited);
    /// A lease is over; its place stays taken. From here on nothing in the pool knows the connection.
    void checkIn(PooledConnection &connection);
    /// Parks it and frees its place in one step. Given back instead when it is overflow or the pool is closed: the
    /// caller closes it and then frees the place.
    std::unique_ptr<PooledConnection> park(std::unique_ptr<PooledConnection> connection);
    /// Takes out all parked connections, for closing.
    std::vector<std::unique_ptr<PooledConnection>> takeAllParked();
    /// A link was lost: every parked connection is asked for an answer before its next use.
    void suspectParked();
    std::vector<std::unique_ptr<PooledConnection>> close();

    void countInvalidated(const QString &cause, qint64 connections = 1);
    void countOpened(bool ok);
    PoolStats stats() const;
    std::vector<LeaseInfo> leases(std::chrono::milliseconds minimumAge) const;
    /// Cheap: places in use.
    int placesInUse() const;

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
    bool hasRoom(Lane lane) const;
    int used() const;

    const PoolSettings m_settings;
    mutable std::mutex m_mutex; // guards everything below
    std::list<Waiter *> m_waiters;
    std::vector<std::unique_ptr<PooledConnection>> m_parked;
    std::vector<PooledConnection *> m_out; // leases; each knows its index
    std::condition_variable m_freed;       // for waitForParked()
    std::array<int, 3> m_inUse{};          // places by lane
    bool m_closed = false;
    PoolStats m_stats;                     // only its totals are kept up to date
    PoolLoadMeter m_load;
    PoolWaitMeter m_waits;
};

} // namespace a360::db
