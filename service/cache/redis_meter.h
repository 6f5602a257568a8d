// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/redis_error.h"

#include <QJsonObject>

#include <array>
#include <chrono>
#include <mutex>

namespace a360::cache {

/// Counts since the start of one pool.
struct RedisCounts
{
    qint64 calls = 0;             ///< batches that were answered
    qint64 commands = 0;          ///< in them
    qint64 sentBytes = 0, receivedBytes = 0;
    qint64 totalMicroseconds = 0; ///< of the answered calls, waiting for a connection included
    qint64 longestMicroseconds = 0;
    qint64 connections = 0;       ///< opened
    qint64 reconnects = 0;        ///< times the server was reached again after it was lost
    std::array<qint64, redisErrorKinds> errors{}; ///< by RedisErrorKind; failed attempts to connect are among them
    QString lastError;            ///< latest one; empty when there was none

    qint64 errorsOf(RedisErrorKind kind) const { return errors[static_cast<size_t>(kind)]; }
    /// `{"calls":…,"latency_us":{"mean":…,"max":…},"errors":{"timeout":…},…}`; only errors that happened.
    QJsonObject toJson() const;
};

/// Keeps the counts. Thread-safe.
class RedisMeter
{
public:
    void countCall(qint64 commands, qint64 sent, qint64 received, std::chrono::nanoseconds time);
    void countConnection(bool again);
    void countError(const Error &error);
    RedisCounts counts() const;

private:
    mutable std::mutex m_mutex;
    RedisCounts m_counts;
};

} // namespace a360::cache
