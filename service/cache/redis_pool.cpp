// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_pool.h"

#include "core/logging.h"

namespace a360::cache {

namespace {
using Steady = std::chrono::steady_clock;
} // namespace

RedisPool::RedisPool(RedisUrl url, RedisOptions options)
    : m_url(std::move(url)), m_options(std::move(options)), m_thread([this] { keepOpen(); })
{
}

RedisPool::~RedisPool()
{
    close();
}

void RedisPool::close()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
        m_stop.raise();
    }
    m_work.notify_all();
    m_freed.notify_all();
    m_changed.notify_all();
    const std::scoped_lock closing(m_closing);
    if (m_thread.joinable())
        m_thread.join();
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_calls == 0; });
    m_idle.clear();
    m_open = 0;
}

Result<std::vector<RedisReply>> RedisPool::run(const RedisBatch &batch)
{
    {
        const std::scoped_lock lock(m_mutex);
        ++m_calls;
    }
    Result<std::vector<RedisReply>> replies = runCounted(batch);
    const std::scoped_lock lock(m_mutex);
    if (--m_calls == 0 && m_stopping)
        m_changed.notify_all(); // with the lock held: afterwards the pool may be gone
    return replies;
}

Result<std::vector<RedisReply>> RedisPool::runCounted(const RedisBatch &batch)
{
    const auto start = Steady::now();
    const QDeadlineTimer deadline(m_options.commandTimeout);
    Result<Lease> lease = take(deadline);
    if (!lease.ok()) {
        m_meter.countError(lease.error());
        return lease.error();
    }
    Result<std::vector<RedisReply>> replies = lease->connection->run(batch, deadline);
    if (!replies.ok()) {
        m_meter.countError(replies.error());
        takeDown(lease.value(), replies.error());
        return replies;
    }
    m_meter.countCall(batch.commands(), batch.bytes().size(), lease->connection->receivedBytes(), Steady::now() - start);
    giveBack(std::move(lease).value());
    return replies;
}

Result<RedisPool::Lease> RedisPool::take(QDeadlineTimer deadline)
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        if (m_stopping)
            return makeRedisError(RedisErrorKind::Closed, QStringLiteral("the cache is closed"));
        if (m_open == 0)
            return makeRedisError(RedisErrorKind::Down, QStringLiteral("the server cannot be reached at present"));
        if (!m_idle.empty()) {
            Lease lease{std::move(m_idle.back()), m_generation};
            m_idle.pop_back();
            lock.unlock();
            if (lease.connection->isUsable())
                return lease;
            // Servers may close connections that nobody uses: no failure yet, and no news for the log.
            m_meter.countError(
                makeRedisError(RedisErrorKind::Lost, QStringLiteral("the server closed a connection that was not in use")));
            lock.lock();
            if (lease.generation == m_generation && --m_open == 0)
                m_work.notify_one();
            continue;
        }
        if (deadline.hasExpired())
            return makeRedisError(RedisErrorKind::Busy, QStringLiteral("all connections are in use"));
        ++m_waiting;
        m_work.notify_one();
        m_freed.wait_for(lock, deadline.remainingTimeAsDuration());
        --m_waiting;
    }
}

void RedisPool::giveBack(Lease lease)
{
    const std::scoped_lock lock(m_mutex);
    if (lease.generation != m_generation)
        return; // taken down meanwhile; the connection is closed with the lease
    m_idle.push_back(std::move(lease.connection));
    m_freed.notify_one();
    if (m_failures > 0) {
        m_failures = 0;
        m_error.clear();
        m_work.notify_one(); // to say so in the log
    }
}

void RedisPool::takeDown(const Lease &lease, const Error &error)
{
    std::vector<std::unique_ptr<RedisConnection>> closed; // outside of the lock
    const std::scoped_lock lock(m_mutex);
    if (lease.generation != m_generation || m_stopping)
        return;
    ++m_generation;
    closed.swap(m_idle);
    m_open = 0;
    noteFailure(error);
    m_freed.notify_all();
    m_work.notify_one();
}

void RedisPool::noteFailure(const Error &error)
{
    ++m_failures;
    m_error = error.message;
    std::chrono::duration<double, std::milli> pause(0);
    if (m_failures > 1) {
        constexpr int mostDoublings = 20;
        pause = m_options.firstRetry * (1 << qMin(m_failures - 2, mostDoublings));
        pause = std::min<std::chrono::duration<double, std::milli>>(pause, m_options.longestRetry);
        // Programs that lost the same server must not all come back at the same moment.
        pause *= std::uniform_real_distribution<double>(0.5, 1.0)(m_random);
    }
    m_nextAttempt = Steady::now() + std::chrono::duration_cast<Steady::duration>(pause);
}

void RedisPool::noteOpened(std::unique_ptr<RedisConnection> connection)
{
    m_meter.countConnection(m_wasUp && m_open == 0);
    m_clockAhead.store(connection->clockAhead(), std::memory_order_relaxed);
    m_wasUp = true;
    m_idle.push_back(std::move(connection));
    ++m_open;
    if (m_failures == 0)
        m_error.clear();
    m_freed.notify_one();
    m_changed.notify_all();
}

/// What the log should be told now. Up is only reported after a call that succeeded.
QString RedisPool::noteNews()
{
    const bool isDown = m_open == 0 && !m_error.isEmpty();
    if (isDown == m_reportedDown || (!isDown && m_failures > 0))
        return {};
    m_reportedDown = isDown;
    return isDown ? QStringLiteral("%1 is not used until it answers again. %2").arg(m_url.display(), m_error)
                  : QStringLiteral("%1 is used again.").arg(m_url.display());
}

Result<std::unique_ptr<RedisConnection>> RedisPool::openOne()
{
    if (m_url.tls && !m_trust) {
        A360_TRY_ASSIGN(m_trust, TlsTrust::load(m_url.authorities));
    }
    return RedisConnection::open(m_url, m_trust, m_options, m_stop);
}

void RedisPool::keepOpen()
{
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        if (const QString news = noteNews(); !news.isEmpty()) {
            const bool isBad = m_reportedDown;
            lock.unlock();
            if (isBad)
                qCWarning(lcCache).noquote() << news;
            else
                qCInfo(lcCache).noquote() << news;
            lock.lock();
            continue;
        }
        if (m_open > 0 && (m_waiting == 0 || m_open >= m_options.connections)) {
            m_work.wait(lock);
            continue;
        }
        if (Steady::now() < m_nextAttempt) {
            m_work.wait_until(lock, m_nextAttempt);
            continue;
        }
        lock.unlock();
        Result<std::unique_ptr<RedisConnection>> opened = openOne();
        lock.lock();
        if (m_stopping)
            return;
        if (opened.ok()) {
            noteOpened(std::move(opened).value());
            continue;
        }
        m_meter.countError(opened.error());
        noteFailure(opened.error());
    }
}

bool RedisPool::waitUntilUp(std::chrono::milliseconds longest)
{
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, longest, [this] { return m_stopping || m_open > 0; }) && !m_stopping;
}

RedisState RedisPool::state() const
{
    const std::scoped_lock lock(m_mutex);
    RedisState state;
    state.up = m_open > 0;
    state.connections = m_open;
    state.busy = m_open - static_cast<int>(m_idle.size());
    state.failures = m_failures;
    state.clockAhead = clockAhead();
    if (!state.up) {
        state.error = m_error;
        state.nextAttempt = std::max(std::chrono::ceil<std::chrono::milliseconds>(m_nextAttempt - Steady::now()),
                                     std::chrono::milliseconds(0));
    }
    return state;
}

} // namespace a360::cache
