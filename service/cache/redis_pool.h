// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/redis_connection.h"
#include "cache/redis_meter.h"
#include "cache/redis_url.h"

#include <atomic>
#include <condition_variable>
#include <random>
#include <thread>

namespace a360::cache {

/// What dashboards show of a pool.
struct RedisState
{
    bool up = false;       ///< at least one connection is open
    int connections = 0;   ///< open ones
    int busy = 0;          ///< of these, in use
    int failures = 0;      ///< attempts or calls that failed since the last call that succeeded
    std::chrono::milliseconds nextAttempt{0}; ///< while down: from now to the next attempt to connect
    QString error;         ///< while down: why; no secrets
    qint64 clockAhead = 0; ///< the server's clock minus ours, in ms
};

/// A few connections to one server, shared by all threads. A thread of the pool opens them, so no caller ever waits for
/// a connect. A call that fails takes all connections down: from then on calls fail at once (kind Down), until the
/// thread has reached the server again. It tries at once, then with pauses that double, with jitter, and are only
/// forgotten when a call succeeds; a server that logs in but does not answer is thus not asked all the time.
class RedisPool
{
public:
    RedisPool(RedisUrl url, RedisOptions options);
    /// As close().
    ~RedisPool();
    RedisPool(const RedisPool &) = delete;
    RedisPool &operator=(const RedisPool &) = delete;

    /// The replies to the commands, in their order. Never takes longer than the command timeout. Thread-safe. Errors:
    /// Down, Busy, Timeout, Lost, Protocol, Tls, Closed; each is counted.
    Result<std::vector<RedisReply>> run(const RedisBatch &batch);
    /// Waits until the server is reached; false when it is not within `longest` or the pool is closed.
    bool waitUntilUp(std::chrono::milliseconds longest);
    /// Ends calls that are running, at once, and waits for them; later ones fail (kind Closed). May be called by several
    /// threads and more than once.
    void close();

    RedisState state() const;
    /// The server's clock minus ours, in ms, as of the latest connection.
    qint64 clockAhead() const { return m_clockAhead.load(std::memory_order_relaxed); }
    RedisMeter &meter() { return m_meter; }
    const RedisMeter &meter() const { return m_meter; }
    const RedisUrl &url() const { return m_url; }

private:
    using TimePoint = std::chrono::steady_clock::time_point;
    struct Lease
    {
        std::unique_ptr<RedisConnection> connection;
        quint64 generation = 0; ///< of the pool when it was taken
    };
    Result<std::vector<RedisReply>> runCounted(const RedisBatch &batch);
    Result<Lease> take(QDeadlineTimer deadline);
    void giveBack(Lease lease);
    void takeDown(const Lease &lease, const Error &error);
    // Of the thread; those that begin with "note" are called with the mutex held.
    void keepOpen();
    Result<std::unique_ptr<RedisConnection>> openOne();
    void noteOpened(std::unique_ptr<RedisConnection> connection);
    void noteFailure(const Error &error);
    QString noteNews();

    const RedisUrl m_url;
    const RedisOptions m_options;
    RedisMeter m_meter;
    WakeSignal m_stop;
    std::shared_ptr<const TlsTrust> m_trust; ///< used by the thread only
    std::mutex m_closing;                    ///< held while the thread is waited for

    mutable std::mutex m_mutex; ///< guards what follows
    std::condition_variable m_freed;   ///< for callers: a connection is free, or none will be
    std::condition_variable m_changed; ///< for those who wait until it is up, or until all calls have ended
    std::condition_variable m_work;    ///< for the thread
    std::vector<std::unique_ptr<RedisConnection>> m_idle;
    int m_open = 0;    ///< idle and leased, of this generation
    int m_waiting = 0; ///< callers that need a connection
    int m_calls = 0;   ///< callers inside run()
    quint64 m_generation = 0; ///< connections of earlier ones are dropped when they come back
    int m_failures = 0;
    bool m_wasUp = false, m_stopping = false;
    bool m_reportedDown = false; ///< in the log
    TimePoint m_nextAttempt;
    QString m_error; ///< of the latest failure; empty while all is well
    std::atomic<qint64> m_clockAhead = 0;
    std::minstd_rand m_random{std::random_device{}()};

    std::thread m_thread; // last: it uses all the others
};

} // namespace a360::cache
