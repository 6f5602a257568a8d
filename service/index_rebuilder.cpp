// SPDX-License-Identifier: GPL-3.0-or-later
#include "index_rebuilder.h"

#include "core/logging.h"
#include "db/index_claim.h"

namespace a360 {

IndexRebuilder::IndexRebuilder(db::ConnectionPool &pool, Rebuilt rebuilt, bool lookNow,
                               std::chrono::milliseconds lookEvery)
    : m_pool(pool), m_rebuilt(std::move(rebuilt)), m_lookEvery(lookEvery), m_due(lookNow), m_thread([this] { watch(); })
{
}

IndexRebuilder::~IndexRebuilder()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
        m_cancel.cancel();
    }
    m_change.notify_all();
    m_thread.join();
}

Registration IndexRebuilder::pause()
{
    std::unique_lock lock(m_mutex);
    ++m_pauses;
    m_cancel.cancel();
    m_change.wait(lock, [this] { return !m_looking; });
    return Registration(*this, 0);
}

void IndexRebuilder::endRegistration(quint64)
{
    {
        const std::lock_guard lock(m_mutex);
        --m_pauses;
        m_due = true;
    }
    m_change.notify_all();
}

std::optional<Progress> IndexRebuilder::progress() const
{
    const std::lock_guard lock(m_mutex);
    return m_rebuilding ? std::make_optional(m_progress.snapshot()) : std::nullopt;
}

void IndexRebuilder::watch()
{
    std::unique_lock lock(m_mutex);
    while (!m_stop) {
        if (!m_due)
            m_change.wait_for(lock, m_lookEvery, [this] { return m_stop || m_due; });
        m_change.wait(lock, [this] { return m_stop || m_pauses == 0; });
        if (m_stop)
            return;
        m_due = false;
        m_looking = true;
        m_cancel = CancelSource();
        const CancelToken cancel = m_cancel.token();
        lock.unlock();
        const Result<void> done = look(cancel);
        if (!done.ok() && done.error().code != ErrorCode::Cancelled)
            qCWarning(lcDb).noquote() << "indexes that an import has left out cannot be rebuilt:" << done.error().message;
        lock.lock();
        m_looking = m_rebuilding = false;
        m_change.notify_all();
    }
}

Result<void> IndexRebuilder::look(const CancelToken &cancel)
{
    const Result<void> done = rebuild(cancel);
    if (m_untold) {
        A360_TRY(m_rebuilt(cancel));
        m_untold = false;
    }
    return done;
}

Result<void> IndexRebuilder::rebuild(const CancelToken &cancel)
{
    A360_TRY_ASSIGN(db::Lease lease, m_pool.lease(db::Lane::Bulk, cancel, "index rebuilding"));
    lease.doNotObserve(); // that making an index takes long is no news
    db::IndexClaim claim(lease);
    A360_TRY(claim.takeOver(cancel));
    const qint64 left = claim.held();
    if (left == 0)
        return {};
    qCInfo(lcDb) << "rebuilding indexes that an import has left out:" << left;
    m_progress.update([&](Progress &p) { p.enter(QStringLiteral("Rebuilding indexes"), left, Progress::Unit::Indexes); });
    {
        const std::lock_guard lock(m_mutex);
        m_rebuilding = true;
    }
    const Result<qint64> rebuilt = db::rebuildAndAnalyze(lease, claim, m_progress, cancel);
    qCInfo(lcDb) << "indexes rebuilt:" << left - claim.held() << "of" << left;
    m_untold = m_untold || claim.held() < left;
    return rebuilt.ok() ? Result<void>() : Result<void>(rebuilt.error());
}

} // namespace a360
