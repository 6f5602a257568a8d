// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "db/database_url.h"

#include <QProcess>
#include <QTemporaryDir>

#include <memory>

namespace a360::test {

/// A throw-away PostgreSQL server on a free port, its files in a temporary folder: C.UTF-8, fsync off, 100 connections.
/// Anyone may log in by TCP from this machine without a password, except a role named `pw_login`, which needs
/// its password. Stopped by the destructor, and by the kernel when the test process dies. When the tests run as root, the
/// server runs as the user postgres. Make one per test process (initTestCase), in the thread that outlives it.
class PrivatePostgres
{
public:
    /// Errors: Unsupported (no server binaries found; A360_PG_BINDIR or pg_config tell where they are), Io, Timeout.
    static Result<std::unique_ptr<PrivatePostgres>> start();
    /// A streaming standby of a running one, with all its databases (pg_basebackup).
    static Result<std::unique_ptr<PrivatePostgres>> startStandby(const PrivatePostgres &primary);
    ~PrivatePostgres();
    PrivatePostgres(const PrivatePostgres &) = delete;
    PrivatePostgres &operator=(const PrivatePostgres &) = delete;

    /// A new, empty database, owned by the superuser the URL logs in with.
    Result<db::DatabaseUrl> createDatabase();
    /// Runs SQL as superuser in the database of `url` (any user in it is ignored).
    Result<void> run(const db::DatabaseUrl &url, const QByteArray &sql);
    /// The same; the rows as text: columns separated by `|`, rows by newline.
    Result<QByteArray> ask(const db::DatabaseUrl &url, const QByteArray &sql);

    int port() const { return m_port; }
    QString binaryFolder() const { return m_binaries; }
    /// Stops the server (as `pg_ctl stop -m fast` does) and starts it again on the same port.
    Result<void> stop();
    Result<void> startAgain();

private:
    PrivatePostgres() = default;
    static Result<std::unique_ptr<PrivatePostgres>> startAs(const PrivatePostgres *primary);
    Result<void> runProgram(const QString &name, const QStringList &arguments);
    Result<void> copyFrom(const PrivatePostgres &primary);
    Result<void> initialise();
    Result<void> launch();

    QTemporaryDir m_folder;
    QProcess m_server;
    QString m_binaries;
    int m_port = 0;
    int m_databases = 0;
};

} // namespace a360::test
