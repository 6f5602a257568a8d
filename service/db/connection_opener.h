// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/pooled_connection.h"

namespace a360::db {

/// How long connecting may take, and who may end it earlier.
struct ConnectAttempt
{
    std::chrono::milliseconds limit{5000};
    CancelToken cancel;
    /// Nobody knows that the server can be reached: first connect with libpq alone, which obeys `limit` and `cancel` to
    /// the millisecond and knows why it failed; Qt's driver does neither.
    bool tryFirst = true;
};

/// Opens connections and explains failures to open one.
class ConnectionOpener
{
public:
    /// Cancelling is heard at once, also while a server does not answer.
    static Result<std::unique_ptr<PooledConnection>> open(const DatabaseUrl &url, const PoolSettings &settings,
                                                          const ConnectAttempt &attempt = {});

private:
    using Opened = Result<std::unique_ptr<PooledConnection>>;
    static std::unique_ptr<PooledConnection> make(const DatabaseUrl &url, const PoolSettings &settings,
                                                  const QString &plugin);
    static Opened openPostgres(const DatabaseUrl &url, const PoolSettings &settings, const ConnectAttempt &attempt);
    static Opened connectPostgres(const DatabaseUrl &url, const PoolSettings &settings,
                                  std::chrono::milliseconds limit);
    static Opened openSqlite(const DatabaseUrl &url, const PoolSettings &settings);
    static Result<void> prepareSqlite(PooledConnection &connection, const QString &path);
};

/// Checks what can be known of an SQLite path before opening it: a folder, a missing file or folder, a file of another
/// kind.
Result<void> checkSqliteFile(const QString &path, bool readOnly);

/// Connects by libpq alone and lets go again: success, or why it fails, with the SQLSTATE of the server's refusal, which
/// Qt's driver does not keep. Errors: Unavailable, NotFound (no such database), PermissionDenied, Cancelled.
Result<void> tryPostgres(const DatabaseUrl &url, std::chrono::milliseconds limit, const CancelToken &cancel);

/// True for the error of a server that takes no more connections (SQLSTATE 53300).
bool isServerFull(const Error &error);

/// The libpq parameters of a URL with the defaults of the product: connect_timeout, keep-alives, UTF-8.
QMap<QString, QString> postgresOptions(const DatabaseUrl &url);

} // namespace a360::db
