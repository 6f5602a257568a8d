// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/pooled_connection.h"

#include <functional>

namespace a360::db {

/// Runs `open` on a thread of its own and waits for what it gives, but no longer than until `cancel`: then Error{Cancelled}
/// at once, and the thread closes what it opens after all. `open` owns what it uses; it may outlive the caller.
Result<std::unique_ptr<PooledConnection>>
awaitOpening(std::function<Result<std::unique_ptr<PooledConnection>>()> open, const CancelToken &cancel);

} // namespace a360::db
