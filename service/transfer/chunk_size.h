// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/format.h"

#include <optional>

namespace a360::transfer {

/// How many rows make a chunk of about `targetBytes` (contract §11, optimize_chunk_size): at least one, at most 10,000 (CSV),
/// 5,000 (JSONL) or 1,000 (JSON). A row counts as `averageRowBytes`, or as 200, 500 and 1,000 bytes when nothing is known of
/// it; an average that is not positive counts as 1,000.
qint64 optimizeChunkSize(Format format, std::optional<qint64> averageRowBytes = {}, qint64 targetBytes = 1024 * 1024);

} // namespace a360::transfer
