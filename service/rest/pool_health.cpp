// SPDX-License-Identifier: GPL-3.0-or-later
#include "pool_health.h"

#include "transfer/json_text.h"

#include <algorithm>

namespace a360::rest {

namespace {

std::string decimal(double value, int digits)
{
    return QByteArray::number(value, 'f', digits).toStdString();
}

/// As JSON, without superfluous zeros.
std::string number(double value)
{
    return QByteArray::number(value, 'g', 6).toStdString();
}

} // namespace

PoolHealth healthOf(const db::PoolStats &stats)
{
    const double usage = stats.usagePercentage();
    if (usage > 95 || stats.averageWait >= 0.5)
        return PoolHealth::Critical;
    if (usage >= 80 || stats.overflow > 0 || stats.averageWait >= 0.1)
        return PoolHealth::Degraded;
    return PoolHealth::Healthy;
}

const char *healthName(PoolHealth health)
{
    switch (health) {
    case PoolHealth::Healthy: return "healthy";
    case PoolHealth::Degraded: return "degraded";
    case PoolHealth::Critical: break;
    }
    return "critical";
}

std::string healthMessage(const db::PoolStats &stats)
{
    return "Pool usage: " + decimal(stats.usagePercentage(), 1) + "% (" + std::to_string(stats.checkedOut) + '/'
        + std::to_string(stats.size) + "), overflow: " + std::to_string(std::max(stats.overflow, 0))
        + ", avg wait: " + decimal(stats.averageWait * 1000, 1) + "ms";
}

std::string healthStatistics(const db::PoolStats &stats)
{
    return "{\"size\":" + std::to_string(stats.size) + ",\"checked_in\":" + std::to_string(stats.checkedIn)
        + ",\"checked_out\":" + std::to_string(stats.checkedOut)
        + ",\"overflow\":" + std::to_string(std::max(stats.overflow, 0))
        + ",\"usage_percentage\":" + decimal(stats.usagePercentage(), 1)
        + ",\"total_checkouts\":" + std::to_string(stats.totalCheckouts)
        + ",\"total_checkins\":" + std::to_string(stats.totalCheckins)
        + ",\"total_invalidated\":" + std::to_string(stats.totalInvalidated)
        + ",\"wait_time_stats\":{\"avg_wait_time_seconds\":" + number(stats.averageWait)
        + ",\"max_wait_time_seconds\":" + number(stats.maxWait)
        + ",\"total_wait_time_seconds\":" + number(stats.totalWait)
        + ",\"samples\":" + std::to_string(stats.waitSamples) + "},\"health_status\":\"" + healthName(healthOf(stats))
        + "\"}";
}

} // namespace a360::rest
