// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_connection.h"

#include "cache/redis_error.h"
#include "cache/redis_url.h"

namespace a360::cache {

namespace {

constexpr qint64 longestAnswer = 256 * 1024 * 1024; // of one batch

/// The server's clock in ms since 1970 out of TIME's reply, or nothing when a rule of the server forbids TIME.
std::optional<qint64> serverTime(const RedisReply &reply)
{
    if (reply.kind != RedisReply::Kind::Array || reply.elements.size() != 2)
        return std::nullopt;
    return reply.elements[0].bytes.toLongLong() * 1000 + reply.elements[1].bytes.toLongLong() / 1000;
}

/// The error of AUTH's reply. Only its code word is used: some servers quote the arguments of what they refuse.
Result<void> checkLogin(const RedisReply &reply)
{
    if (reply.kind != RedisReply::Kind::Error)
        return {};
    const QByteArray code = reply.bytes.left(reply.bytes.indexOf(' '));
    return makeRedisError(RedisErrorKind::Login,
                          QStringLiteral("the server refuses the password or user of REDIS_URL (%1)").arg(QString::fromUtf8(code)));
}

} // namespace

Result<std::unique_ptr<RedisConnection>> RedisConnection::open(const RedisUrl &url, std::shared_ptr<const TlsTrust> trust,
                                                               const RedisOptions &options, const WakeSignal &stop)
{
    const QDeadlineTimer deadline(options.connectTimeout);
    A360_TRY_ASSIGN(auto socket, RedisSocket::open(url, std::move(trust), deadline, stop));
    std::unique_ptr<RedisConnection> connection(new RedisConnection(std::move(socket)));
    A360_TRY(connection->logIn(url, options, deadline));
    return connection;
}

Result<void> RedisConnection::logIn(const RedisUrl &url, const RedisOptions &options, QDeadlineTimer deadline)
{
    const QByteArray user = url.user.toUtf8(), password = url.password.toUtf8(), database = QByteArray::number(url.database);
    RedisBatch batch;
    if (!user.isEmpty())
        batch.add({"AUTH", user, password}); // Redis 6 and later
    else if (!password.isEmpty())
        batch.add({"AUTH", password});
    const bool hasLogin = batch.commands() > 0;
    batch.add({"SELECT", database}).add({"PING"}).add({"TIME"}).add({"CLIENT", "SETNAME", options.clientName});

    const qint64 before = options.clock();
    A360_TRY_ASSIGN(const std::vector<RedisReply> replies, run(batch, deadline));
    size_t next = 0;
    if (hasLogin)
        A360_TRY(checkLogin(replies[next++]));
    A360_TRY(checkReply(replies[next++]));
    A360_TRY(checkReply(replies[next++]));
    if (const std::optional<qint64> time = serverTime(replies[next]))
        m_clockAhead = *time - (before + options.clock()) / 2;
    return {}; // a name that cannot be set is no reason to do without the cache
}

Result<std::vector<RedisReply>> RedisConnection::run(const RedisBatch &batch, QDeadlineTimer deadline)
{
    m_received = 0;
    A360_TRY(m_socket->queue(batch.bytes()));
    std::vector<RedisReply> replies;
    const auto wanted = static_cast<size_t>(batch.commands());
    replies.reserve(wanted);
    while (replies.size() < wanted) {
        A360_TRY_ASSIGN(std::optional<RedisReply> reply, m_parser.next());
        if (reply) {
            replies.push_back(*std::move(reply));
            continue;
        }
        m_buffer.resize(0);
        A360_TRY(m_socket->exchange(m_buffer, deadline));
        m_received += m_buffer.size();
        if (m_received > longestAnswer)
            return makeRedisError(RedisErrorKind::Protocol, QStringLiteral("the server's answer does not end"));
        A360_TRY(m_parser.feed(m_buffer));
    }
    if (m_parser.hasBytes())
        return makeRedisError(RedisErrorKind::Protocol, QStringLiteral("the server answers more than it was asked"));
    return replies;
}

} // namespace a360::cache
