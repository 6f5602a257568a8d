// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <chrono>

namespace a360::tasks {

/// When a failed task is tried again (contract §9; defaults are the guide's).
struct RetryPolicy
{
    int maxAttempts = 3;                      ///< in all (the guide calls it max_retries); below 1 counts as 1
    std::chrono::milliseconds delay{1000};    ///< before the second attempt at most; doubles with each further one
    std::chrono::milliseconds longest{30'000};
};

/// A lost connection, a deadlock or busy lock, a timeout: the same call may succeed later.
bool isRetryable(const Error &error);

/// Wait after attempt number `attempt` (from 1): `unit` (0 to 1, by chance) of the exponential delay. Full jitter: tasks that
/// failed together must not come back together.
std::chrono::milliseconds retryDelay(const RetryPolicy &policy, int attempt, double unit);

} // namespace a360::tasks
