// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "parallel/indexed_work.h"

#include <deque>

namespace a360::parallel {

struct StageLimits
{
    int cpu = 1; ///< items in the first stage at a time
    int io = 1;  ///< items in the second stage at a time
};

/// Items that go through two stages, the first needing the processor, the second mostly waiting. Both run side by side:
/// an item goes on as soon as it is through the first stage, and the first stage runs ahead by a bounded number of items.
/// As with IndexedWork, the thread that needs the result takes part in both stages.
class StagedWork
{
public:
    enum class Role { Cpu, Io, Any };

    StagedWork(qsizetype count, const ItemStep &cpu, const ItemStep &io, StageLimits limits, const WorkRules &rules,
               ItemProgress &progress);
    StagedWork(const StagedWork &) = delete;
    StagedWork &operator=(const StagedWork &) = delete;

    /// Works until nothing is left for the role. With Role::Any it returns when every item has ended. Thread-safe.
    void participate(Role role);

private:
    enum class Stage { None, Cpu, Io };
    struct Taken
    {
        Stage stage = Stage::None;
        qsizetype index = 0;
    };
    Taken take(Role role);
    void finished(const Taken &taken, bool succeeded);
    bool isOver(Role role) const;
    void dropUnstarted();

    const ItemStep &m_cpu;
    const ItemStep &m_io;
    const StageLimits m_limits;
    const WorkRules m_rules;
    ItemProgress &m_progress;
    const qsizetype m_count;
    const qsizetype m_window; ///< most items between the start of the first and the end of the second stage
    CancelSource m_source;
    const CancelToken m_token;

    std::mutex m_mutex;
    std::condition_variable m_change;
    std::deque<qsizetype> m_ready;      // through the first stage; guarded by m_mutex, as are the following
    qsizetype m_next = 0, m_settled = 0, m_inFlight = 0;
    int m_runningCpu = 0, m_runningIo = 0;
    CancelToken::Registration m_outerCancel; // last: its callback uses m_source
};

/// Runs both stages for 0 to count - 1, with helpers from the pools (null: none). Returns when every started item has ended.
void runStaged(QThreadPool *cpuPool, QThreadPool *ioPool, qsizetype count, const ItemStep &cpu, const ItemStep &io,
               StageLimits limits, const WorkRules &rules);

} // namespace a360::parallel
