// SPDX-License-Identifier: GPL-3.0-or-later
#include "query_metrics.h"

namespace a360 {

metrics::Registry::Registration addQueryMetrics(metrics::Registry &registry, const db::QueryMonitor &monitor)
{
    return registry.addCollector([&monitor](std::vector<metrics::Family> &out) {
        const db::QueryTotals totals = monitor.totals();
        const auto counter = [&out](const char *name, const char *help, double value) {
            out.push_back(metrics::counterFamily(name, help, value));
        };
        counter("a360_queries_total", "Statements run.", static_cast<double>(totals.queries));
        counter("a360_queries_slow_total", "Statements slower than SLOW_QUERY_THRESHOLD.", static_cast<double>(totals.slow));
        counter("a360_queries_failed_total", "Statements that failed.", static_cast<double>(totals.failed));
        counter("a360_queries_seconds_total", "Time spent in statements.", totals.seconds);
    });
}

} // namespace a360
