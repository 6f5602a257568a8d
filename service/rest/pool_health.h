// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/connection_pool.h"

#include <string>

namespace a360::rest {

/// State of the connection pool (contract §8, the guide's limits).
enum class PoolHealth { Healthy, Degraded, Critical };

/// healthy: usage below 80 %, no overflow, average wait below 100 ms; critical: usage above 95 % or waits of 500 ms and
/// more; degraded: what lies between.
PoolHealth healthOf(const db::PoolStats &stats);
const char *healthName(PoolHealth health);
/// "Pool usage: 12.0% (3/25), overflow: 0, avg wait: 0.4ms"
std::string healthMessage(const db::PoolStats &stats);
/// The `stats` object of /health/db.
std::string healthStatistics(const db::PoolStats &stats);

} // namespace a360::rest
