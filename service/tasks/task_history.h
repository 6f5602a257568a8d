// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tasks/task_record.h"

#include <QHash>

#include <deque>
#include <optional>

namespace a360::tasks {

/// Finished tasks, the newest `capacity` of at most `age` seconds. Not thread-safe: belongs to the TaskBoard.
class TaskHistory
{
public:
    TaskHistory(size_t capacity, double age) : m_capacity(capacity), m_age(age) {}

    /// `record.completedAt` must not be earlier than that of the one before.
    void add(TaskRecord record);
    /// Removes what finished more than `age` seconds before `now`. Returns how many.
    size_t dropOlderThan(double age, double now);
    /// The same for the history's own age.
    size_t trim(double now) { return dropOlderThan(m_age, now); }
    std::optional<TaskRecord> find(const QUuid &id) const;
    const std::deque<TaskRecord> &records() const { return m_records; } ///< oldest first

private:
    void dropFront();
    const size_t m_capacity;
    const double m_age;
    std::deque<TaskRecord> m_records;
    QHash<QUuid, quint64> m_positions; ///< running number of each record
    quint64 m_firstNumber = 0;         ///< of m_records.front()
};

} // namespace a360::tasks
