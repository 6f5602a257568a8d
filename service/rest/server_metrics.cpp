// SPDX-License-Identifier: GPL-3.0-or-later
#include "server_metrics.h"

namespace a360::rest {

namespace {

constexpr std::array<const char *, 4> methodNames{"GET", "HEAD", "OPTIONS", "other"};

size_t methodIndex(const QByteArray &method)
{
    for (size_t i = 0; i + 1 < methodNames.size(); ++i) {
        if (method == methodNames[i])
            return i;
    }
    return methodNames.size() - 1; // a client may invent methods; labels are not his to choose
}

void appendCounters(const HttpCounters &counters, std::vector<metrics::Family> &out)
{
    const auto counter = [&out](const char *name, const char *help, qint64 value) {
        out.push_back(metrics::counterFamily(name, help, static_cast<double>(value)));
    };
    counter("a360_http_connections_accepted_total", "Connections accepted.", counters.connectionsAccepted);
    counter("a360_http_connections_refused_total", "Connections refused because there were too many.", counters.connectionsRefused);
    counter("a360_http_received_bytes_total", "Bytes read from clients.", counters.bytesReceived);
    counter("a360_http_sent_bytes_total", "Bytes written to clients.", counters.bytesSent);
    out.push_back(metrics::gaugeFamily("a360_http_active_connections", "Open connections.", counters.activeConnections));
    out.push_back(metrics::gaugeFamily("a360_http_active_streams", "Streams under way.", counters.activeStreams));
}

} // namespace

ServerMetrics::ServerMetrics(metrics::Registry &registry, const Routes &routes, const HttpCounters &counters)
    : m_registry(registry), m_routes(routes), m_slots(std::make_unique<Slot[]>((routes.size() + 1) * methodCount)),
      m_abandoned(registry.counter("a360_http_requests_abandoned_total", "Requests whose client left before the answer was complete.")),
      m_collector(registry.addCollector([&counters](std::vector<metrics::Family> &out) { appendCounters(counters, out); }))
{
}

ServerMetrics::Slot &ServerMetrics::slot(const Route *route, size_t method)
{
    const size_t index = route ? static_cast<size_t>(route - m_routes.data()) : m_routes.size();
    return m_slots[index * methodCount + method];
}

void ServerMetrics::answered(const Route *route, const QByteArray &method, int status, double seconds)
{
    const size_t methodAt = methodIndex(method);
    Slot &place = slot(route, methodAt);
    const metrics::Labels labels{{"method", methodNames[methodAt]}, {"route", route ? route->pattern : QByteArray("other")}};
    const auto statusClass = static_cast<size_t>(status >= 100 && status < 600 ? status / 100 : 0);
    metrics::Counter *counter = place.byClass[statusClass].load(std::memory_order_acquire);
    if (!counter) {
        metrics::Labels all = labels;
        all.push_back({"status", statusClass ? QByteArray::number(int(statusClass)) + "xx" : QByteArray("other")});
        counter = &m_registry.counter("a360_http_requests_total", "Answered requests.", all);
        place.byClass[statusClass].store(counter, std::memory_order_release);
    }
    counter->add();
    metrics::Histogram *duration = place.duration.load(std::memory_order_acquire);
    if (!duration) {
        duration = &m_registry.histogram("a360_http_request_duration_seconds", "Time from a complete request to the end of its answer.",
                                         metrics::latencyBounds(), labels);
        place.duration.store(duration, std::memory_order_release);
    }
    duration->observe(seconds);
}

} // namespace a360::rest
