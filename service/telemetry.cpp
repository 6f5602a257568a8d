// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry.h"

#include "cache_metrics.h"
#include "memo_metrics.h"
#include "pool_metrics.h"
#include "query_metrics.h"
#include "service.h"
#include "task_metrics.h"
#include "transfer_metrics.h"

namespace a360 {

namespace {

std::vector<metrics::Registry::Registration> collectorsOf(Service &service, metrics::Registry &registry)
{
    std::vector<metrics::Registry::Registration> collectors;
    collectors.push_back(addPoolMetrics(registry, service.pool()));
    collectors.push_back(addCacheMetrics(registry, service.cache()));
    collectors.push_back(addMemoMetrics(registry, service.memos()));
    collectors.push_back(addTransferMetrics(registry, service.pace().meters));
    if (service.queries())
        collectors.push_back(addQueryMetrics(registry, *service.queries()));
    if (service.tasks())
        collectors.push_back(addTaskMetrics(registry, *service.tasks()));
    return collectors;
}

} // namespace

Telemetry::Telemetry(Service &service) : m_collectors(collectorsOf(service, m_registry)), m_sampler(m_registry) {}

} // namespace a360
