// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "core/result.h"

namespace a360::transfer {

/// Waits before attempt `attempt` + 1 after a transient error: exponential from 0.1 s, at most 5 s, with jitter.
/// Error{Cancelled} at once when cancelled.
Result<void> waitBeforeRetry(int attempt, const CancelToken &cancel);

} // namespace a360::transfer
