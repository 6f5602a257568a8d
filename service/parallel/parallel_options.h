// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "core/progress.h"

#include <chrono>
#include <optional>

namespace a360 {
class Settings;
}

namespace a360::parallel {

/// How much may run side by side (contract §10, §13).
struct ParallelOptions
{
    int workers = 4;      ///< of a call that does not say (PARALLEL_PROCESSING_WORKERS)
    int maxWorkers = 8;   ///< of any call (PARALLEL_PROCESSING_MAX_WORKERS)
    bool enabled = true;  ///< off: everything runs in the calling thread (ENABLE_PARALLEL_PROCESSING)

    static ParallelOptions from(const Settings &settings);

    /// Threads of a call that asks for `wanted`, the calling one included: from 1 to maxWorkers; 1 when switched off.
    int clamped(int wanted) const;
};

/// What a call may say besides its items and its function.
struct ParallelCall
{
    ParallelOptions options;
    std::optional<int> workers;         ///< threads (max_workers, max_concurrent); always clamped
    std::optional<qsizetype> batchSize; ///< so many items are finished before the next ones start; unset: all
    CancelToken cancel;
    ProgressCounter *progress = nullptr; ///< counts finished items as rows; must outlive the call, for async its future
};

/// Error{InvalidArgument} for a batch size below 1.
Result<void> checkBatchSize(const std::optional<qsizetype> &batchSize);

/// The contract's guidance: not for fewer than 100 items, nor for less than 10 ms of work in all.
bool isWorthwhile(qsizetype items, std::chrono::microseconds perItem);

} // namespace a360::parallel
