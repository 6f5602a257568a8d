// SPDX-License-Identifier: GPL-3.0-or-later
#include "parallel/parallel_options.h"

#include "core/settings.h"

#include <algorithm>

namespace a360::parallel {

ParallelOptions ParallelOptions::from(const Settings &settings)
{
    return {static_cast<int>(settings.integer("PARALLEL_PROCESSING_WORKERS")),
            static_cast<int>(settings.integer("PARALLEL_PROCESSING_MAX_WORKERS")),
            settings.flag("ENABLE_PARALLEL_PROCESSING")};
}

int ParallelOptions::clamped(int wanted) const
{
    return enabled ? std::clamp(wanted, 1, std::max(1, maxWorkers)) : 1;
}

Result<void> checkBatchSize(const std::optional<qsizetype> &batchSize)
{
    if (batchSize.value_or(1) < 1) {
        return makeError(ErrorCode::InvalidArgument,
                         QStringLiteral("A batch must hold at least 1 item, not %1.").arg(*batchSize),
                         QStringLiteral("batch_size"));
    }
    return {};
}

bool isWorthwhile(qsizetype items, std::chrono::microseconds perItem)
{
    constexpr qsizetype kFewestItems = 100;
    constexpr std::chrono::microseconds kLeastWork{10'000};
    return items >= kFewestItems && perItem.count() >= (kLeastWork.count() + items - 1) / items;
}

} // namespace a360::parallel
