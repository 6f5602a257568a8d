// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QDeadlineTimer>

#include <vector>

#include <sys/socket.h>

namespace a360::cache {

class WakeSignal;

struct SocketAddress
{
    sockaddr_storage storage{};
    socklen_t size = 0;
};

/// The addresses of a host, in the order to try them. The system's look-up may block for long and cannot be stopped, so
/// names are looked up by a thread of their own, which is left to itself when the deadline passes or `stop` is raised.
/// Errors: of kind Connect or Closed (redis_error.h).
Result<std::vector<SocketAddress>> hostAddresses(const QString &host, int port, QDeadlineTimer deadline,
                                                 const WakeSignal &stop);
/// The address of a Unix socket; Error of kind Connect when the path is too long for one.
Result<SocketAddress> unixAddress(const QString &path);

} // namespace a360::cache
