// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_options.h"
#include "page_parameters.h"

#include <QStringList>

#include <optional>

namespace a360::rest {

/// All a running API needs to know; the program maps its settings onto it.
struct ApiOptions
{
    HttpOptions http;
    PageLimits pages;                          ///< DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
    qint64 mostUuids = 100'000;                ///< cap of `limit` on count/uuids/
    bool streamingEnabled = true;              ///< ENABLE_STREAMING_QUERIES
    std::optional<qint64> maxStreamingResults; ///< MAX_STREAMING_RESULTS: caps every stream (decision 18)
    bool approximateCounts = false;            ///< USE_APPROXIMATE_COUNTS: unfiltered counts by the planner's statistics
    QStringList warming;                       ///< CACHE_WARMING_QUERIES, if ENABLE_CACHE_WARMING
    bool debug = false;                        ///< DEBUG
    bool metricsPublic = false;                ///< METRICS_PUBLIC: GET /metrics without a token from this machine
    QString environment = QStringLiteral("development"); ///< ENVIRONMENT
    QString projectName = QStringLiteral("Appointment360");
    QString version = QStringLiteral("0.1.0");
};

} // namespace a360::rest
