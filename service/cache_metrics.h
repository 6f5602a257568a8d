// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/query_cache.h"
#include "metrics/registry.h"

namespace a360 {

/// The query cache's numbers as metrics `a360_cache_…`, by prefix and by tier, asked for at each scrape. The cache must
/// outlive the registration.
metrics::Registry::Registration addCacheMetrics(metrics::Registry &registry, const cache::QueryCache &cache);

} // namespace a360
