// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/pool_monitor.h"

#include "core/logging.h"
#include "core/thrown_error.h"
#include "db/pool_health.h"
#include "db/pool_state.h"

#include <algorithm>

namespace a360::db {

namespace {

constexpr std::chrono::seconds quietTime{10};
constexpr double overflowError = 20; // percent of the size (contract §8)

} // namespace

PoolMonitor::PoolMonitor(const PoolState &state, const PoolSettings &settings)
    : m_state(state), m_settings(settings), m_thread([this] { run(); })
{
}

PoolMonitor::~PoolMonitor()
{
    stop();
}

void PoolMonitor::stop()
{
    if (!m_thread.joinable())
        return;
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_all();
    m_thread.join();
    writeSummary();
}

void PoolMonitor::run()
{
    const bool periodic = m_settings.monitoringInterval.count() > 0;
    Clock::duration turn = std::clamp<Clock::duration>(m_settings.leakAfter / 4, std::chrono::milliseconds(100), quietTime);
    if (periodic)
        turn = std::min<Clock::duration>(turn, m_settings.monitoringInterval);
    Clock::time_point nextLine = Clock::now() + m_settings.monitoringInterval;
    std::unique_lock lock(m_mutex);
    while (!m_wake.wait_for(lock, turn, [this] { return m_stopping; })) {
        lock.unlock();
        try {
            reportLeaks();
            if (periodic && Clock::now() >= nextLine) {
                nextLine = Clock::now() + m_settings.monitoringInterval;
                writeSummary();
            }
        } catch (...) { // out of memory, say: no reason for the program to end
            qCWarning(lcDb).noquote() << errorFromException(QStringLiteral("A look at the connection pool")).message;
        }
        lock.lock();
    }
}

/// Whether a line on `topic` may be written now; then `tail` tells how many were left out before it.
bool PoolMonitor::mayWrite(Topic topic, QString &tail)
{
    Throttle &throttle = m_throttles[topic];
    const qint64 now = std::chrono::nanoseconds(Clock::now().time_since_epoch()).count();
    qint64 next = throttle.nextAt.load(std::memory_order_relaxed);
    if (now < next || !throttle.nextAt.compare_exchange_strong(next, now + std::chrono::nanoseconds(quietTime).count())) {
        throttle.suppressed.fetch_add(1, std::memory_order_relaxed);
        return false;
    }
    const int left = throttle.suppressed.exchange(0, std::memory_order_relaxed);
    tail = left > 0 ? QStringLiteral(" (and %1 times before)").arg(left) : QString();
    return true;
}

void PoolMonitor::onCheckout(double waited)
{
    QString tail;
    if (waited > poolDegradedWait && mayWrite(Wait, tail))
        qCWarning(lcDb).noquote().nospace() << "waited " << qRound(waited * 1000) << " ms for a database connection" << tail;
    const int inUse = m_state.placesInUse();
    const double usage = 100.0 * inUse / m_settings.size;
    if (usage <= poolDegradedUsage)
        return;
    const QString what = QStringLiteral("connection pool: %1 of %2 in use, %3 %").arg(inUse).arg(m_settings.size).arg(usage, 0, 'f', 0);
    if (usage > poolCriticalUsage || usage - 100 > overflowError) {
        if (mayWrite(Overload, tail))
            qCCritical(lcDb).noquote() << what + tail;
    } else if (mayWrite(Usage, tail)) {
        qCWarning(lcDb).noquote() << what + tail;
    }
}

void PoolMonitor::onInvalidated(const QString &cause)
{
    QString tail;
    if (mayWrite(Invalidated, tail))
        qCWarning(lcDb).noquote().nospace() << "connection given up: " << cause << tail;
}

void PoolMonitor::reportLeaks()
{
    std::set<quint64> stillOut;
    for (const LeaseInfo &lease : m_state.leases(m_settings.leakAfter)) {
        stillOut.insert(lease.number);
        if (!m_reported.contains(lease.number))
            qCWarning(lcDb).noquote() << "connection leased for" << qRound(lease.age) << "s by" << lease.owner << "on lane"
                                      << laneName(lease.lane) << "in thread" << lease.thread << "- is it ever given back?";
    }
    m_reported = std::move(stillOut);
}

QString PoolMonitor::summary(const PoolStats &stats)
{
    const auto ms = [](double seconds) { return QString::number(seconds * 1000, 'f', 1) + QStringLiteral("ms"); };
    QString line = QStringLiteral("connection pool %1: size=%2 checked_in=%3 checked_out=%4 overflow=%5 waiting=%6 usage=%7%")
                       .arg(QLatin1String(healthName(healthOf(stats))))
                       .arg(stats.size).arg(stats.checkedIn).arg(stats.checkedOut).arg(stats.overflow).arg(stats.waiting)
                       .arg(stats.usagePercentage(), 0, 'f', 1);
    line += QStringLiteral(" checkouts=%1 checkins=%2 invalidated=%3 timeouts=%4 opened=%5 open_failures=%6")
                .arg(stats.totalCheckouts).arg(stats.totalCheckins).arg(stats.totalInvalidated).arg(stats.totalTimeouts)
                .arg(stats.totalOpened).arg(stats.totalOpenFailures);
    line += QStringLiteral(" avg_wait=%1 max_wait=%2").arg(ms(stats.averageWait), ms(stats.maxWait));
    if (stats.load.recommendedSize > 0)
        line += QStringLiteral(" recommended_size=%1").arg(stats.load.recommendedSize);
    return line;
}

void PoolMonitor::writeSummary() const
{
    const PoolStats stats = m_state.stats();
    switch (healthOf(stats)) {
    case PoolHealth::Healthy: qCInfo(lcDb).noquote() << summary(stats); return;
    case PoolHealth::Degraded: qCWarning(lcDb).noquote() << summary(stats); return;
    case PoolHealth::Critical: qCCritical(lcDb).noquote() << summary(stats); return;
    }
}

} // namespace a360::db
