// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/query_monitor.h"
#include "metrics/registry.h"

namespace a360 {

/// The statements' numbers as metrics `a360_queries_…`, asked for at each scrape. The monitor must outlive the
/// registration.
metrics::Registry::Registration addQueryMetrics(metrics::Registry &registry, const db::QueryMonitor &monitor);

} // namespace a360
