// SPDX-License-Identifier: GPL-3.0-or-later
#include "parallel/staged_work.h"

#include <algorithm>

namespace a360::parallel {

StagedWork::StagedWork(qsizetype count, const ItemStep &cpu, const ItemStep &io, StageLimits limits, const WorkRules &rules,
                       ItemProgress &progress)
    : m_cpu(cpu), m_io(io), m_limits(limits), m_rules(rules), m_progress(progress), m_count(count),
      m_window(2 * (limits.cpu + limits.io)), m_token(m_source.token()),
      m_outerCancel(rules.cancel.onCancel([this] { m_source.cancel(); }))
{
}

void StagedWork::participate(Role role)
{
    for (;;) {
        const Taken taken = take(role);
        if (taken.stage == Stage::None)
            return;
        finished(taken, taken.stage == Stage::Cpu ? m_cpu(taken.index, m_token) : m_io(taken.index, m_token));
    }
}

StagedWork::Taken StagedWork::take(Role role)
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        if (m_token.isCancelled())
            dropUnstarted();
        if (isOver(role))
            return {};
        if (role != Role::Cpu && !m_ready.empty() && m_runningIo < m_limits.io) {
            ++m_runningIo;
            const qsizetype index = m_ready.front();
            m_ready.pop_front();
            return {Stage::Io, index};
        }
        if (role != Role::Io && m_next < m_count && m_runningCpu < m_limits.cpu && m_inFlight < m_window) {
            ++m_runningCpu;
            ++m_inFlight;
            return {Stage::Cpu, m_next++};
        }
        m_change.wait(lock); // whoever is running wakes us; with nobody running there is always something to take
    }
}

void StagedWork::finished(const Taken &taken, bool succeeded)
{
    if (!succeeded && m_rules.stopAtFirstError)
        m_source.cancel();
    const bool through = taken.stage == Stage::Io || !succeeded;
    if (through)
        m_progress.add(1); // before the item counts as settled, for then the caller may be gone
    std::lock_guard lock(m_mutex);
    --(taken.stage == Stage::Cpu ? m_runningCpu : m_runningIo);
    if (through) {
        ++m_settled;
        --m_inFlight;
    } else {
        m_ready.push_back(taken.index);
    }
    m_change.notify_all();
}

bool StagedWork::isOver(Role role) const
{
    return m_settled == m_count || (role == Role::Cpu && m_next == m_count);
}

void StagedWork::dropUnstarted()
{
    const auto ready = static_cast<qsizetype>(m_ready.size());
    m_ready.clear();
    m_inFlight -= ready;
    m_settled += ready + m_count - m_next;
    m_next = m_count;
    m_change.notify_all();
}

void runStaged(QThreadPool *cpuPool, QThreadPool *ioPool, qsizetype count, const ItemStep &cpu, const ItemStep &io,
               StageLimits limits, const WorkRules &rules)
{
    ItemProgress progress(rules.progress, count);
    const auto work = std::make_shared<StagedWork>(count, cpu, io, limits, rules, progress);
    for (int helper = 1; cpuPool && helper < std::min<qsizetype>(limits.cpu, count); ++helper)
        startHelper(*cpuPool, work, StagedWork::Role::Cpu);
    // One for each place of the second stage: while the calling thread is in the first, it must not miss in the second.
    for (int helper = 0; ioPool && helper < std::min<qsizetype>(limits.io, count); ++helper)
        startHelper(*ioPool, work, StagedWork::Role::Io);
    work->participate(StagedWork::Role::Any);
}

} // namespace a360::parallel
