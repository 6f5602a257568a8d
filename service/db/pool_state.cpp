// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/pool_state.h"

#include "db/database_error.h"

#include <algorithm>
#include <numeric>

namespace a360::db {

namespace {

Error closedError()
{
    return makeError(ErrorCode::Unavailable, QStringLiteral("The database connections are being closed."));
}

} // namespace

int PoolState::capacity() const
{
    return std::max(1, m_settings.size + std::max(0, m_settings.maxOverflow));
}

int PoolState::laneCap(Lane lane) const
{
    switch (lane) {
    case Lane::Bulk: return std::max(1, m_settings.bulkCap);
    case Lane::Jobs: return std::max(1, m_settings.jobsCap);
    case Lane::Interactive: break;
    }
    return capacity();
}

/// Hands free places to waiters in their order; one whose lane is full is passed over and keeps its turn.
void PoolState::grantPlaces()
{
    int used = std::accumulate(m_inUse.begin(), m_inUse.end(), 0);
    for (auto it = m_waiters.begin(); it != m_waiters.end() && used < capacity();) {
        int &inLane = m_inUse[static_cast<size_t>((*it)->lane)];
        if (inLane >= laneCap((*it)->lane)) {
            ++it;
            continue;
        }
        ++inLane;
        ++used;
        (*it)->granted = true;
        (*it)->wake.notify_one();
        it = m_waiters.erase(it);
    }
}

Result<void> PoolState::acquirePlace(Lane lane, const CancelToken &cancel)
{
    A360_TRY(cancel.check());
    Waiter self{lane, {}, false};
    // Registered before the mutex is taken and released after it: the callback takes the mutex in the other thread.
    const auto registration = cancel.onCancel([this, &self] {
        const std::lock_guard lock(m_mutex);
        self.wake.notify_one();
    });
    std::unique_lock lock(m_mutex);
    if (m_closed)
        return closedError();
    m_waiters.push_back(&self);
    grantPlaces();
    const bool woken = self.wake.wait_for(lock, m_settings.timeout,
                                          [&] { return self.granted || m_closed || cancel.isCancelled(); });
    if (self.granted)
        return {};
    m_waiters.remove(&self);
    if (m_closed)
        return closedError();
    if (woken)
        return cancelledError();
    ++m_stats.totalTimeouts;
    const double waited = std::chrono::duration<double>(m_settings.timeout).count();
    return makeError(ErrorCode::Timeout,
                     QStringLiteral("All database connections were in use for %1 s. Try again, or raise "
                                    "DATABASE_POOL_SIZE.").arg(waited),
                     QStringLiteral("DATABASE_POOL_TIMEOUT"));
}

bool PoolState::tryAcquirePlace(Lane lane)
{
    const std::lock_guard lock(m_mutex);
    int &inLane = m_inUse[static_cast<size_t>(lane)];
    const int used = std::accumulate(m_inUse.begin(), m_inUse.end(), 0);
    if (m_closed || !m_waiters.empty() || used >= capacity() || inLane >= laneCap(lane))
        return false;
    ++inLane;
    return true;
}

void PoolState::releasePlace(Lane lane)
{
    const std::lock_guard lock(m_mutex);
    freePlace(lane);
}

void PoolState::freePlace(Lane lane)
{
    --m_inUse[static_cast<size_t>(lane)];
    grantPlaces();
}

std::unique_ptr<PooledConnection> PoolState::takeParked()
{
    const std::lock_guard lock(m_mutex);
    if (m_parked.empty())
        return nullptr;
    std::unique_ptr<PooledConnection> connection = std::move(m_parked.back());
    m_parked.pop_back();
    return connection;
}

std::unique_ptr<PooledConnection> PoolState::park(std::unique_ptr<PooledConnection> connection)
{
    const std::lock_guard lock(m_mutex);
    if (m_closed || static_cast<int>(m_parked.size()) >= m_settings.size)
        return connection;
    const Lane lane = connection->lane;
    m_parked.push_back(std::move(connection));
    ++m_stats.totalCheckins;
    freePlace(lane);
    return nullptr;
}

std::vector<std::unique_ptr<PooledConnection>> PoolState::takeAllParked()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_parked, {});
}

std::vector<std::unique_ptr<PooledConnection>> PoolState::close()
{
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    for (Waiter *waiter : m_waiters)
        waiter->wake.notify_one();
    return std::exchange(m_parked, {});
}

void PoolState::countCheckout(double seconds)
{
    const std::lock_guard lock(m_mutex);
    ++m_stats.totalCheckouts;
    m_stats.totalWait += seconds;
    m_stats.maxWait = std::max(m_stats.maxWait, seconds);
    m_waits[m_waitCount++ % m_waits.size()] = seconds;
}

void PoolState::countCheckin()
{
    const std::lock_guard lock(m_mutex);
    ++m_stats.totalCheckins;
}

void PoolState::countInvalidated(qint64 connections)
{
    const std::lock_guard lock(m_mutex);
    m_stats.totalInvalidated += connections;
}

PoolStats PoolState::stats() const
{
    const std::lock_guard lock(m_mutex);
    PoolStats stats = m_stats;
    stats.size = m_settings.size;
    stats.checkedIn = static_cast<int>(m_parked.size());
    stats.checkedOut = std::accumulate(m_inUse.begin(), m_inUse.end(), 0);
    stats.overflow = std::max(0, stats.checkedOut - stats.size);
    stats.waiting = static_cast<int>(m_waiters.size());
    const size_t samples = std::min(m_waitCount, m_waits.size());
    stats.waitSamples = static_cast<int>(samples);
    if (samples > 0)
        stats.averageWait = std::accumulate(m_waits.begin(), m_waits.begin() + static_cast<std::ptrdiff_t>(samples), 0.0) /
                            static_cast<double>(samples);
    return stats;
}

} // namespace a360::db
