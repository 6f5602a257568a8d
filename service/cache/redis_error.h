// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArrayView>

namespace a360::cache {

struct RedisReply;

/// What can go wrong between this program and a Redis server; each is counted apart.
enum class RedisErrorKind {
    Connect,  ///< no such host, nobody listens, or no answer to the attempt
    Tls,      ///< the handshake failed or the certificate is not to be trusted
    Login,    ///< the password or user is refused, or may not do this
    Timeout,  ///< no complete answer within the time for a command
    Lost,     ///< the link broke
    Protocol, ///< the answer is not Redis' protocol
    Busy,     ///< all connections were in use for the whole time of a command
    Down,     ///< not even tried, because the server cannot be reached at present
    Refused,  ///< the server answered with an error
    Memory,   ///< the server is full and evicts nothing (OOM)
    Value,    ///< what is stored under the key was not written by this version of this program, or is too large
    Closed,   ///< this side was told to stop
};
inline constexpr int redisErrorKinds = static_cast<int>(RedisErrorKind::Closed) + 1;

/// "connect", "tls", "login", …: the names in statistics.
QString redisErrorName(RedisErrorKind kind);
/// An error whose `detail` is the kind's name.
Error makeRedisError(RedisErrorKind kind, const QString &what);
/// The kind of an error of makeRedisError().
RedisErrorKind redisErrorKind(const Error &error);

/// The error a reply carries: `-OOM …` is Memory, `-NOAUTH`, `-WRONGPASS`, `-NOPERM` are Login, others Refused.
/// Servers quote arguments of commands they do not know; these are cut off, as they may be secrets or cached data.
Error errorOfReply(QByteArrayView text);
/// The error of an error reply; success for every other kind of reply.
Result<void> checkReply(const RedisReply &reply);

} // namespace a360::cache
