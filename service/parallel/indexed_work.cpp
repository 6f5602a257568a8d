// SPDX-License-Identifier: GPL-3.0-or-later
#include "parallel/indexed_work.h"

#include <algorithm>

namespace a360::parallel {

namespace {

constexpr qint64 kPublishEveryMs = 50;

qint64 nowMs()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

} // namespace

ItemProgress::ItemProgress(ProgressCounter *counter, qsizetype total) : m_counter(counter)
{
    if (!m_counter)
        return;
    m_publishedAt.store(nowMs(), std::memory_order_relaxed);
    m_counter->update([&](Progress &p) {
        m_before = p.rowsDone;
        p.rowsTotal = p.rowsDone + total;
    });
}

void ItemProgress::add(qsizetype items)
{
    if (!m_counter)
        return;
    m_done.fetch_add(items, std::memory_order_relaxed);
    qint64 last = m_publishedAt.load(std::memory_order_relaxed);
    const qint64 now = nowMs();
    if (now - last >= kPublishEveryMs && m_publishedAt.compare_exchange_strong(last, now, std::memory_order_relaxed))
        publish();
}

void ItemProgress::publish()
{
    if (!m_counter)
        return;
    m_counter->update([&](Progress &p) {
        p.rowsDone = std::max(p.rowsDone, m_before + m_done.load(std::memory_order_relaxed));
    });
}

IndexedWork::IndexedWork(qsizetype first, qsizetype count, const ItemStep &step, const WorkRules &rules,
                         ItemProgress &progress)
    : m_step(step), m_rules(rules), m_progress(progress), m_end(first + count), m_token(m_source.token()), m_next(first),
      m_unsettled(count), m_done(count == 0), m_outerCancel(rules.cancel.onCancel([this] { m_source.cancel(); }))
{
}

void IndexedWork::participate()
{
    for (;;) {
        const qsizetype first = m_next.fetch_add(m_rules.grain, std::memory_order_relaxed);
        if (first >= m_end)
            return;
        const qsizetype end = std::min(first + m_rules.grain, m_end);
        qsizetype run = 0;
        for (qsizetype i = first; i < end && !m_token.isCancelled(); ++i, ++run) {
            if (!m_step(i, m_token) && m_rules.stopAtFirstError)
                m_source.cancel();
        }
        m_progress.add(run);
        settle(end - first);
    }
}

void IndexedWork::settle(qsizetype items)
{
    if (m_unsettled.fetch_sub(items, std::memory_order_acq_rel) != items)
        return;
    std::lock_guard lock(m_mutex);
    m_done = true;
    m_wake.notify_all();
}

void IndexedWork::waitUntilDone()
{
    std::unique_lock lock(m_mutex);
    m_wake.wait(lock, [this] { return m_done; });
}

void runIndexed(QThreadPool *pool, int workers, qsizetype count, qsizetype batchSize, const ItemStep &step,
                const WorkRules &rules)
{
    ItemProgress progress(rules.progress, count);
    const qsizetype batch = batchSize > 0 ? batchSize : count;
    for (qsizetype first = 0; first < count; first += batch) {
        const qsizetype items = std::min(batch, count - first);
        // Shared with helpers that may come when all is over; they touch only the counter of what is left to take.
        const auto work = std::make_shared<IndexedWork>(first, items, step, rules, progress);
        const qsizetype takers = (items + rules.grain - 1) / rules.grain;
        for (qsizetype helper = 1; pool && helper < std::min<qsizetype>(workers, takers); ++helper)
            startHelper(*pool, work);
        work->participate();
        work->waitUntilDone();
        if (work->isCancelled())
            return;
    }
}

qsizetype grainFor(qsizetype count, int workers)
{
    constexpr qsizetype kSharesPerWorker = 16, kMost = 1024;
    return std::clamp<qsizetype>(count / (workers * kSharesPerWorker), 1, kMost);
}

} // namespace a360::parallel
