// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/connection_pool.h"

#include "db/connection_opener.h"
#include "db/epochs.h"
#include "db/pool_monitor.h"
#include "db/pool_state.h"

#include <QRandomGenerator>

#include <algorithm>
#include <atomic>
#include <optional>

namespace a360::db {

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;
constexpr std::chrono::seconds pingAfterIdle{30};
constexpr std::chrono::milliseconds longestPing{2000};

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

} // namespace

struct ConnectionPool::Request
{
    Lane lane;
    Clock::time_point begin;
    Clock::time_point deadline;
    CancelToken cancel;
    const char *owner;
};

class ConnectionPool::Private
{
public:
    Private(DatabaseUrl databaseUrl, PoolSettings poolSettings)
        : url(std::move(databaseUrl)), settings(poolSettings), state(poolSettings)
    {
    }

    using Connection = std::unique_ptr<PooledConnection>;
    Connection usableParked(Clock::time_point deadline, const CancelToken &cancel);
    Result<Connection> open(Clock::time_point deadline, const CancelToken &cancel);
    Result<Connection> obtain(Clock::time_point deadline, const CancelToken &cancel);
    void invalidated(const PooledConnection &connection);

    const DatabaseUrl url;
    const PoolSettings settings;
    PoolState state;
    std::atomic<Clock::time_point> lastWrite = Clock::time_point();
    std::atomic<bool> reachable = false; ///< the latest attempt to connect, or to use a link, went well
    std::unique_ptr<PoolMonitor> monitor;
};

ConnectionPool::ConnectionPool(DatabaseUrl url, PoolSettings settings)
    : d(std::make_unique<Private>(std::move(url), settings)), m_epochs(std::make_unique<EpochBoard>())
{
    if (settings.monitoring)
        d->monitor = std::make_unique<PoolMonitor>(d->state, settings);
}

ConnectionPool::~ConnectionPool()
{
    close();
}

void ConnectionPool::Private::invalidated(const PooledConnection &connection)
{
    state.countInvalidated(connection.brokenCause());
    if (monitor)
        monitor->onInvalidated(connection.brokenCause());
    if (connection.linkIsLost()) {
        // What cut this link (a restart, a network that went away) has most likely cut others.
        reachable = false;
        state.suspectParked();
    }
}

/// The youngest parked connection that is still good, if any.
ConnectionPool::Private::Connection ConnectionPool::Private::usableParked(Clock::time_point deadline,
                                                                           const CancelToken &cancel)
{
    while (Connection parked = state.takeParked()) {
        if (Clock::now() >= parked->recycleAt)
            continue; // closed here, outside the mutex
        if (!settings.prePing)
            return parked;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        const Clock::time_point asked = Clock::now();
        if (parked->ping(pingAfterIdle, std::clamp<std::chrono::milliseconds>(left, 1ms, longestPing), cancel))
            return parked;
        invalidated(*parked);
        if (cancel.isCancelled())
            return nullptr;
        if (Clock::now() - asked < 1s)
            continue;
        // Silence: waiting as long for each of the others would take minutes.
        for (const Connection &other : state.takeAllParked()) {
            other->markBroken(parked->brokenCause());
            invalidated(*other);
        }
    }
    return nullptr;
}

Result<ConnectionPool::Private::Connection> ConnectionPool::Private::open(Clock::time_point deadline,
                                                                          const CancelToken &cancel)
{
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    const ConnectAttempt attempt{std::max<std::chrono::milliseconds>(left, 1ms), cancel, !reachable};
    Result<Connection> opened = ConnectionOpener::open(url, settings, attempt);
    reachable = opened.ok();
    state.countOpened(opened.ok());
    if (opened.ok()) {
        // Up to a tenth earlier than the setting, so that connections opened together do not end together.
        const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(settings.recycle);
        const double early = 1.0 - QRandomGenerator::global()->generateDouble() / 10;
        opened.value()->recycleAt =
            Clock::now() + std::chrono::milliseconds(static_cast<qint64>(static_cast<double>(age.count()) * early));
    }
    return opened;
}

/// For a caller who holds a place: a parked connection that is still good, or a new one. While the server takes no more,
/// one that another lease gives back will do.
Result<ConnectionPool::Private::Connection> ConnectionPool::Private::obtain(Clock::time_point deadline,
                                                                            const CancelToken &cancel)
{
    std::optional<Error> full; // says more than that the last attempt had no time left
    for (;;) {
        if (Connection parked = usableParked(deadline, cancel))
            return parked;
        Result<Connection> opened = open(deadline, cancel);
        if (opened.ok())
            return opened;
        const bool late = Clock::now() + 2ms >= deadline; // an attempt counts in whole milliseconds and ends that much early
        if (isServerFull(opened.error()))
            full = opened.error();
        else if (!late || !full || opened.error().code == ErrorCode::Cancelled)
            return opened;
        if (late)
            return *full;
        if (!state.waitForParked(deadline, cancel))
            return opened;
        A360_TRY(cancel.check());
    }
}

Result<Lease> ConnectionPool::lease(Lane lane, CancelToken cancel, const char *owner)
{
    const Clock::time_point begin = Clock::now();
    A360_TRY(d->state.acquirePlace(lane, cancel));
    return grant({lane, begin, begin + d->settings.timeout, std::move(cancel), owner});
}

Result<Lease> ConnectionPool::tryLease(Lane lane, const char *owner, CancelToken cancel)
{
    const Clock::time_point begin = Clock::now();
    if (!d->state.tryAcquirePlace(lane))
        return makeError(ErrorCode::Timeout, QStringLiteral("All database connections are in use."));
    return grant({lane, begin, begin + d->settings.timeout, std::move(cancel), owner});
}

/// Puts a connection on a place that was taken for the request.
Result<Lease> ConnectionPool::grant(const Request &request)
{
    Result<std::unique_ptr<PooledConnection>> connection = d->obtain(request.deadline, request.cancel);
    if (!connection.ok()) {
        d->state.releasePlace(request.lane);
        return std::move(connection).error();
    }
    connection.value()->lane = request.lane;
    connection.value()->owner = request.owner;
    connection.value()->observer = d->settings.statements;
    connection.value()->wrote = false;
    const double waited = secondsSince(request.begin);
    d->state.checkOut(*connection.value(), waited);
    if (d->monitor)
        d->monitor->onCheckout(waited);
    return Lease(this, std::move(connection).value());
}

void ConnectionPool::takeBack(std::unique_ptr<PooledConnection> connection)
{
    const Lane lane = connection->lane;
    const bool fit = connection->reset(d->settings.resetOnReturn); // may talk to the server: outside the mutex
    d->state.checkIn(*connection);
    if (!fit)
        d->invalidated(*connection);
    connection->idleSince = Clock::now();
    if (fit && connection->idleSince < connection->recycleAt) {
        connection = d->state.park(std::move(connection));
        if (!connection)
            return;
    }
    connection.reset(); // closed before its place is given away
    d->state.releasePlace(lane);
}

const DatabaseUrl &ConnectionPool::url() const
{
    return d->url;
}

Dialect ConnectionPool::dialect() const
{
    return d->url.dialect;
}

PoolStats ConnectionPool::stats() const
{
    return d->state.stats();
}

Clock::time_point ConnectionPool::lastWrite() const
{
    return d->lastWrite.load(std::memory_order_acquire);
}

void ConnectionPool::noteWrite()
{
    d->lastWrite.store(Clock::now(), std::memory_order_release);
}

std::vector<LeaseInfo> ConnectionPool::leases(std::chrono::milliseconds minimumAge) const
{
    return d->state.leases(minimumAge);
}

int ConnectionPool::maxOverflow() const
{
    return d->settings.maxOverflow;
}

std::chrono::seconds ConnectionPool::leakAfter() const
{
    return d->settings.leakAfter;
}

void ConnectionPool::close()
{
    if (d->monitor)
        d->monitor->stop();
    const std::vector<std::unique_ptr<PooledConnection>> parked = d->state.close(); // closed on leaving, unlocked
}

} // namespace a360::db
