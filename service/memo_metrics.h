// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/process_memo.h"
#include "metrics/registry.h"

namespace a360 {

/// The numbers of the process memos as metrics `a360_memo_…`, by memo, asked for at each scrape. The memos' registry must
/// outlive the registration.
metrics::Registry::Registration addMemoMetrics(metrics::Registry &registry, const cache::MemoRegistry &memos);

} // namespace a360
