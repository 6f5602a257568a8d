// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/cache_entry.h"

#include <chrono>

namespace a360::cache {

/// How a RedisBackend behaves; the defaults suit a server in the same network.
struct RedisOptions
{
    QByteArray clientName = "appointment360";       ///< shown by CLIENT LIST; no spaces
    int connections = 4;                            ///< at most so many; opened as they are needed
    std::chrono::milliseconds connectTimeout{250};  ///< for one attempt: look-up, TCP, TLS, log-in
    std::chrono::milliseconds commandTimeout{250};  ///< for one call, waiting for a connection included
    std::chrono::milliseconds firstRetry{50};       ///< pause after the second failed attempt; doubled after each further one
    std::chrono::milliseconds longestRetry{3000};
    qsizetype maxValueBytes = 8 * 1024 * 1024;      ///< larger values are not kept
    Clock clock = systemClock;
};

} // namespace a360::cache
