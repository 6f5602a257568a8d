// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArrayList>
#include <QProcess>
#include <QTemporaryDir>

#include <memory>

namespace a360::test {

struct PrivateRedisOptions
{
    QString password;          ///< empty: none
    bool tls = false;          ///< with a certificate for 127.0.0.1 and localhost, made for this server
    QStringList arguments;     ///< more of redis-server, for example {"--maxmemory", "2mb"}
};

/// A throw-away Redis server on a free port, nothing kept on disk. Stopped by the destructor, and by the kernel when the
/// thread that started it ends.
class PrivateRedis
{
public:
    /// Errors: Unsupported (no redis-server), Io, Timeout.
    static Result<std::unique_ptr<PrivateRedis>> start(PrivateRedisOptions options = {});
    ~PrivateRedis();
    PrivateRedis(const PrivateRedis &) = delete;
    PrivateRedis &operator=(const PrivateRedis &) = delete;

    /// `redis://` or `rediss://`, with the password, and with the server's own authority for TLS.
    QString url() const;
    int port() const { return m_port; }
    QString socketPath() const { return m_folder.filePath(QStringLiteral("redis.sock")); }
    /// The certificate of the authority that signed the server's, and of one that signed nothing.
    QString authority() const { return m_folder.filePath(QStringLiteral("ca.pem")); }
    QString wrongAuthority() const { return m_folder.filePath(QStringLiteral("wrong-ca.pem")); }

    Result<void> stop();
    /// Starts it again on the same port; its keys are gone.
    Result<void> startAgain();
    /// SIGSTOP and SIGCONT: connections are taken by the kernel, and nothing is answered.
    void pause();
    void resume();
    /// What redis-cli prints for a command, without the last newline.
    Result<QByteArray> ask(const QByteArrayList &command) const;

private:
    explicit PrivateRedis(PrivateRedisOptions options) : m_options(std::move(options)) {}
    Result<void> makeCertificates();
    Result<void> launch();

    const PrivateRedisOptions m_options;
    QTemporaryDir m_folder;
    QProcess m_server;
    int m_port = 0;
};

} // namespace a360::test
