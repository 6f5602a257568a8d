// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_options.h"
#include "metrics/registry.h"
#include "route.h"

#include <array>
#include <atomic>
#include <memory>

namespace a360::rest {

/// What the HTTP server tells of itself, as metrics `a360_http_…`: requests by route pattern, method and status class,
/// their durations, connections, streams, bytes. Recording is lock-free from the second time on. Thread-safe.
class ServerMetrics
{
public:
    /// All three must outlive it.
    ServerMetrics(metrics::Registry &registry, const Routes &routes, const HttpCounters &counters);

    /// A request was answered. `route` is one of the routes, or null when none matched.
    void answered(const Route *route, const QByteArray &method, int status, double seconds);
    /// A client left, or was cut off, before its answer was complete.
    void abandoned() { m_abandoned.add(); }

private:
    static constexpr size_t methodCount = 4; // GET, HEAD, OPTIONS, others
    struct Slot
    {
        std::array<std::atomic<metrics::Counter *>, 6> byClass{}; // 0: other, 1xx…5xx
        std::atomic<metrics::Histogram *> duration = nullptr;
    };
    Slot &slot(const Route *route, size_t method);

    metrics::Registry &m_registry;
    const Routes &m_routes;
    std::unique_ptr<Slot[]> m_slots; // of each route and of none, by method
    metrics::Counter &m_abandoned;
    metrics::Registry::Registration m_collector;
};

} // namespace a360::rest
