// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/connection_pool.h"

namespace a360::db {

/// Does the database answer a trivial statement? Takes a connection only when one is to be had without waiting; while all
/// are in use, somebody is talking to it and that is good enough. Blocks (network), the statement for at most `longest`.
/// Errors: those of ConnectionPool::lease() and of a statement.
Result<void> checkAlive(ConnectionPool &pool, std::chrono::milliseconds longest, const CancelToken &cancel = {});

} // namespace a360::db
