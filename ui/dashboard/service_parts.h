// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/dashboard_snapshot.h"
#include "service.h"

namespace a360::ui {

/// The part of the recent past that the dashboard draws; empty for a service that keeps none.
metrics::HistorySnapshot dashboardHistory(Service &service);

/// The numbers of each room at this moment, in the dashboard's words. They ask no database and may be called in any thread.
PoolPart poolPartOf(Service &service, const metrics::HistorySnapshot &history = {});
CachePart cachePartOf(Service &service, const metrics::HistorySnapshot &history);
TasksPart tasksPartOf(Service &service, const metrics::HistorySnapshot &history);
QueriesPart queriesPartOf(Service &service);

} // namespace a360::ui
