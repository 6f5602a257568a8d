// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/retry_policy.h"

#include <algorithm>
#include <cmath>

namespace a360::tasks {

bool isRetryable(const Error &error)
{
    return error.isTransient() || error.code == ErrorCode::Timeout;
}

std::chrono::milliseconds retryDelay(const RetryPolicy &policy, int attempt, double unit)
{
    const double exponential = std::ldexp(static_cast<double>(policy.delay.count()), std::max(0, attempt - 1));
    const double most = std::clamp(exponential, 0.0, static_cast<double>(std::max<qint64>(0, policy.longest.count())));
    return std::chrono::milliseconds(static_cast<qint64>(most * std::clamp(unit, 0.0, 1.0)));
}

} // namespace a360::tasks
