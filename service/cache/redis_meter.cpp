// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_meter.h"

namespace a360::cache {

QJsonObject RedisCounts::toJson() const
{
    QJsonObject byKind;
    for (int kind = 0; kind < redisErrorKinds; ++kind) {
        if (const qint64 count = errors[static_cast<size_t>(kind)]; count > 0)
            byKind.insert(redisErrorName(static_cast<RedisErrorKind>(kind)), count);
    }
    return {{QStringLiteral("calls"), calls},
            {QStringLiteral("commands"), commands},
            {QStringLiteral("bytes_sent"), sentBytes},
            {QStringLiteral("bytes_received"), receivedBytes},
            {QStringLiteral("latency_us"), QJsonObject{{QStringLiteral("mean"), calls > 0 ? totalMicroseconds / calls : 0},
                                                       {QStringLiteral("max"), longestMicroseconds}}},
            {QStringLiteral("connections_opened"), connections},
            {QStringLiteral("reconnects"), reconnects},
            {QStringLiteral("errors"), byKind}};
}

void RedisMeter::countCall(qint64 commands, qint64 sent, qint64 received, std::chrono::nanoseconds time)
{
    const qint64 microseconds = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
    const std::scoped_lock lock(m_mutex);
    ++m_counts.calls;
    m_counts.commands += commands;
    m_counts.sentBytes += sent;
    m_counts.receivedBytes += received;
    m_counts.totalMicroseconds += microseconds;
    m_counts.longestMicroseconds = qMax(m_counts.longestMicroseconds, microseconds);
}

void RedisMeter::countConnection(bool again)
{
    const std::scoped_lock lock(m_mutex);
    ++m_counts.connections;
    m_counts.reconnects += again ? 1 : 0;
}

void RedisMeter::countError(const Error &error)
{
    const RedisErrorKind kind = redisErrorKind(error);
    const std::scoped_lock lock(m_mutex);
    ++m_counts.errors[static_cast<size_t>(kind)];
    // Calls that are not even tried would hide the reason why.
    if (kind != RedisErrorKind::Down && kind != RedisErrorKind::Closed)
        m_counts.lastError = error.message;
}

RedisCounts RedisMeter::counts() const
{
    const std::scoped_lock lock(m_mutex);
    return m_counts;
}

} // namespace a360::cache
