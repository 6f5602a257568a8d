// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/delay_timer.h"

namespace a360::tasks {

DelayTimer::DelayTimer(std::chrono::milliseconds interval, std::function<void()> everyInterval)
    : m_interval(interval), m_everyInterval(std::move(everyInterval)), m_thread([this] { run(); })
{
}

void DelayTimer::callAfter(std::chrono::milliseconds delay, std::function<void()> function)
{
    std::lock_guard lock(m_mutex);
    if (m_stopped)
        return;
    const auto place = m_due.emplace(Clock::now() + delay, std::move(function));
    if (place == m_due.begin())
        m_change.notify_one();
}

void DelayTimer::stop()
{
    {
        std::lock_guard lock(m_mutex);
        m_stopped = true;
        m_change.notify_one();
    }
    if (m_thread.joinable())
        m_thread.join();
}

void DelayTimer::run()
{
    auto nextInterval = Clock::now() + m_interval;
    std::unique_lock lock(m_mutex);
    while (!m_stopped) {
        const auto now = Clock::now();
        std::function<void()> function;
        if (!m_due.empty() && m_due.begin()->first <= now) {
            function = std::move(m_due.begin()->second);
            m_due.erase(m_due.begin());
        } else if (nextInterval <= now) {
            nextInterval = now + m_interval;
            function = m_everyInterval;
        } else {
            m_change.wait_until(lock, m_due.empty() ? nextInterval : std::min(nextInterval, m_due.begin()->first));
            continue;
        }
        lock.unlock();
        function();
        function = nullptr; // what it holds goes outside the lock
        lock.lock();
    }
}

} // namespace a360::tasks
