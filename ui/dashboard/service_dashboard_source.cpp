// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/service_dashboard_source.h"

#include "db/liveness.h"

#include <QDateTime>

namespace a360::ui {

namespace {

constexpr std::chrono::seconds believedFor{5};
constexpr std::chrono::seconds longestCheck{2};
constexpr size_t hour = 3600;

void keep(Series &series, Sample sample)
{
    series.push_back(sample);
    if (series.size() > hour)
        series.erase(series.begin());
}

} // namespace

Result<void> ServiceDashboardSource::checkDatabase(const CancelToken &cancel)
{
    if (m_aliveUntil && Clock::now() < *m_aliveUntil)
        return {};
    m_aliveUntil.reset();
    A360_TRY(db::checkAlive(m_service->pool(), longestCheck, cancel));
    m_aliveUntil = Clock::now() + believedFor;
    return {};
}

PoolPart poolPartOf(Service &service)
{
    const db::PoolStats stats = service.pool().stats();
    PoolPart part;
    part.size = stats.size;
    part.inUse = stats.checkedOut;
    part.idle = stats.checkedIn;
    part.overflow = stats.overflow;
    part.waiting = stats.waiting;
    part.averageWait = stats.averageWait;
    part.longestWait = stats.maxWait;
    part.checkouts = stats.totalCheckouts;
    part.timeouts = stats.totalTimeouts;
    part.invalidated = stats.totalInvalidated;
    return part;
}

PoolPart ServiceDashboardSource::poolPart(qint64 now)
{
    PoolPart part = poolPartOf(*m_service);
    keep(m_usePercent, {now, part.size > 0 ? 100.0 * part.inUse / part.size : 0.0});
    keep(m_waiting, {now, static_cast<double>(part.waiting)});
    part.usePercent = m_usePercent;
    part.waitingHistory = m_waiting;
    return part;
}

Result<std::shared_ptr<const DashboardSnapshot>> ServiceDashboardSource::read(const CancelToken &cancel)
{
    A360_TRY(checkDatabase(cancel));
    auto snapshot = std::make_shared<DashboardSnapshot>();
    snapshot->takenAt = QDateTime::currentMSecsSinceEpoch();
    snapshot->database = m_service->pool().url().display();
    snapshot->pool = poolPart(snapshot->takenAt);
    return std::shared_ptr<const DashboardSnapshot>(std::move(snapshot));
}

} // namespace a360::ui
