// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/task_history.h"

namespace a360::tasks {

void TaskHistory::add(TaskRecord record)
{
    if (m_capacity == 0)
        return;
    while (m_records.size() >= m_capacity)
        dropFront();
    m_positions.insert(record.id, m_firstNumber + m_records.size());
    m_records.push_back(std::move(record));
}

size_t TaskHistory::dropOlderThan(double age, double now)
{
    size_t dropped = 0;
    for (; !m_records.empty() && m_records.front().completedAt < now - age; ++dropped)
        dropFront();
    return dropped;
}

std::optional<TaskRecord> TaskHistory::find(const QUuid &id) const
{
    const auto found = m_positions.constFind(id);
    if (found == m_positions.constEnd())
        return std::nullopt;
    return m_records[static_cast<size_t>(*found - m_firstNumber)];
}

void TaskHistory::dropFront()
{
    m_positions.remove(m_records.front().id);
    m_records.pop_front();
    ++m_firstNumber;
}

} // namespace a360::tasks
