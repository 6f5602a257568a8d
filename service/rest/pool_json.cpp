// SPDX-License-Identifier: GPL-3.0-or-later
#include "pool_json.h"

#include "db/pool_health.h"
#include "transfer/json_text.h"

namespace a360::rest {

namespace {

void appendText(std::string &out, const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    transfer::appendJsonString(out, {utf8.constData(), static_cast<size_t>(utf8.size())});
}

/// As JSON, without superfluous zeros.
std::string number(double value)
{
    return QByteArray::number(value, 'g', 6).toStdString();
}

std::string waitHistogram(const db::PoolStats &stats)
{
    std::string out = "[";
    for (size_t i = 0; i < stats.waitCounts.size(); ++i) {
        out += i > 0 ? ",{\"le\":" : "{\"le\":";
        out += i < db::poolWaitBounds.size() ? number(db::poolWaitBounds[i]) : "null";
        out += ",\"count\":" + std::to_string(stats.waitCounts[i]) + '}';
    }
    return out + ']';
}

std::string invalidations(const db::PoolStats &stats)
{
    std::string out = "{";
    for (auto it = stats.invalidations.begin(); it != stats.invalidations.end(); ++it) {
        if (out.size() > 1)
            out += ',';
        appendText(out, it.key());
        out += ':' + std::to_string(it.value());
    }
    return out + '}';
}

} // namespace

std::string poolStatistics(const db::PoolStats &stats)
{
    return "{\"size\":" + std::to_string(stats.size) + ",\"checked_in\":" + std::to_string(stats.checkedIn)
        + ",\"checked_out\":" + std::to_string(stats.checkedOut) + ",\"overflow\":" + std::to_string(stats.overflow)
        + ",\"usage_percentage\":" + QByteArray::number(stats.usagePercentage(), 'f', 1).toStdString()
        + ",\"total_checkouts\":" + std::to_string(stats.totalCheckouts)
        + ",\"total_checkins\":" + std::to_string(stats.totalCheckins)
        + ",\"total_invalidated\":" + std::to_string(stats.totalInvalidated)
        + ",\"wait_time_stats\":{\"avg_wait_time_seconds\":" + number(stats.averageWait)
        + ",\"max_wait_time_seconds\":" + number(stats.maxWait)
        + ",\"total_wait_time_seconds\":" + number(stats.totalWait)
        + ",\"samples\":" + std::to_string(stats.waitSamples) + ",\"histogram\":" + waitHistogram(stats)
        + "},\"health_status\":\"" + db::healthName(db::healthOf(stats)) + "\",\"waiting\":" + std::to_string(stats.waiting)
        + ",\"connecting\":" + std::to_string(stats.connecting) + ",\"total_timeouts\":" + std::to_string(stats.totalTimeouts)
        + ",\"total_opened\":" + std::to_string(stats.totalOpened)
        + ",\"total_open_failures\":" + std::to_string(stats.totalOpenFailures)
        + ",\"invalidated_by_cause\":" + invalidations(stats) + ",\"load\":{\"users\":" + number(stats.load.users)
        + ",\"avg_query_time_seconds\":" + number(stats.load.averageQuerySeconds)
        + ",\"target_response_time_seconds\":" + number(stats.load.targetSeconds)
        + ",\"recommended_pool_size\":" + (stats.load.recommendedSize > 0 ? std::to_string(stats.load.recommendedSize) : "null")
        + "}}";
}

std::string longLeases(const db::ConnectionPool &pool)
{
    std::string out = "[";
    for (const db::LeaseInfo &lease : pool.leases(pool.leakAfter())) {
        out += out.size() > 1 ? ",{\"owner\":" : "{\"owner\":";
        appendText(out, lease.owner);
        out += std::string(",\"lane\":\"") + db::laneName(lease.lane) + "\",\"thread\":";
        appendText(out, lease.thread);
        out += ",\"age_seconds\":" + number(lease.age) + '}';
    }
    return out + ']';
}

} // namespace a360::rest
