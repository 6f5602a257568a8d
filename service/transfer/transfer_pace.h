// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "parallel/work_meter.h"

#include <memory>

namespace a360::transfer {

/// What the threads of imports and exports have done. Thread-safe.
struct TransferMeters
{
    parallel::WorkMeter parsing;  ///< chunks of files
    parallel::WorkMeter encoding; ///< batches of rows
};

/// How imports and exports are cut and how many threads they may use; says nothing about what comes out.
struct TransferPace
{
    qsizetype batchRows = 1000;          ///< STREAMING_BATCH_SIZE: most rows handed from the reader to an encoder at a time
    qsizetype chunkBytes = 1024 * 1024;  ///< STREAMING_CHUNK_SIZE: most bytes handed to the target at a time
    int workers = 4;                     ///< PARALLEL_PROCESSING_WORKERS: threads that parse or encode, never more than the machine has
    std::shared_ptr<TransferMeters> meters = {}; ///< where their work is counted; none: nowhere

    /// Null without meters.
    std::shared_ptr<parallel::WorkMeter> meterOf(parallel::WorkMeter TransferMeters::*work) const
    {
        return meters ? std::shared_ptr<parallel::WorkMeter>(meters, &((*meters).*work)) : nullptr;
    }
};

} // namespace a360::transfer
