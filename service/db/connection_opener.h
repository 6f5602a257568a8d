// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/pooled_connection.h"

namespace a360::db {

/// Opens connections and explains failures to open one.
class ConnectionOpener
{
public:
    /// Cancelling is heard at once, also while a server does not answer.
    static Result<std::unique_ptr<PooledConnection>> open(const DatabaseUrl &url, const PoolSettings &settings,
                                                          const CancelToken &cancel = {});

private:
    using Opened = Result<std::unique_ptr<PooledConnection>>;
    static std::unique_ptr<PooledConnection> make(const DatabaseUrl &url, const PoolSettings &settings,
                                                  const QString &plugin);
    static Opened openPostgres(const DatabaseUrl &url, const PoolSettings &settings);
    static Opened openSqlite(const DatabaseUrl &url, const PoolSettings &settings);
    static Result<void> prepareSqlite(PooledConnection &connection, const QString &path);
};

/// Checks what can be known of an SQLite path before opening it: a folder, a missing file or folder, a file of another
/// kind.
Result<void> checkSqliteFile(const QString &path, bool readOnly);

/// Why a connection to PostgreSQL fails, with the SQLSTATE of the server's refusal: connects once more by libpq alone,
/// as Qt's driver keeps only a text. Not when the first attempt `took` all of the connect timeout: nobody answers.
Error diagnosePostgres(const DatabaseUrl &url, const QString &driverMessage, std::chrono::milliseconds took);

/// The libpq parameters of a URL with the defaults of the product: connect_timeout, keep-alives, UTF-8.
QMap<QString, QString> postgresOptions(const DatabaseUrl &url);

} // namespace a360::db
