// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/cache_backend.h"
#include "cache/redis_info.h"
#include "cache/redis_pool.h"

namespace a360::cache {

/// The tier that programs on several machines share: a Redis server (4 or later). Losing it costs hits, never answers:
/// no call takes longer than RedisOptions::commandTimeout (removePattern(): per step), and while the server cannot be
/// reached every call is a miss at once. Values are blocks of encodeEntry(), their times by the server's clock, so that
/// machines whose clocks differ agree; a value that is none of ours is a miss. Made without waiting for the server.
class RedisBackend final : public CacheBackend
{
public:
    explicit RedisBackend(RedisUrl url, RedisOptions options = {});
    ~RedisBackend() override;

    QByteArray name() const override { return "redis"; }
    std::optional<CacheEntry> get(const QByteArray &key) override;
    bool set(const QByteArray &key, const CacheEntry &entry) override;
    bool remove(const QByteArray &key) override;
    /// Walks through all keys of the database (SCAN), for explicit requests only: to invalidate, let the keys carry
    /// another epoch.
    qint64 removePattern(const QByteArray &glob) override;
    /// One element. Entries are the keys of the database, bytes and their bound the memory of the whole server, whoever
    /// they belong to; asked of the server once a second at most (a call may wait for that).
    std::vector<BackendStats> stats() const override;
    void close() override { m_pool.close(); }

    /// As get() for each key, in one round trip for 500 keys.
    std::vector<std::optional<CacheEntry>> getMany(const std::vector<QByteArray> &keys);
    /// As set() for each pair, in one round trip for 500 pairs or 8 MiB; gives how many were kept.
    qint64 setMany(const std::vector<std::pair<QByteArray, CacheEntry>> &entries);

    RedisState state() const { return m_pool.state(); }
    RedisCounts counts() const { return m_pool.meter().counts(); }
    /// False when the server is not reached within `longest`.
    bool waitUntilUp(std::chrono::milliseconds longest) { return m_pool.waitUntilUp(longest); }

private:
    std::optional<CacheEntry> entryOf(const RedisReply &reply, qint64 now);
    bool addSet(RedisBatch &batch, const QByteArray &key, const CacheEntry &entry);
    bool wasSet(const QByteArray &key, const RedisReply &reply);
    std::optional<std::vector<RedisReply>> ask(const RedisBatch &batch);
    std::optional<qint64> askNumber(const RedisBatch &batch);
    void noteTrouble(const Error &error);
    void noteRead(const QByteArray &key, bool hit);
    template <typename Change>
    void count(const QByteArray &key, Change change);
    void readInfo(BackendStats &stats) const;

    const RedisOptions m_options;
    mutable RedisPool m_pool;
    mutable std::mutex m_mutex; ///< guards the counters
    CacheCounters m_total;
    std::vector<std::pair<QByteArray, CacheCounters>> m_prefixes;
    qint64 m_errors = 0;
    mutable std::mutex m_infoMutex; ///< guards what follows; held while the server is asked
    mutable RedisInfo m_info;
    mutable std::chrono::steady_clock::time_point m_infoUntil; ///< then it is asked again
};

} // namespace a360::cache
