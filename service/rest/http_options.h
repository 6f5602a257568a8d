// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "request_parser.h"

#include <QHostAddress>
#include <QStringList>

#include <atomic>
#include <chrono>

namespace a360::rest {

/// Limits and manners of the HTTP layer; knows nothing of contacts.
struct HttpOptions
{
    QHostAddress address{QHostAddress::LocalHost};
    quint16 port = 8000;              ///< 0: any free one
    int ioThreads = 2;
    int workerThreads = 16;           ///< handlers that wait for the database
    int maxStreams = 8;               ///< one more is answered with 503
    qsizetype streamChunk = 1024 * 1024; ///< STREAMING_CHUNK_SIZE: most bytes of a streamed answer sent at a time
    int maxConnections = 1000;        ///< one more is answered with 503 and closed
    ParserLimits parser;
    std::chrono::milliseconds headerTimeout{10'000};     ///< from the first byte of a request to the end of its header
    std::chrono::milliseconds bodyTimeout{30'000};
    std::chrono::milliseconds idleTimeout{60'000};       ///< between requests
    std::chrono::milliseconds requestTimeout{60'000};    ///< for a handler that is no stream: 504 above
    std::chrono::milliseconds writeStallTimeout{30'000}; ///< a client that takes no byte for so long is cut off
    std::chrono::milliseconds lingerTimeout{2'000};      ///< reading on after the last answer, so that it arrives
    QStringList allowedOrigins;       ///< ALLOWED_ORIGINS: "https://app.example" or "*"
    QStringList trustedHosts;         ///< TRUSTED_HOSTS: "localhost", "*.example.com", "*"; empty: any
    bool compress = true;             ///< ENABLE_RESPONSE_COMPRESSION
    qsizetype compressionMinSize = 1000;
};

/// Counters of a running server; read from any thread.
struct HttpCounters
{
    std::atomic<qint64> requests = 0;
    std::atomic<qint64> connectionsAccepted = 0;
    std::atomic<qint64> connectionsRefused = 0;
    std::atomic<int> activeConnections = 0;
    std::atomic<int> activeStreams = 0;
    std::atomic<qint64> bytesSent = 0;
    std::atomic<qint64> bytesReceived = 0;
};

} // namespace a360::rest
