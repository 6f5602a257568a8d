// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "parallel/parallel_options.h"

#include <QThreadPool>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

namespace a360::parallel {

/// Does item `index`, called by any of the threads that take part; false: it failed. Must not throw.
using ItemStep = std::function<bool(qsizetype index, const CancelToken &cancel)>;

struct WorkRules
{
    bool stopAtFirstError = true; ///< a failed item cancels the token of the others and starts no further one
    CancelToken cancel;
    ProgressCounter *progress = nullptr;
    qsizetype grain = 1;          ///< items that a thread takes at a time
};

/// Adds finished items to a ProgressCounter, a few times a second. Thread-safe.
class ItemProgress
{
public:
    ItemProgress(ProgressCounter *counter, qsizetype total);
    void add(qsizetype items);
    ~ItemProgress() { publish(); }
    ItemProgress(const ItemProgress &) = delete;
    ItemProgress &operator=(const ItemProgress &) = delete;

private:
    void publish();
    ProgressCounter *m_counter;
    qint64 m_before = 0; ///< what the counter had when the work began
    std::atomic<qint64> m_done = 0;
    std::atomic<qint64> m_publishedAt = 0; ///< steady clock, milliseconds
};

/// The items `first` to `first + count - 1` of a call, handed out in order to whichever threads take part. The thread that
/// needs the result takes part too, so the work goes on even when no other thread ever comes: a call from inside a full
/// pool cannot block. Threads hand over by std primitives, which ThreadSanitizer sees (Qt's own it cannot).
class IndexedWork
{
public:
    IndexedWork(qsizetype first, qsizetype count, const ItemStep &step, const WorkRules &rules, ItemProgress &progress);
    IndexedWork(const IndexedWork &) = delete;
    IndexedWork &operator=(const IndexedWork &) = delete;

    /// Does items until none is left to take. Thread-safe; a thread that comes too late returns at once and touches neither
    /// the step nor the progress.
    void participate();
    /// Waits for the items that other threads have taken.
    void waitUntilDone();
    bool isCancelled() const { return m_source.isCancelled(); }

private:
    void settle(qsizetype items);

    const ItemStep &m_step;
    const WorkRules m_rules;
    ItemProgress &m_progress;
    const qsizetype m_end;
    CancelSource m_source;
    const CancelToken m_token;
    std::atomic<qsizetype> m_next;
    std::atomic<qsizetype> m_unsettled;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_done = false; // guarded by m_mutex
    CancelToken::Registration m_outerCancel; // last: its callback uses m_source
};

/// Lets a thread of `pool` call `work->participate(arguments…)` when it has time.
template <typename Work, typename... Arguments>
void startHelper(QThreadPool &pool, std::shared_ptr<Work> work, Arguments... arguments)
{
    class Helper final : public QRunnable
    {
    public:
        Helper(std::shared_ptr<Work> shared, Arguments... given)
            : m_call([shared = std::move(shared), given...] { shared->participate(given...); })
        {
            m_written.store(true, std::memory_order_release);
        }
        void run() override
        {
            if (m_written.load(std::memory_order_acquire)) // always: orders m_call before its use, see IndexedWork
                m_call();
        }

    private:
        std::function<void()> m_call;
        std::atomic<bool> m_written = false;
    };
    pool.start(new Helper(std::move(work), arguments...));
}

/// Runs `step` for 0 to count - 1 in this thread and up to `workers` - 1 threads of `pool` (null: none), `batchSize` items
/// at a time (0: all at once). Returns when every started item has ended; after a cancel or a first error the rest was not
/// started.
void runIndexed(QThreadPool *pool, int workers, qsizetype count, qsizetype batchSize, const ItemStep &step,
                const WorkRules &rules);

/// Items a thread takes at a time so that handing out costs little and no thread is idle for long at the end.
qsizetype grainFor(qsizetype count, int workers);

} // namespace a360::parallel
