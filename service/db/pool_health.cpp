// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/pool_health.h"

#include <QByteArray>

namespace a360::db {

namespace {

std::string decimal(double value, int digits)
{
    return QByteArray::number(value, 'f', digits).toStdString();
}

} // namespace

PoolHealth healthOf(const PoolStats &stats)
{
    const double usage = stats.usagePercentage();
    if (usage > poolCriticalUsage || stats.averageWait >= poolCriticalWait)
        return PoolHealth::Critical;
    if (usage >= poolDegradedUsage || stats.overflow > 0 || stats.averageWait >= poolDegradedWait)
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

std::string healthMessage(const PoolStats &stats)
{
    return "Pool usage: " + decimal(stats.usagePercentage(), 1) + "% (" + std::to_string(stats.checkedOut) + '/'
        + std::to_string(stats.size) + "), overflow: " + std::to_string(stats.overflow)
        + ", avg wait: " + decimal(stats.averageWait * 1000, 1) + "ms";
}

const char *laneName(Lane lane)
{
    switch (lane) {
    case Lane::Bulk: return "bulk";
    case Lane::Jobs: return "jobs";
    case Lane::Interactive: break;
    }
    return "interactive";
}

} // namespace a360::db
