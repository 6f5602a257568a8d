// SPDX-License-Identifier: GPL-3.0-or-later
#include "index_rebuilder.h"

#include "core/logging.h"
#include "core/thrown_error.h"
#include "db/index_claim.h"

#include <algorithm>
#include <utility>

namespace a360 {

namespace {

/// The database's own words as well: "a statement was refused" is true of any cause.
QString causeOf(const Error &error)
{
    return error.detail.isEmpty() ? error.message : QStringLiteral("%1 (%2)").arg(error.message, error.detail);
}

} // namespace

IndexRebuilder::IndexRebuilder(db::ConnectionPool &pool, Rebuilt rebuilt, bool lookNow,
                               std::chrono::milliseconds lookEvery)
    : m_pool(pool), m_rebuilt(std::move(rebuilt)), m_lookEvery(lookEvery), m_backoff(lookEvery), m_due(lookNow),
      m_thread([this] { watch(); })
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
        m_due = m_afterPause = true;
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
        const bool afterPause = std::exchange(m_afterPause, false);
        m_cancel = CancelSource();
        const CancelToken cancel = m_cancel.token();
        lock.unlock();
        lookGuarded(cancel, afterPause);
        lock.lock();
        m_looking = m_rebuilding = false;
        m_change.notify_all();
    }
}

/// Nothing that is thrown may end the thread: who pauses it would wait for good.
void IndexRebuilder::lookGuarded(const CancelToken &cancel, bool afterPause)
{
    if (afterPause)
        m_backoff.endRests(); // an import may have changed what was in the way
    const Result<void> done = [&]() -> Result<void> {
        try {
            return look(cancel);
        } catch (...) {
            return errorFromException(QStringLiteral("The look for indexes"));
        }
    }();
    if (!done.ok() && done.error().code != ErrorCode::Cancelled
        && m_backoff.failed({}, causeOf(done.error()), FailureBackoff::Time::clock::now()))
        qCWarning(lcDb).noquote() << "indexes that an import has left out cannot be rebuilt:" << causeOf(done.error());
    else if (done.ok())
        m_backoff.forget({});
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
    A360_TRY_ASSIGN(const QByteArrayList down, db::indexesDown(lease));
    m_backoff.keepOnly(down + QByteArrayList{QByteArray()});
    QByteArrayList resting;
    for (const QByteArray &name : down) {
        if (m_backoff.isResting(name, FailureBackoff::Time::clock::now()))
            resting += name;
    }
    return resting.size() < down.size() ? rebuildDue(lease, resting, cancel) : Result<void>();
}

/// What others hold is down as well, but neither due nor news: only what the claim has got counts.
Result<void> IndexRebuilder::rebuildDue(db::Lease &lease, const QByteArrayList &resting, const CancelToken &cancel)
{
    db::IndexClaim claim(lease);
    A360_TRY(claim.takeOver(cancel));
    A360_TRY_ASSIGN(const QByteArrayList names, claim.heldNames());
    if (std::all_of(names.begin(), names.end(), [&](const QByteArray &name) { return resting.contains(name); }))
        return {};
    const qint64 left = claim.held();
    const bool tell = std::any_of(names.begin(), names.end(), [&](const QByteArray &name) { return !m_backoff.isKnown(name); });
    if (tell)
        qCInfo(lcDb) << "rebuilding indexes that an import has left out:" << left;
    m_progress.update([&](Progress &p) { p.enter(QStringLiteral("Rebuilding indexes"), left, Progress::Unit::Indexes); });
    {
        const std::lock_guard lock(m_mutex);
        m_rebuilding = true;
    }
    const Result<qint64> rebuilt = db::rebuildAndAnalyze(lease, claim, m_progress, cancel, resting);
    m_untold = m_untold || claim.held() < left;
    if (tell || claim.held() < left)
        qCInfo(lcDb) << "indexes rebuilt:" << left - claim.held() << "of" << left;
    for (const db::IndexFailure &failure : claim.failed()) {
        const QString cause = causeOf(failure.error);
        if (m_backoff.failed(failure.name, cause, FailureBackoff::Time::clock::now()))
            qCWarning(lcDb).noquote().nospace() << "the index " << failure.name << ", which an import has left out, cannot be rebuilt: "
                                                << cause << " It is tried again from time to time.";
    }
    return rebuilt.ok() ? Result<void>() : Result<void>(rebuilt.error());
}

} // namespace a360
