// SPDX-License-Identifier: GPL-3.0-or-later
#include "health_controller.h"

#include "db/liveness.h"
#include "db/pool_health.h"
#include "pool_json.h"
#include "transfer/json_text.h"

namespace a360::rest {

namespace {

void appendText(std::string &out, const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    transfer::appendJsonString(out, {utf8.constData(), static_cast<size_t>(utf8.size())});
}

constexpr std::chrono::seconds longestPing{2};

} // namespace

Answer HealthController::health(const Call &) const
{
    std::string body = "{\"status\":\"healthy\",\"environment\":";
    appendText(body, m_context.options.environment);
    return jsonAnswer(body + '}');
}

Answer HealthController::about(const Call &) const
{
    std::string body = "{\"name\":";
    appendText(body, m_context.options.projectName);
    body += ",\"version\":";
    appendText(body, m_context.options.version);
    return jsonAnswer(body + ",\"docs\":\"/openapi.yaml\"}");
}

Answer HealthController::database(const Call &call) const
{
    db::ConnectionPool &pool = m_context.service.pool();
    const db::PoolStats stats = pool.stats();
    db::PoolHealth health = db::healthOf(stats);
    std::string message = db::healthMessage(stats);
    bool mayAsk = stats.checkedOut < stats.size + pool.maxOverflow();
    if (health != db::PoolHealth::Critical) {
        if (const Result<void> alive = db::checkAlive(pool, longestPing, call.cancel); !alive.ok()) {
            health = db::PoolHealth::Critical;
            mayAsk = false;
            message = "The database does not answer.";
        }
    }
    std::string body = std::string("{\"status\":\"") + db::healthName(health) + "\",\"message\":";
    transfer::appendJsonString(body, message);
    // Without a token, or while tokens cannot be checked, the status has to do. When a check would have to wait for a
    // connection, only a token counts that is remembered: nobody waits for his health.
    Call asker = call;
    if (!mayAsk) {
        CancelSource atOnce;
        atOnce.cancel();
        asker.cancel = atOnce.token();
    }
    const bool known = !headerValue(call.request->headers, "Authorization").isEmpty()
        && std::holds_alternative<access::Identity>(authenticate(m_context, asker));
    if (known)
        body += ",\"stats\":" + poolStatistics(stats);
    Answer answer = jsonAnswer(body + '}');
    if (health == db::PoolHealth::Critical)
        answer.status = 503;
    return answer;
}

} // namespace a360::rest
