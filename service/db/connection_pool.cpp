// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/connection_pool.h"

#include "db/connection_opener.h"
#include "db/epochs.h"
#include "db/pool_state.h"

#include <QRandomGenerator>

namespace a360::db {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds pingAfterIdle{30};

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

} // namespace

class ConnectionPool::Private
{
public:
    Private(DatabaseUrl databaseUrl, PoolSettings poolSettings)
        : url(std::move(databaseUrl)), settings(poolSettings), state(poolSettings)
    {
    }

    Result<std::unique_ptr<PooledConnection>> obtain(const CancelToken &cancel);

    const DatabaseUrl url;
    const PoolSettings settings;
    PoolState state;
    std::atomic<Clock::time_point> lastWrite = Clock::time_point();
};

ConnectionPool::ConnectionPool(DatabaseUrl url, PoolSettings settings)
    : d(std::make_unique<Private>(std::move(url), settings)), m_epochs(std::make_unique<EpochBoard>())
{
}

ConnectionPool::~ConnectionPool()
{
    close();
}

/// For a caller who holds a place: a parked connection that is still good, or a new one.
Result<std::unique_ptr<PooledConnection>> ConnectionPool::Private::obtain(const CancelToken &cancel)
{
    while (std::unique_ptr<PooledConnection> parked = state.takeParked()) {
        if (Clock::now() >= parked->recycleAt)
            continue; // closed here, outside the mutex
        if (!settings.prePing || parked->ping(pingAfterIdle, cancel))
            return parked;
        A360_TRY(cancel.check());
        // What cut this link (a restart, a network that went away) has most likely cut the others.
        const auto others = state.takeAllParked();
        state.countInvalidated(1 + static_cast<qint64>(others.size()));
    }
    Result<std::unique_ptr<PooledConnection>> opened = ConnectionOpener::open(url, settings, cancel);
    if (opened.ok()) {
        // Up to a tenth earlier than the setting, so that connections opened together do not end together.
        const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(settings.recycle);
        const double early = 1.0 - QRandomGenerator::global()->generateDouble() / 10;
        opened.value()->recycleAt =
            Clock::now() + std::chrono::milliseconds(static_cast<qint64>(static_cast<double>(age.count()) * early));
    }
    return opened;
}

Result<Lease> ConnectionPool::lease(Lane lane, CancelToken cancel)
{
    const Clock::time_point begin = Clock::now();
    A360_TRY(d->state.acquirePlace(lane, cancel));
    return grant(lane, begin, cancel);
}

Result<Lease> ConnectionPool::tryLease(Lane lane)
{
    const Clock::time_point begin = Clock::now();
    if (!d->state.tryAcquirePlace(lane))
        return makeError(ErrorCode::Timeout, QStringLiteral("All database connections are in use."));
    return grant(lane, begin, {});
}

/// Puts a connection on a place that was taken at `begin` or after it.
Result<Lease> ConnectionPool::grant(Lane lane, std::chrono::steady_clock::time_point begin, const CancelToken &cancel)
{
    Result<std::unique_ptr<PooledConnection>> connection = d->obtain(cancel);
    if (!connection.ok()) {
        d->state.releasePlace(lane);
        return std::move(connection).error();
    }
    connection.value()->lane = lane;
    connection.value()->observer = d->settings.statements;
    connection.value()->wrote = false;
    d->state.countCheckout(secondsSince(begin));
    return Lease(this, std::move(connection).value());
}

void ConnectionPool::takeBack(std::unique_ptr<PooledConnection> connection)
{
    const Lane lane = connection->lane;
    const bool fit = connection->reset(); // may talk to the server: outside the mutex
    if (!fit)
        d->state.countInvalidated();
    connection->idleSince = Clock::now();
    if (fit && Clock::now() < connection->recycleAt) {
        connection = d->state.park(std::move(connection));
        if (!connection)
            return;
    }
    connection.reset(); // closed before its place is given away
    d->state.countCheckin();
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

void ConnectionPool::close()
{
    const std::vector<std::unique_ptr<PooledConnection>> parked = d->state.close(); // closed on leaving, unlocked
}

} // namespace a360::db
