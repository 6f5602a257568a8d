// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/redis_options.h"
#include "cache/redis_reply.h"
#include "cache/redis_socket.h"

namespace a360::cache {

/// One logged-in connection. After a failed run() it is of no more use, as answers to earlier commands may still come:
/// whoever holds it must drop it. One thread at a time.
class RedisConnection
{
public:
    /// Connects, logs in, selects the database and makes sure that the server is ready (`LOADING` is a failure), all
    /// within the connect timeout. `stop` must outlive the connection. Errors: of the kinds in redis_error.h.
    static Result<std::unique_ptr<RedisConnection>> open(const RedisUrl &url, std::shared_ptr<const TlsTrust> trust,
                                                         const RedisOptions &options, const WakeSignal &stop);

    /// Writes all commands of the batch and reads their replies, in the order of the commands. A reply that is an error
    /// of the server is no failure of this call.
    Result<std::vector<RedisReply>> run(const RedisBatch &batch, QDeadlineTimer deadline);
    /// False when it must not be used any more although no call failed: the other side hung up or spoke unasked.
    bool isUsable() { return !m_parser.hasBytes() && m_socket->isQuiet(); }

    /// The server's clock minus `RedisOptions::clock`, in ms, as measured when it was opened.
    qint64 clockAhead() const { return m_clockAhead; }
    /// Bytes that came with the latest run().
    qint64 receivedBytes() const { return m_received; }

private:
    explicit RedisConnection(std::unique_ptr<RedisSocket> socket) : m_socket(std::move(socket)) {}
    Result<void> logIn(const RedisUrl &url, const RedisOptions &options, QDeadlineTimer deadline);

    std::unique_ptr<RedisSocket> m_socket;
    RedisReplyParser m_parser;
    QByteArray m_buffer;
    qint64 m_clockAhead = 0;
    qint64 m_received = 0;
};

} // namespace a360::cache
