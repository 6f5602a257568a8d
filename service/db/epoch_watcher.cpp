// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/epoch_watcher.h"

#include "core/logging.h"
#include "core/thrown_error.h"

#include <QCryptographicHash>

#include <algorithm>
#include <utility>

namespace a360::db {

namespace {

constexpr std::chrono::seconds longestRest{1};

qint64 steadyMilliseconds()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Counters for a database without any: they name it, so that it shares no cache with another one.
TableEpochs standingStill(const DatabaseUrl &url)
{
    TableEpochs epochs;
    epochs.identity = "ttl" + QCryptographicHash::hash(url.display().toUtf8(), QCryptographicHash::Sha256).toHex().first(16);
    return epochs;
}

} // namespace

EpochWatcher::EpochWatcher(ConnectionPool &pool, EpochWatcherOptions options)
    : m_pool(pool), m_options(options), m_listener(pool.url(), options.listen)
{
}

EpochWatcher::~EpochWatcher()
{
    m_stop.cancel();
    m_listener.stop();
    if (m_thread.joinable())
        m_thread.join();
}

void EpochWatcher::noteUse()
{
    m_lastUse.store(steadyMilliseconds(), std::memory_order_relaxed);
    std::call_once(m_started, [this] { m_thread = std::thread([this] { watch(); }); });
    if (m_idle.exchange(false))
        m_listener.wake();
}

/// What is known, if it is young enough for who asked at that time: seen since then, or not long ago.
std::optional<TableEpochs> EpochWatcher::trusted(Time asked) const
{
    const std::optional<EpochBoard::Known> known = m_pool.epochs().known();
    if (!known || (known->asOf < asked && std::chrono::steady_clock::now() - known->asOf > m_options.trust))
        return std::nullopt;
    return known->epochs;
}

Result<TableEpochs> EpochWatcher::current(const CancelToken &cancel)
{
    noteUse();
    const Time asked = std::chrono::steady_clock::now();
    for (;;) {
        if (std::optional<TableEpochs> epochs = trusted(asked))
            return *std::move(epochs);
        A360_TRY(cancel.check());
        std::shared_ptr<SharedLook> shared;
        {
            const std::lock_guard lock(m_looksMutex);
            shared = m_sharedLook;
            if (!shared)
                m_sharedLook = std::make_shared<SharedLook>();
        }
        if (!shared)
            return lookForAll(cancel);
        A360_TRY(waitFor(*shared, cancel));
    }
}

/// Waits until another asker has looked; his error, or ours when we are cancelled.
Result<void> EpochWatcher::waitFor(const SharedLook &look, const CancelToken &cancel)
{
    // Registered before the mutex is taken and released after it: the callback takes the mutex in the other thread.
    const auto registration = cancel.onCancel([this] {
        const std::lock_guard lock(m_looksMutex);
        m_lookEnded.notify_all();
    });
    std::unique_lock lock(m_looksMutex);
    m_lookEnded.wait(lock, [&] { return look.ended || cancel.isCancelled(); });
    if (look.error && !cancel.isCancelled())
        return *look.error;
    return {};
}

/// Looks, for this asker and for those who wait for him, who would wait for good for a look that is cut short: an observer
/// of changes may throw.
Result<TableEpochs> EpochWatcher::lookForAll(const CancelToken &cancel)
{
    Result<TableEpochs> seen = [&]() -> Result<TableEpochs> {
        try {
            return lookNow(cancel);
        } catch (...) {
            return errorFromException(QStringLiteral("The look for changes"));
        }
    }();
    const std::lock_guard lock(m_looksMutex);
    if (!seen.ok() && seen.error().code != ErrorCode::Cancelled)
        m_sharedLook->error = seen.error(); // a cancellation is his own affair: another one looks
    m_sharedLook->ended = true;
    m_sharedLook.reset();
    m_lookEnded.notify_all();
    return seen;
}

Result<TableEpochs> EpochWatcher::lookNow(const CancelToken &cancel)
{
    A360_TRY_ASSIGN(Lease lease, m_pool.lease(Lane::Interactive, cancel, "epochs"));
    A360_TRY(look(lease, cancel));
    const std::optional<EpochBoard::Known> known = m_pool.epochs().known();
    if (!known)
        return makeError(ErrorCode::Unavailable, QStringLiteral("A change is being committed."));
    return known->epochs;
}

Result<void> EpochWatcher::look(Lease &lease, const CancelToken &cancel)
{
    const Time asOf = std::chrono::steady_clock::now();
    m_polls.fetch_add(1, std::memory_order_relaxed);
    A360_TRY_ASSIGN(const std::optional<TableEpochs> epochs, readEpochs(lease, cancel));
    m_pool.epochs().learn(epochs.value_or(standingStill(m_pool.url())), asOf);
    return {};
}

void EpochWatcher::watch()
{
    QString told; // an observer that throws may do so with each change: said once
    while (!m_stop.isCancelled()) {
        try {
            turn();
        } catch (...) {
            const Error error = errorFromException(QStringLiteral("A look for changes"));
            if (std::exchange(told, error.message) != error.message)
                qCWarning(lcDb).noquote() << error.message;
            m_listener.wait(std::min<std::chrono::milliseconds>(m_options.pollEvery, longestRest)); // not in a circle
        }
    }
}

/// One turn of the thread: waits, and looks while there are questions.
void EpochWatcher::turn()
{
    m_listener.connectIfDue();
    m_listening.store(m_listener.isListening(), std::memory_order_relaxed);
    const bool idle = steadyMilliseconds() - m_lastUse.load(std::memory_order_relaxed) > m_options.idleAfter.count();
    m_idle.store(idle);
    if (m_listener.wait(idle ? std::chrono::milliseconds(-1) : m_options.pollEvery)) {
        m_notifications.fetch_add(1, std::memory_order_relaxed);
        if (idle)
            m_pool.epochs().expire(); // the next asker looks
    }
    if (m_stop.isCancelled() || idle)
        return;
    // Never waits for a connection: when there is none, those who ask have to wait for one anyway.
    Result<Lease> lease = m_pool.tryLease(Lane::Interactive, "epochs", m_stop.token());
    if (lease.ok())
        static_cast<void>(look(*lease, m_stop.token()));
}

} // namespace a360::db
