// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "db/connection_pool.h"
#include "db/query_monitor.h"

#include <thread>

namespace a360::db {

/// Finds out the plans of the slow SELECTs of a monitor, one after the other in a thread of its own: EXPLAIN without
/// ANALYZE, with the same values, on a lease that nobody observes, and only when the pool has one to spare. Destroy it
/// before the pool and the monitor; that cancels an EXPLAIN under way.
class SlowPlanFinder
{
public:
    SlowPlanFinder(QueryMonitor &monitor, ConnectionPool &pool);
    ~SlowPlanFinder();
    SlowPlanFinder(const SlowPlanFinder &) = delete;
    SlowPlanFinder &operator=(const SlowPlanFinder &) = delete;

private:
    void run();
    Result<QByteArray> find(const Sql &statement);

    QueryMonitor &m_monitor;
    ConnectionPool &m_pool;
    CancelSource m_stop;
    std::thread m_thread;
};

} // namespace a360::db
