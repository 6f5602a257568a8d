// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "db/connection_pool.h"
#include "db/epoch_listener.h"
#include "db/epochs.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace a360::db {

struct EpochWatcherOptions
{
    std::chrono::milliseconds pollEvery{400}; ///< how often the counters are read while somebody asks for them
    std::chrono::milliseconds trust{800};     ///< how old what was read may be when it is used
    std::chrono::milliseconds idleAfter{2000}; ///< no more polls this long after the latest question
    bool listen = true;                       ///< also wait for PostgreSQL's notifications
};

/// Knows the counters of a360_table_epochs for readers of caches: a change that another process committed is seen after
/// `trust` at most, one of this process at once. A thread, started by the first question, reads the counters while there
/// are questions; who asks after a pause reads them himself. Thread-safe.
class EpochWatcher
{
public:
    /// The pool must outlive it.
    explicit EpochWatcher(ConnectionPool &pool, EpochWatcherOptions options = {});
    ~EpochWatcher(); ///< stops the thread, also when it waits for a server that does not answer
    EpochWatcher(const EpochWatcher &) = delete;
    EpochWatcher &operator=(const EpochWatcher &) = delete;

    /// To be asked before the data is read. Where the database has no counters, they stand still except for this
    /// process's own writes, and only the time to live bounds what others' writes leave stale. Waits for a connection when
    /// it has to look, or for another asker's look, whose error is then his as well: a database that does not answer holds
    /// up many askers for no longer than one. Any error: nothing is known, so use no cache.
    Result<TableEpochs> current(const CancelToken &cancel = {});

    qint64 polls() const { return m_polls.load(std::memory_order_relaxed); }
    qint64 notifications() const { return m_notifications.load(std::memory_order_relaxed); }
    bool isListening() const { return m_listening.load(std::memory_order_relaxed); }

private:
    using Time = std::chrono::steady_clock::time_point;
    /// One asker looks; those who come meanwhile wait for him. Guarded by m_looksMutex.
    struct SharedLook
    {
        bool ended = false;
        std::optional<Error> error;
    };
    std::optional<TableEpochs> trusted(Time asked) const;
    Result<void> look(Lease &lease, const CancelToken &cancel);
    Result<TableEpochs> lookNow(const CancelToken &cancel);
    Result<TableEpochs> lookForAll(const CancelToken &cancel);
    Result<void> waitFor(const SharedLook &look, const CancelToken &cancel);
    void noteUse();
    void watch();
    void turn();

    ConnectionPool &m_pool;
    const EpochWatcherOptions m_options;
    EpochListener m_listener;
    std::mutex m_looksMutex;
    std::condition_variable m_lookEnded;
    std::shared_ptr<SharedLook> m_sharedLook; // guarded by m_looksMutex; empty while nobody looks
    std::atomic<qint64> m_lastUse = 0; // milliseconds of the steady clock
    CancelSource m_stop;
    std::atomic<bool> m_idle = false, m_listening = false;
    std::atomic<qint64> m_polls = 0, m_notifications = 0;
    std::once_flag m_started;
    std::thread m_thread;
};

} // namespace a360::db
