// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/connection_pool.h"

#include <string>

namespace a360::rest {

/// The `stats` object of /health/db (contract §8), and at its end what that leaves out: waiting and connecting, timeouts,
/// invalidations by cause, the histogram of waits, the measured load with the recommended size.
std::string poolStatistics(const db::PoolStats &stats);
/// Leases that are out for longer than the pool's leakAfter(): owner, lane, thread, age.
std::string longLeases(const db::ConnectionPool &pool);

} // namespace a360::rest
