// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/task_result_store.h"

namespace a360::tasks {

void TaskResultStore::store(const QUuid &id, QVariant value, std::optional<std::chrono::milliseconds> ttl)
{
    std::lock_guard lock(m_mutex);
    if (const auto old = m_values.find(id); old != m_values.end())
        erase(old);
    if (m_capacity == 0)
        return;
    while (m_order.size() >= m_capacity)
        erase(m_values.find(m_order.front()));
    const auto order = m_order.insert(m_order.end(), id);
    const auto expiresAt = ttl ? std::optional(Clock::now() + *ttl) : std::nullopt;
    m_values.insert(id, Stored{std::move(value), expiresAt, order});
}

std::optional<QVariant> TaskResultStore::get(const QUuid &id)
{
    std::lock_guard lock(m_mutex);
    const auto found = m_values.find(id);
    if (found == m_values.end())
        return std::nullopt;
    if (found->expiresAt && *found->expiresAt <= Clock::now()) {
        erase(found);
        return std::nullopt;
    }
    return found->value;
}

void TaskResultStore::remove(const QUuid &id)
{
    std::lock_guard lock(m_mutex);
    if (const auto found = m_values.find(id); found != m_values.end())
        erase(found);
}

void TaskResultStore::clear()
{
    std::lock_guard lock(m_mutex);
    m_values.clear();
    m_order.clear();
}

void TaskResultStore::sweep()
{
    std::lock_guard lock(m_mutex);
    const auto now = Clock::now();
    for (auto id = m_order.begin(); id != m_order.end();) {
        const auto found = m_values.find(*id++);
        if (found->expiresAt && *found->expiresAt <= now)
            erase(found);
    }
}

size_t TaskResultStore::size() const
{
    std::lock_guard lock(m_mutex);
    return m_order.size();
}

void TaskResultStore::erase(QHash<QUuid, Stored>::iterator it)
{
    m_order.erase(it->order);
    m_values.erase(it);
}

} // namespace a360::tasks
