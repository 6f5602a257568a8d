// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/registry.h"
#include "transfer/transfer_pace.h"

namespace a360 {

/// What the parallel work of imports and exports (streams over HTTP are exports) comes to, as metrics `a360_parallel_…`,
/// asked for at each scrape. `meters` must not be null; the registration keeps them alive.
metrics::Registry::Registration addTransferMetrics(metrics::Registry &registry,
                                                   std::shared_ptr<const transfer::TransferMeters> meters);

} // namespace a360
