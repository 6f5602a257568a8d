// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/connection_pool.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

namespace a360::db {

class PoolState;

/// Watches a pool and writes to the log (category a360.db), as the guide's "Pool Monitoring" and contract §8 want it:
/// every PoolSettings::monitoringInterval one line with all statistics (error when critical, warning when degraded, else
/// info), one more at the end; warnings for waits above 100 ms, use above 80 % and invalidated connections, errors for
/// use above 95 % or overflow above 20 % of the size, each kind at most once in ten seconds; and every lease that is out
/// for longer than PoolSettings::leakAfter, once, with its owner. Owned by the pool. Thread-safe.
class PoolMonitor
{
public:
    PoolMonitor(const PoolState &state, const PoolSettings &settings);
    ~PoolMonitor(); ///< stops
    PoolMonitor(const PoolMonitor &) = delete;
    PoolMonitor &operator=(const PoolMonitor &) = delete;

    void onCheckout(double waited); ///< on every lease: cheap while all is well
    void onInvalidated(const QString &cause);
    /// Writes the final line and ends the thread; a second call does nothing. Not from two threads at a time.
    void stop();

    /// The periodic line.
    static QString summary(const PoolStats &stats);

private:
    using Clock = std::chrono::steady_clock;
    enum Topic { Wait, Usage, Overload, Invalidated, topicCount };
    struct Throttle
    {
        std::atomic<qint64> nextAt = 0; // nanoseconds of the steady clock
        std::atomic<int> suppressed = 0;
    };
    bool mayWrite(Topic topic, QString &tail);
    void run();
    void writeSummary() const;
    void reportLeaks();

    const PoolState &m_state;
    const PoolSettings m_settings;
    std::array<Throttle, topicCount> m_throttles;
    std::set<quint64> m_reported; // leases, by number; of the monitor's thread
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_stopping = false;      // guarded by m_mutex
    std::thread m_thread;         // last: it uses the rest
};

} // namespace a360::db
