// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace a360::test {

/// Threads wait here for each other: proof that so many of them really run at a time.
class MeetingPoint
{
public:
    explicit MeetingPoint(int expected) : m_expected(expected) {}

    /// False when the others did not come within the deadline.
    bool arrive()
    {
        std::unique_lock lock(m_mutex);
        ++m_arrived;
        m_change.notify_all();
        return m_change.wait_for(lock, std::chrono::seconds(20), [&] { return m_arrived >= m_expected; });
    }

private:
    const int m_expected;
    int m_arrived = 0; // guarded by m_mutex
    std::mutex m_mutex;
    std::condition_variable m_change;
};

/// Opened once; whoever waits goes on then. The deadline only ends a test that would hang.
class Gate
{
public:
    void open()
    {
        std::lock_guard lock(m_mutex);
        m_open = true;
        m_change.notify_all();
    }
    bool wait()
    {
        std::unique_lock lock(m_mutex);
        return m_change.wait_for(lock, std::chrono::seconds(20), [&] { return m_open; });
    }

private:
    bool m_open = false; // guarded by m_mutex
    std::mutex m_mutex;
    std::condition_variable m_change;
};

} // namespace a360::test
