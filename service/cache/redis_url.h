// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

namespace a360::cache {

/// Where a Redis server is, as the Python service's settings write it:
/// `redis://[[user]:password@]host[:port][/db]`, `rediss://…` for TLS, `unix://[[user]:password@]/path[?db=n]`.
/// TLS always verifies certificate and host name; `?ssl_ca_certs=/file.pem` names authorities other than the system's.
struct RedisUrl
{
    QString host;       ///< empty for a Unix socket
    int port = 6379;
    QString socketPath; ///< empty for TCP
    QString user, password;
    int database = 0;
    bool tls = false;
    QString authorities; ///< file with the certificates to trust; empty: those of the system

    /// Errors: InvalidArgument with field REDIS_URL; nothing of the text is quoted that may hold a password.
    static Result<RedisUrl> parse(const QString &text);
    /// For people and logs: the password is replaced by ***.
    QString display() const;
};

} // namespace a360::cache
