// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_reply.h"

#include "cache/redis_error.h"

#include <hiredis/hiredis.h>
#include <hiredis/read.h>

namespace a360::cache {

namespace {

constexpr size_t maxElements = 100'000; // of an array: a wrong length must not cost memory or time

/// Where the reply that is being read goes: into its array, whose elements are there already, or a new one.
RedisReply *placeOf(const redisReadTask *task, RedisReply::Kind kind)
{
    auto *reply = task->parent ? &static_cast<RedisReply *>(task->parent->obj)->elements[static_cast<size_t>(task->idx)]
                               : new RedisReply;
    reply->kind = kind;
    return reply;
}

void *createString(const redisReadTask *task, char *text, size_t size)
{
    RedisReply::Kind kind = RedisReply::Kind::Bytes;
    if (task->type == REDIS_REPLY_STATUS)
        kind = RedisReply::Kind::Status;
    else if (task->type == REDIS_REPLY_ERROR)
        kind = RedisReply::Kind::Error;
    else if (task->type != REDIS_REPLY_STRING)
        return nullptr;
    RedisReply *reply = placeOf(task, kind);
    reply->bytes = QByteArray(text, static_cast<qsizetype>(size));
    return reply;
}

/// The type of the count differs between versions of hiredis.
template <typename Count>
void *createArray(const redisReadTask *task, Count count)
{
    const bool isDeep = task->parent && task->parent->parent; // SCAN's answer, an array in an array, is the deepest
    if (task->type != REDIS_REPLY_ARRAY || isDeep || count < 0 || static_cast<size_t>(count) > maxElements)
        return nullptr;
    RedisReply *reply = placeOf(task, RedisReply::Kind::Array);
    reply->elements.resize(static_cast<size_t>(count));
    return reply;
}

void *createInteger(const redisReadTask *task, long long value)
{
    RedisReply *reply = placeOf(task, RedisReply::Kind::Integer);
    reply->integer = value;
    return reply;
}

void *createNil(const redisReadTask *task)
{
    return placeOf(task, RedisReply::Kind::Nil);
}

void freeObject(void *reply)
{
    delete static_cast<RedisReply *>(reply);
}

/// hiredis 1 knows RESP3's kinds as well. They are never asked for: refusing to make them ends the reading.
template <typename Functions>
void refuseNewKinds(Functions &functions)
{
    if constexpr (requires { functions.createDouble; })
        functions.createDouble = [](const redisReadTask *, double, char *, size_t) -> void * { return nullptr; };
    if constexpr (requires { functions.createBool; })
        functions.createBool = [](const redisReadTask *, int) -> void * { return nullptr; };
}

redisReplyObjectFunctions makeFunctions()
{
    redisReplyObjectFunctions functions{};
    functions.createString = &createString;
    functions.createArray = &createArray;
    functions.createInteger = &createInteger;
    functions.createNil = &createNil;
    functions.freeObject = &freeObject;
    refuseNewKinds(functions);
    return functions;
}

} // namespace

struct RedisReplyParser::Reader
{
    redisReplyObjectFunctions functions = makeFunctions();
    std::unique_ptr<redisReader, decltype(&redisReaderFree)> handle{redisReaderCreateWithFunctions(&functions),
                                                                    &redisReaderFree};

    Error error() const
    {
        // "Out of memory" is also what hiredis says when one of the functions above refuses.
        return makeRedisError(RedisErrorKind::Protocol,
                              QStringLiteral("the server's answer is not Redis' protocol (%1)")
                                  .arg(handle->err == REDIS_ERR_OOM ? QStringLiteral("too much or of an unknown kind")
                                                                    : QString::fromLatin1(handle->errstr)));
    }
};

RedisReplyParser::RedisReplyParser() : m_reader(std::make_unique<Reader>())
{
    Q_CHECK_PTR(m_reader->handle.get());
}

RedisReplyParser::~RedisReplyParser() = default;

Result<void> RedisReplyParser::feed(QByteArrayView bytes)
{
    if (redisReaderFeed(m_reader->handle.get(), bytes.data(), static_cast<size_t>(bytes.size())) != REDIS_OK)
        return m_reader->error();
    return {};
}

Result<std::optional<RedisReply>> RedisReplyParser::next()
{
    void *object = nullptr;
    if (redisReaderGetReply(m_reader->handle.get(), &object) != REDIS_OK)
        return m_reader->error();
    if (!object)
        return std::optional<RedisReply>();
    const std::unique_ptr<RedisReply> reply(static_cast<RedisReply *>(object));
    return std::optional<RedisReply>(std::move(*reply));
}

bool RedisReplyParser::hasBytes() const
{
    const redisReader *reader = m_reader->handle.get();
    return reader->ridx >= 0 || reader->pos < reader->len;
}

RedisBatch &RedisBatch::add(const QByteArrayView *words, size_t count)
{
    std::vector<const char *> texts(count);
    std::vector<size_t> sizes(count);
    for (size_t i = 0; i < count; ++i) {
        texts[i] = words[i].data() ? words[i].data() : "";
        sizes[i] = static_cast<size_t>(words[i].size());
    }
    char *command = nullptr;
    const auto size = redisFormatCommandArgv(&command, static_cast<int>(count), texts.data(), sizes.data());
    Q_CHECK_PTR(command);
    m_bytes.append(command, static_cast<qsizetype>(size));
    redisFreeCommand(command);
    ++m_commands;
    return *this;
}

} // namespace a360::cache
