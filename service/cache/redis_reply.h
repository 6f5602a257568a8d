// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <memory>
#include <optional>
#include <vector>

namespace a360::cache {

/// One answer of a Redis server (RESP2).
struct RedisReply
{
    enum class Kind { Nil, Status, Error, Integer, Bytes, Array };
    Kind kind = Kind::Nil;
    QByteArray bytes;                 ///< Status, Error, Bytes
    qint64 integer = 0;               ///< Integer
    std::vector<RedisReply> elements; ///< Array
};

/// Bytes as they arrive to replies, by hiredis' reader. After an error it must not be used any more: where the next
/// reply would begin is unknown. One thread at a time.
class RedisReplyParser
{
public:
    RedisReplyParser();
    ~RedisReplyParser();
    RedisReplyParser(const RedisReplyParser &) = delete;
    RedisReplyParser &operator=(const RedisReplyParser &) = delete;

    Result<void> feed(QByteArrayView bytes);
    /// The next complete reply, nothing while more bytes are needed. Error of kind Protocol for bytes that are none,
    /// for arrays of more than 100,000 elements and for kinds of replies that only RESP3 has.
    Result<std::optional<RedisReply>> next();
    /// True when a reply has begun to arrive or waits to be taken.
    bool hasBytes() const;

private:
    struct Reader;
    std::unique_ptr<Reader> m_reader;
};

/// Commands to be written at once; each gets one reply. Arguments are bytes of any kind.
class RedisBatch
{
public:
    RedisBatch &add(std::initializer_list<QByteArrayView> words) { return add(words.begin(), words.size()); }
    RedisBatch &add(const std::vector<QByteArrayView> &words) { return add(words.data(), words.size()); }
    /// What goes over the wire, and how many replies will come.
    const QByteArray &bytes() const { return m_bytes; }
    int commands() const { return m_commands; }

private:
    RedisBatch &add(const QByteArrayView *words, size_t count);
    QByteArray m_bytes;
    int m_commands = 0;
};

} // namespace a360::cache
