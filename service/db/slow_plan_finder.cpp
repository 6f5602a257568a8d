// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/slow_plan_finder.h"

#include "core/thrown_error.h"
#include "db/query_plan.h"

namespace a360::db {

SlowPlanFinder::SlowPlanFinder(QueryMonitor &monitor, ConnectionPool &pool) : m_monitor(monitor), m_pool(pool)
{
    m_monitor.startPlans();
    m_thread = std::thread([this] { run(); });
}

SlowPlanFinder::~SlowPlanFinder()
{
    m_stop.cancel();
    m_monitor.stopPlans();
    m_thread.join();
}

void SlowPlanFinder::run()
{
    while (const std::optional<QueryMonitor::PlanRequest> request = m_monitor.nextPlanRequest()) {
        const Result<QByteArray> plan = [&]() -> Result<QByteArray> {
            try {
                return find(request->statement);
            } catch (...) { // the next plan may be found
                return errorFromException(QStringLiteral("The look for a plan"));
            }
        }();
        m_monitor.setPlan(request->id, plan.ok() ? *plan : "(no plan: " + plan.error().message.toUtf8() + ')');
    }
}

Result<QByteArray> SlowPlanFinder::find(const Sql &statement)
{
    A360_TRY_ASSIGN(Lease lease, m_pool.tryLease(Lane::Interactive, "slow plan", m_stop.token()));
    lease.doNotObserve();
    A360_TRY_ASSIGN(const PlanNode plan, explainQuery(lease, statement, {std::chrono::seconds(5), m_stop.token()}));
    return planText(plan, PlanValues::Hidden);
}

} // namespace a360::db
