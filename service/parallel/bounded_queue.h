// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace a360::parallel {

/// Hands items from one stage of a road to the next and holds the faster one back. Any number of threads on each side.
template <typename T>
class BoundedQueue
{
public:
    explicit BoundedQueue(size_t capacity) : m_capacity(capacity) {}

    /// Waits for room. False when the queue was closed or aborted: the item is dropped and the producer should stop.
    bool push(T item)
    {
        std::unique_lock lock(m_mutex);
        m_roomOrEnd.wait(lock, [&] { return m_closed || m_items.size() < m_capacity; });
        if (m_closed)
            return false;
        m_items.push_back(std::move(item));
        m_itemOrEnd.notify_one();
        return true;
    }
    /// Waits for an item. nullopt when the queue is closed and empty, or aborted.
    std::optional<T> pop()
    {
        std::unique_lock lock(m_mutex);
        m_itemOrEnd.wait(lock, [&] { return m_closed || !m_items.empty(); });
        return takeFront();
    }
    /// Like pop(), without waiting.
    std::optional<T> tryPop()
    {
        std::lock_guard lock(m_mutex);
        return takeFront();
    }
    /// No more items will come; what is queued can still be taken.
    void close()
    {
        std::lock_guard lock(m_mutex);
        m_closed = true;
        m_itemOrEnd.notify_all();
        m_roomOrEnd.notify_all();
    }
    /// Ends both sides at once and drops what is queued.
    void abort()
    {
        std::lock_guard lock(m_mutex);
        m_closed = true;
        m_items.clear();
        m_itemOrEnd.notify_all();
        m_roomOrEnd.notify_all();
    }

private:
    /// Under m_mutex.
    std::optional<T> takeFront()
    {
        if (m_items.empty())
            return std::nullopt;
        std::optional<T> item(std::move(m_items.front()));
        m_items.pop_front();
        m_roomOrEnd.notify_one();
        return item;
    }

    const size_t m_capacity;
    std::mutex m_mutex;
    std::condition_variable m_roomOrEnd, m_itemOrEnd;
    std::deque<T> m_items; // guarded by m_mutex
    bool m_closed = false; // guarded by m_mutex
};

} // namespace a360::parallel
