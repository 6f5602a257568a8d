// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api_options.h"
#include "api_parts.h"
#include "http_options.h"
#include "service.h"

#include <memory>

namespace a360::rest {

struct ApiCounters
{
    qint64 requests = 0;
    int activeConnections = 0;
    int activeStreams = 0;
    qint64 bytesSent = 0;
    qint64 bytesReceived = 0;
};

/// The REST API over one open database. start() and stop() are called from one thread at a time, which may be the
/// window's: start() returns at once, stop() waits for running answers only as long as it is told, and then for the
/// statements it cancels (well below a second). Counters may be read from any thread.
class ApiServer
{
public:
    ApiServer();
    ~ApiServer(); ///< stops without draining
    ApiServer(const ApiServer &) = delete;
    ApiServer &operator=(const ApiServer &) = delete;

    /// Listens and gives the actual port. `service`, and what `parts` refers to, must outlive the server's run. Error{Io} when the address cannot be
    /// had, naming it; Error{Conflict} when it is running already.
    Result<quint16> start(const ApiOptions &options, Service &service, ApiParts parts = {});
    /// Takes no further connections, lets running answers end for at most `drain`, then cuts them.
    void stop(std::chrono::milliseconds drain = std::chrono::milliseconds(5000));
    bool isRunning() const;
    ApiCounters counters() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace a360::rest
