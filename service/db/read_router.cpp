// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/read_router.h"

#include "core/logging.h"

namespace a360::db {

namespace {

constexpr std::chrono::seconds askEvery{1};
constexpr std::chrono::seconds leaveAlone{5};
constexpr std::chrono::minutes warnEvery{1};
const auto connectTimeout = QStringLiteral("connect_timeout");

std::unique_ptr<ConnectionPool> replicaPool(std::optional<ReplicaOptions> replica)
{
    if (!replica)
        return nullptr;
    // A list must not hang for long because the replica's network is gone.
    if (!replica->url.options.contains(connectTimeout))
        replica->url.options.insert(connectTimeout, QStringLiteral("2"));
    replica->pool.readOnly = true;
    return std::make_unique<ConnectionPool>(replica->url, replica->pool);
}

} // namespace

ReadRouter::ReadRouter(ConnectionPool &primary, std::optional<ReplicaOptions> replica)
    : m_primary(primary), m_mostLag(replica ? replica->mostLag : std::chrono::milliseconds(0)),
      m_replica(replicaPool(std::move(replica)))
{
}

ReadRouter::~ReadRouter() = default;

ReadTarget ReadRouter::target()
{
    if (!m_replica)
        return {&m_primary, false};
    const Clock::time_point written = m_primary.lastWrite();
    std::optional<std::chrono::milliseconds> sinceWrite;
    if (written != Clock::time_point())
        sinceWrite = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - written);
    if (sinceWrite && *sinceWrite <= m_mostLag)
        return {&m_primary, false};
    return mayReadReplica(replicaLag(), sinceWrite, m_mostLag) ? ReadTarget{m_replica.get(), true}
                                                               : ReadTarget{&m_primary, false};
}

std::optional<std::chrono::milliseconds> ReadRouter::replicaLag()
{
    {
        const std::lock_guard lock(m_mutex);
        if (Clock::now() < m_askAgain)
            return m_lag;
    }
    const std::unique_lock asking(m_asking, std::try_to_lock);
    if (!asking.owns_lock())
        return std::nullopt; // somebody asks already, and what is known is old
    const std::optional<std::chrono::milliseconds> lag = askReplica();
    const std::lock_guard lock(m_mutex);
    m_lag = lag;
    m_askAgain = Clock::now() + (lag ? askEvery : leaveAlone);
    return lag;
}

std::optional<std::chrono::milliseconds> ReadRouter::askReplica()
{
    Result<Lease> lease = m_replica->lease(Lane::Interactive, {}, "replica lag");
    if (!lease.ok()) {
        warn(lease.error().message);
        return std::nullopt;
    }
    lease->doNotObserve();
    const Result<ReplicaState> state = ReplicaState::ask(*lease);
    if (!state.ok()) {
        warn(state.error().message);
        return std::nullopt;
    }
    const std::optional<std::chrono::milliseconds> lag = state->lag();
    if (!lag)
        warn(state->isStandby ? QStringLiteral("it has replayed nothing yet, or its clock is behind the primary's")
                              : QStringLiteral("it is no streaming standby, so nobody knows how far behind it is"));
    else if (*lag > m_mostLag)
        warn(QStringLiteral("it is %1 s behind").arg(static_cast<double>(lag->count()) / 1000.0, 0, 'f', 1));
    return lag;
}

void ReadRouter::replicaFailed(const Error &error)
{
    {
        const std::lock_guard lock(m_mutex);
        m_lag.reset();
        m_askAgain = Clock::now() + leaveAlone;
    }
    warn(error.message);
}

void ReadRouter::warn(const QString &why)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_warned && Clock::now() - *m_warned < warnEvery)
            return;
        m_warned = Clock::now();
    }
    qCWarning(lcDb).noquote() << "reads go to the primary: the replica" << m_replica->url().display()
                              << "cannot be used:" << why;
}

Result<Lease> ReadPools::lease(Lane lane, const CancelToken &cancel, ReadTarget &from) const
{
    from = m_router ? m_router->target() : ReadTarget{m_only, false};
    Result<Lease> lease = from.pool->lease(lane, cancel, m_owner);
    if (lease.ok() || !from.isReplica || lease.error().code == ErrorCode::Cancelled)
        return lease;
    m_router->replicaFailed(lease.error());
    from = {&m_router->primary(), false};
    return from.pool->lease(lane, cancel, m_owner);
}

void ReadPools::failed(const ReadTarget &from, const Error &error) const
{
    if (from.isReplica && error.isTransient())
        m_router->replicaFailed(error);
}

} // namespace a360::db
