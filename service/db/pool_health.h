// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/pool_stats.h"

#include <string>

namespace a360::db {

/// State of the connection pool (contract §8, the guide's limits).
enum class PoolHealth { Healthy, Degraded, Critical };

/// The guide's limits, also drawn into charts: percent of `size` in use, and seconds of average wait.
inline constexpr double poolDegradedUsage = 80, poolCriticalUsage = 95;
inline constexpr double poolDegradedWait = 0.1, poolCriticalWait = 0.5;

/// healthy: usage below 80 %, no overflow, average wait below 100 ms; critical: usage above 95 % or waits of 500 ms and
/// more; degraded: what lies between.
PoolHealth healthOf(const PoolStats &stats);
const char *healthName(PoolHealth health);
/// "Pool usage: 12.0% (3/25), overflow: 0, avg wait: 0.4ms"
std::string healthMessage(const PoolStats &stats);

} // namespace a360::db
