// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QUuid>
#include <QVariant>

#include <chrono>
#include <list>
#include <mutex>
#include <optional>

namespace a360::tasks {

/// Results of tasks, for whoever asks later (contract §9: store_task_result, get, clear). At most `capacity`: the oldest
/// make room. Thread-safe.
class TaskResultStore
{
public:
    using Clock = std::chrono::steady_clock;

    explicit TaskResultStore(size_t capacity) : m_capacity(capacity) {}

    /// Replaces an earlier result of the same task. Without `ttl` it stays until it must make room.
    void store(const QUuid &id, QVariant value, std::optional<std::chrono::milliseconds> ttl = {});
    /// nullopt when there is none or its time is over.
    std::optional<QVariant> get(const QUuid &id);
    void remove(const QUuid &id);
    void clear();
    /// Removes what is over; called by the runner now and then, so that nobody has to ask for a result to free it.
    void sweep();
    size_t size() const;

private:
    struct Stored
    {
        QVariant value;
        std::optional<Clock::time_point> expiresAt;
        std::list<QUuid>::iterator order;
    };
    void erase(QHash<QUuid, Stored>::iterator it);

    const size_t m_capacity;
    mutable std::mutex m_mutex;
    QHash<QUuid, Stored> m_values; // guarded by m_mutex
    std::list<QUuid> m_order;      // oldest first; guarded by m_mutex
};

} // namespace a360::tasks
