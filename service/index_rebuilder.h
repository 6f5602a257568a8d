// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "core/progress.h"
#include "db/connection_pool.h"
#include "failure_backoff.h"

#include <condition_variable>
#include <functional>
#include <optional>
#include <thread>

namespace a360 {

/// Brings back, on a thread of its own, the indexes that a cancelled or broken import has left out (db/index_claim.h):
/// looks after each pause, and now and then for what other programs have left. Each is tried for itself; one that cannot be
/// made is tried again after ever longer times, and after each pause. Tells the log, of a failure once for each cause.
/// Thread-safe.
class IndexRebuilder final : private Registrar
{
public:
    /// Called by the thread after indexes have come back, also when only some of them have; again later when it fails or
    /// throws.
    using Rebuilt = std::function<Result<void>(const CancelToken &cancel)>;

    /// `lookNow`: something is down already.
    IndexRebuilder(db::ConnectionPool &pool, Rebuilt rebuilt, bool lookNow,
                   std::chrono::milliseconds lookEvery = std::chrono::minutes(1));
    ~IndexRebuilder() override; ///< Cancels; ends within a second.
    IndexRebuilder(const IndexRebuilder &) = delete;
    IndexRebuilder &operator=(const IndexRebuilder &) = delete;

    /// Nothing is rebuilt while one of these lives: an import has better use for the database. What is under way is cancelled;
    /// returns when it has ended, within a second.
    Registration pause();
    /// Unset while nothing is being rebuilt.
    std::optional<Progress> progress() const;

private:
    void endRegistration(quint64 id) override;
    void watch();
    void lookGuarded(const CancelToken &cancel, bool afterPause);
    Result<void> look(const CancelToken &cancel);
    Result<void> rebuild(const CancelToken &cancel);
    Result<void> rebuildDue(db::Lease &lease, const QByteArrayList &resting, const CancelToken &cancel);

    db::ConnectionPool &m_pool;
    const Rebuilt m_rebuilt;
    const std::chrono::milliseconds m_lookEvery;
    ProgressCounter m_progress;
    FailureBackoff m_backoff; ///< of the thread; by index, "" for the looks themselves
    bool m_untold = false; ///< of the thread: something came back that m_rebuilt has not dealt with
    mutable std::mutex m_mutex;
    std::condition_variable m_change;
    CancelSource m_cancel;                     // guarded by m_mutex, as are the rest; of the look that runs
    int m_pauses = 0;
    bool m_due, m_afterPause = false, m_looking = false, m_rebuilding = false, m_stop = false;
    std::thread m_thread;
};

} // namespace a360
