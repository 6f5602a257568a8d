// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <chrono>
#include <memory>
#include <mutex>

namespace a360 {

/// What a long operation has done so far. Unknown totals are -1; an ETA is only shown when a total is known.
struct Progress
{
    enum class Unit { Rows, Indexes };

    QString phase;             ///< for people: "Reading", "Merging", "Writing"
    Unit unit = Unit::Rows;    ///< what rowsDone and rowsTotal count
    qint64 rowsDone = 0;
    qint64 rowsTotal = -1;
    bool rowsTotalIsEstimate = false;
    qint64 bytesDone = 0;      ///< input bytes for imports, output bytes for exports
    qint64 bytesTotal = -1;
    bool isStep = false;       ///< the phase is one of several: what is left of it is not all that is left
    qint64 rejected = 0;       ///< imports: rows rejected so far
    std::chrono::steady_clock::time_point startedAt = std::chrono::steady_clock::now(); ///< of the phase

    /// A new phase of several: counts, rates and the time left begin anew.
    void enter(const QString &name, qint64 total = -1, Unit what = Unit::Rows)
    {
        phase = name;
        isStep = true;
        unit = what;
        rowsDone = 0;
        rowsTotal = total;
        rowsTotalIsEstimate = false;
        startedAt = std::chrono::steady_clock::now();
    }
};

/// Shared between the operation (which updates it, a few times a second) and any number of readers (which poll it).
/// Thread-safe; a snapshot is always consistent.
class ProgressCounter
{
public:
    Progress snapshot() const
    {
        std::lock_guard lock(m_mutex);
        return m_progress;
    }
    template <typename Change>
    void update(Change &&change)
    {
        std::lock_guard lock(m_mutex);
        change(m_progress);
    }

private:
    mutable std::mutex m_mutex;
    Progress m_progress; // guarded by m_mutex
};

} // namespace a360
