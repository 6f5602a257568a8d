// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "core/progress.h"
#include "db/connection_pool.h"

#include <condition_variable>
#include <functional>
#include <optional>
#include <thread>

namespace a360 {

/// Brings back, on a thread of its own, the indexes that a cancelled or broken import has left out (db/index_claim.h):
/// looks after each pause, and now and then for what other programs have left. Tells the log. What fails is tried again with
/// the next look. Thread-safe.
class IndexRebuilder final : private Registrar
{
public:
    /// Called by the thread after indexes have come back, also when only some of them have; again later when it fails.
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
    Result<void> look(const CancelToken &cancel);
    Result<void> rebuild(const CancelToken &cancel);

    db::ConnectionPool &m_pool;
    const Rebuilt m_rebuilt;
    const std::chrono::milliseconds m_lookEvery;
    ProgressCounter m_progress;
    bool m_untold = false; ///< of the thread: something came back that m_rebuilt has not dealt with
    mutable std::mutex m_mutex;
    std::condition_variable m_change;
    CancelSource m_cancel;                     // guarded by m_mutex, as are the rest; of the look that runs
    int m_pauses = 0;
    bool m_due, m_looking = false, m_rebuilding = false, m_stop = false;
    std::thread m_thread;
};

} // namespace a360
