// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/service_dashboard_source.h"

#include "dashboard/service_parts.h"
#include "db/liveness.h"

#include <QDateTime>

namespace a360::ui {

namespace {
constexpr std::chrono::seconds believedFor{5};
constexpr std::chrono::seconds longestCheck{2};
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

Result<std::shared_ptr<const DashboardSnapshot>> ServiceDashboardSource::read(const CancelToken &cancel)
{
    A360_TRY(checkDatabase(cancel));
    const metrics::HistorySnapshot history = dashboardHistory(*m_service);
    auto snapshot = std::make_shared<DashboardSnapshot>();
    snapshot->takenAt = QDateTime::currentMSecsSinceEpoch();
    snapshot->database = m_service->pool().url().display();
    snapshot->pool = poolPartOf(*m_service, history);
    snapshot->cache = cachePartOf(*m_service, history);
    snapshot->tasks = tasksPartOf(*m_service, history);
    snapshot->queries = queriesPartOf(*m_service);
    return std::shared_ptr<const DashboardSnapshot>(std::move(snapshot));
}

} // namespace a360::ui
