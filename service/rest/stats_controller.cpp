// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats_controller.h"

#include "metrics/prometheus_text.h"
#include "pool_json.h"

namespace a360::rest {

namespace {

/// From this machine, and not passed on by a proxy on it.
bool isLocal(const Call &call)
{
    return call.fromLoopback && headerValue(call.request->headers, "X-Forwarded-For").isEmpty()
        && headerValue(call.request->headers, "Forwarded").isEmpty();
}

} // namespace

Answer StatsController::prometheus(const Call &call) const
{
    if (!m_context.options.metricsPublic || !isLocal(call)) {
        std::variant<access::Identity, Answer> caller = authenticate(m_context, call);
        if (Answer *refusal = std::get_if<Answer>(&caller))
            return std::move(*refusal);
    }
    Answer answer;
    answer.contentType = a360::metrics::prometheusContentType;
    if (m_context.parts.registry)
        answer.body = metrics::prometheusText(m_context.parts.registry->gather());
    return answer;
}

Answer StatsController::pool() const
{
    const db::ConnectionPool &pool = m_context.service.pool();
    std::string body = poolStatistics(pool.stats());
    body.pop_back();
    return jsonAnswer(body + ",\"long_leases\":" + longLeases(pool) + '}');
}

Answer StatsController::provided(const StatsProvider &provider)
{
    return jsonAnswer(provider ? provider() : "{\"enabled\":false}");
}

} // namespace a360::rest
