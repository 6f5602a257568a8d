// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/pool_state.h"

#include "db/database_error.h"

#include <QFile>

#include <algorithm>
#include <numeric>

#include <unistd.h>

namespace a360::db {

namespace {

Error closedError()
{
    return makeError(ErrorCode::Unavailable, QStringLiteral("The database connections are being closed."));
}

int currentThreadId()
{
    static thread_local const int id = ::gettid();
    return id;
}

/// "rest-worker (4711)"; the name as the kernel knows it, so that nothing has to be kept for it while leasing.
QString threadText(int id)
{
    QFile file(QStringLiteral("/proc/self/task/%1/comm").arg(id));
    const QString name = file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).trimmed() : QStringLiteral("ended");
    return QStringLiteral("%1 (%2)").arg(name).arg(id);
}

QString timeoutSetting()
{
    return QStringLiteral("DATABASE_POOL_TIMEOUT");
}

constexpr int mostCauses = 50; // causes are texts of this program; a caller's own might be anything

} // namespace

bool isPoolExhausted(const Error &error)
{
    return error.code == ErrorCode::Timeout && error.field == timeoutSetting();
}

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

int PoolState::used() const
{
    return std::accumulate(m_inUse.begin(), m_inUse.end(), 0);
}

int PoolState::placesInUse() const
{
    const std::lock_guard lock(m_mutex);
    return used();
}

/// Whether a lane may have one more place. Slow work leaves one for a click, however small the pool is.
bool PoolState::hasRoom(Lane lane) const
{
    if (used() >= capacity() || m_inUse[static_cast<size_t>(lane)] >= laneCap(lane))
        return false;
    const int slow = used() - m_inUse[static_cast<size_t>(Lane::Interactive)];
    return lane == Lane::Interactive || slow < std::max(1, capacity() - 1);
}

/// Hands free places to waiters in their order; one whose lane is full is passed over and keeps its turn.
void PoolState::grantPlaces()
{
    for (auto it = m_waiters.begin(); it != m_waiters.end() && used() < capacity();) {
        if (!hasRoom((*it)->lane)) {
            ++it;
            continue;
        }
        ++m_inUse[static_cast<size_t>((*it)->lane)];
        (*it)->granted = true;
        (*it)->wake.notify_one();
        it = m_waiters.erase(it);
    }
}

Result<void> PoolState::acquirePlace(Lane lane, const CancelToken &cancel)
{
    A360_TRY(cancel.check());
    if (tryAcquirePlace(lane))
        return {}; // the usual case needs none of the following
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
                     timeoutSetting());
}

bool PoolState::tryAcquirePlace(Lane lane)
{
    const std::lock_guard lock(m_mutex);
    if (m_closed || !m_waiters.empty() || !hasRoom(lane))
        return false;
    ++m_inUse[static_cast<size_t>(lane)];
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
    m_freed.notify_all();
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

bool PoolState::waitForParked(Clock::time_point until, const CancelToken &cancel)
{
    const auto registration = cancel.onCancel([this] {
        const std::lock_guard lock(m_mutex);
        m_freed.notify_all();
    });
    std::unique_lock lock(m_mutex);
    // Others that are still connecting count too: they may hold the server's last places, or get one.
    if (m_closed || (used() <= 1 && m_parked.empty()))
        return false;
    // Not for ever: the server's free places are not ours to know of.
    constexpr std::chrono::milliseconds turn{100};
    if (m_parked.empty() && !cancel.isCancelled())
        m_freed.wait_until(lock, std::min(until, Clock::now() + turn));
    return true;
}

void PoolState::checkOut(PooledConnection &connection, double waited)
{
    connection.threadId = currentThreadId();
    connection.leasedAt = Clock::now();
    const std::lock_guard lock(m_mutex);
    connection.placeInUse = m_out.size();
    m_out.push_back(&connection);
    connection.leaseNumber = static_cast<quint64>(++m_stats.totalCheckouts);
    m_stats.totalWait += waited;
    m_stats.maxWait = std::max(m_stats.maxWait, waited);
    m_waits.add(connection.leasedAt, waited);
    const auto bucket = std::lower_bound(poolWaitBounds.begin(), poolWaitBounds.end(), waited) - poolWaitBounds.begin();
    ++m_stats.waitCounts[static_cast<size_t>(bucket)];
}

void PoolState::checkIn(PooledConnection &connection)
{
    const Clock::time_point now = Clock::now();
    const double held = std::chrono::duration<double>(now - connection.leasedAt).count();
    const std::lock_guard lock(m_mutex);
    m_out.back()->placeInUse = connection.placeInUse;
    std::swap(m_out[connection.placeInUse], m_out.back());
    m_out.pop_back();
    ++m_stats.totalCheckins;
    m_stats.totalHeld += held;
    m_load.add(now, held);
}

std::unique_ptr<PooledConnection> PoolState::park(std::unique_ptr<PooledConnection> connection)
{
    const std::lock_guard lock(m_mutex);
    if (m_closed || static_cast<int>(m_parked.size()) >= m_settings.size)
        return connection;
    const Lane lane = connection->lane;
    m_parked.push_back(std::move(connection));
    freePlace(lane);
    return nullptr;
}

std::vector<std::unique_ptr<PooledConnection>> PoolState::takeAllParked()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_parked, {});
}

void PoolState::suspectParked()
{
    const std::lock_guard lock(m_mutex);
    for (const auto &connection : m_parked)
        connection->suspect = true;
}

std::vector<std::unique_ptr<PooledConnection>> PoolState::close()
{
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    for (Waiter *waiter : m_waiters)
        waiter->wake.notify_one();
    m_freed.notify_all();
    return std::exchange(m_parked, {});
}

void PoolState::countInvalidated(const QString &cause, qint64 connections)
{
    const std::lock_guard lock(m_mutex);
    m_stats.totalInvalidated += connections;
    const bool isKnown = m_stats.invalidations.contains(cause) || m_stats.invalidations.size() < mostCauses;
    m_stats.invalidations[isKnown ? cause : QStringLiteral("other")] += connections;
}

void PoolState::countOpened(bool ok)
{
    const std::lock_guard lock(m_mutex);
    ++(ok ? m_stats.totalOpened : m_stats.totalOpenFailures);
}

PoolStats PoolState::stats() const
{
    const std::lock_guard lock(m_mutex);
    PoolStats stats = m_stats;
    stats.size = m_settings.size;
    stats.checkedIn = static_cast<int>(m_parked.size());
    stats.checkedOut = used();
    stats.connecting = stats.checkedOut - static_cast<int>(m_out.size());
    stats.overflow = std::max(0, stats.checkedOut - stats.size);
    stats.waiting = static_cast<int>(m_waiters.size());
    stats.load = m_load.load(Clock::now());
    const PoolWaitMeter::Recent waits = m_waits.recent(Clock::now());
    stats.waitSamples = waits.samples;
    stats.averageWait = waits.average;
    return stats;
}

std::vector<LeaseInfo> PoolState::leases(std::chrono::milliseconds minimumAge) const
{
    struct Found
    {
        LeaseInfo info;
        int thread;
    };
    std::vector<Found> found;
    {
        const std::lock_guard lock(m_mutex);
        const Clock::time_point now = Clock::now();
        for (const PooledConnection *connection : m_out) {
            if (now - connection->leasedAt < minimumAge)
                continue;
            const QString owner = QString::fromUtf8(connection->owner ? connection->owner : "unnamed");
            const double age = std::chrono::duration<double>(now - connection->leasedAt).count();
            found.push_back({{owner, connection->lane, {}, age, connection->leaseNumber}, connection->threadId});
        }
    }
    std::vector<LeaseInfo> infos;
    for (Found &one : found) {
        one.info.thread = threadText(one.thread);
        infos.push_back(std::move(one.info));
    }
    std::sort(infos.begin(), infos.end(), [](const LeaseInfo &a, const LeaseInfo &b) { return a.age > b.age; });
    return infos;
}

} // namespace a360::db
