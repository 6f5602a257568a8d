// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/connection_pool.h"
#include "metrics/registry.h"

namespace a360 {

/// The pool's numbers as metrics `a360_pool_…`, asked for at each scrape: the database room keeps its own statistics and
/// knows nothing of metrics. The pool must outlive the registration.
metrics::Registry::Registration addPoolMetrics(metrics::Registry &registry, const db::ConnectionPool &pool);

} // namespace a360
