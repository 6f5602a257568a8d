// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "http_options.h"
#include "metrics/registry.h"
#include "route.h"

#include <memory>

namespace a360::rest {

/// The HTTP layer: an acceptor thread, IO threads, pools for handlers and streams. start() and stop() are called from
/// one thread (any); stop() waits, but not longer than its drain time plus the handlers that are being cancelled.
class HttpServer
{
public:
    HttpServer();
    ~HttpServer(); ///< stops without draining
    HttpServer(const HttpServer &) = delete;
    HttpServer &operator=(const HttpServer &) = delete;

    /// Listens; gives the port. Tells of itself in `registry`, which must outlive the run. Error{Io} when the address cannot be had, naming it.
    Result<quint16> start(HttpOptions options, Routes routes, metrics::Registry *registry = nullptr);
    /// Takes no more connections, lets running answers end for at most `drain`, then cuts them.
    void stop(std::chrono::milliseconds drain);
    bool isRunning() const;
    const HttpCounters &counters() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace a360::rest
