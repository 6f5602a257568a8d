// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_error.h"

#include "cache/redis_reply.h"

#include <array>

namespace a360::cache {

namespace {

struct KindRow
{
    const char *name;
    ErrorCode code;
};

constexpr std::array<KindRow, redisErrorKinds> kinds{{
    {"connect", ErrorCode::Unavailable},
    {"tls", ErrorCode::Unavailable},
    {"login", ErrorCode::PermissionDenied},
    {"timeout", ErrorCode::Timeout},
    {"lost", ErrorCode::Unavailable},
    {"protocol", ErrorCode::UnusableInput},
    {"busy", ErrorCode::Timeout},
    {"down", ErrorCode::Unavailable},
    {"refused", ErrorCode::Database},
    {"memory", ErrorCode::LimitExceeded},
    {"value", ErrorCode::UnusableInput},
    {"closed", ErrorCode::Cancelled},
}};

} // namespace

QString redisErrorName(RedisErrorKind kind)
{
    return QString::fromLatin1(kinds[static_cast<size_t>(kind)].name);
}

Error makeRedisError(RedisErrorKind kind, const QString &what)
{
    return makeError(kinds[static_cast<size_t>(kind)].code, QStringLiteral("Redis: ") + what, {}, redisErrorName(kind));
}

RedisErrorKind redisErrorKind(const Error &error)
{
    for (size_t i = 0; i < kinds.size(); ++i) {
        if (error.detail == QLatin1String(kinds[i].name))
            return static_cast<RedisErrorKind>(i);
    }
    return RedisErrorKind::Refused;
}

Error errorOfReply(QByteArrayView text)
{
    constexpr qsizetype longest = 200;
    QByteArray shown = text.toByteArray();
    for (const char *quoting : {", with args", " with args"}) {
        if (const qsizetype at = shown.indexOf(quoting); at >= 0)
            shown.truncate(at);
    }
    shown.truncate(longest);
    RedisErrorKind kind = RedisErrorKind::Refused;
    if (shown.startsWith("OOM"))
        kind = RedisErrorKind::Memory;
    else if (shown.startsWith("NOAUTH") || shown.startsWith("WRONGPASS") || shown.startsWith("NOPERM"))
        kind = RedisErrorKind::Login;
    return makeRedisError(kind, QStringLiteral("the server answers \"%1\"").arg(QString::fromUtf8(shown)));
}

Result<void> checkReply(const RedisReply &reply)
{
    if (reply.kind == RedisReply::Kind::Error)
        return errorOfReply(reply.bytes);
    return {};
}

} // namespace a360::cache
