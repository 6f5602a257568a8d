// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_options.h"
#include "route.h"
#include "server_metrics.h"

#include <QThreadPool>

#include <functional>
#include <memory>

namespace a360::rest {

/// What the threads of one running HTTP server share. Options and routes never change while it runs; the rest is
/// thread-safe. Owned by HttpServer, which outlives every thread that uses it.
struct HttpCore
{
    HttpCore(HttpOptions httpOptions, Routes allRoutes, HttpCounters &httpCounters, metrics::Registry *registry)
        : options(std::move(httpOptions)), routes(std::move(allRoutes)), counters(httpCounters)
    {
        workers.setMaxThreadCount(options.workerThreads);
        streams.setMaxThreadCount(options.maxStreams);
        if (registry)
            metrics = std::make_unique<ServerMetrics>(*registry, routes, counters);
    }

    const HttpOptions options;
    const Routes routes;
    HttpCounters &counters;
    std::unique_ptr<ServerMetrics> metrics; ///< null: nobody wants to know
    QThreadPool workers; ///< handlers that wait for the database
    QThreadPool streams; ///< producers of streamed answers
    std::function<void()> connectionClosed; ///< called in the IO thread after a connection has ended
};

} // namespace a360::rest
