// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace a360::tasks {

/// Calls short functions later, on one thread of its own, so that waiting for the next attempt takes no worker. A std::thread
/// and not a QTimer: its users have no event loop. Thread-safe.
class DelayTimer
{
public:
    /// `everyInterval` is called each `interval` besides.
    DelayTimer(std::chrono::milliseconds interval, std::function<void()> everyInterval);
    ~DelayTimer() { stop(); }
    DelayTimer(const DelayTimer &) = delete;
    DelayTimer &operator=(const DelayTimer &) = delete;

    void callAfter(std::chrono::milliseconds delay, std::function<void()> function);
    /// Drops what is not due and waits for a function that is running. Must not be called from one.
    void stop();

private:
    using Clock = std::chrono::steady_clock;
    void run();

    const std::chrono::milliseconds m_interval;
    const std::function<void()> m_everyInterval;
    std::mutex m_mutex;
    std::condition_variable m_change;
    std::multimap<Clock::time_point, std::function<void()>> m_due; // guarded by m_mutex
    bool m_stopped = false;                                       // guarded by m_mutex
    std::thread m_thread; // last: uses the others
};

} // namespace a360::tasks
