// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/connection_pool.h"
#include "db/replica_state.h"

#include <atomic>
#include <mutex>
#include <optional>

namespace a360::db {

struct ReplicaOptions
{
    DatabaseUrl url;                        ///< DATABASE_REPLICA_URL, a PostgreSQL standby
    PoolSettings pool;                      ///< made read-only whatever it says
    std::chrono::milliseconds mostLag{1000}; ///< DATABASE_REPLICA_MAX_LAG
};

/// Where a read goes at this moment.
struct ReadTarget
{
    ConnectionPool *pool = nullptr;
    bool isReplica = false;
};

/// Sends lists, counts and exports to a read replica while that is no further behind than the bound, and to the primary
/// otherwise: also for the time of the bound after each write through the primary's pool, so that who wrote sees it. The
/// replica's lag is asked at most once a second, by whoever reads then. A replica that cannot be reached is left alone for
/// five seconds at a time; that is logged once a minute. Without a replica everything goes to the primary. Thread-safe.
class ReadRouter
{
public:
    /// The primary must outlive the router. The replica is not connected to before the first read.
    explicit ReadRouter(ConnectionPool &primary, std::optional<ReplicaOptions> replica = {});
    ~ReadRouter();
    ReadRouter(const ReadRouter &) = delete;
    ReadRouter &operator=(const ReadRouter &) = delete;

    /// May wait for the replica's answer, a few seconds when its network is dead.
    ReadTarget target();
    /// A read on the replica failed in a way that the primary may do better.
    void replicaFailed(const Error &error);

    /// Runs a read on a lease of the target; once more on the primary when the replica cannot be used or gives up the
    /// read (a lost link, a conflict with what it replays). `read` is called with (Lease &, bool onReplica) and gives a
    /// Result. `owner` names the work, as in ConnectionPool::lease().
    template <typename Read>
    auto read(Lane lane, const CancelToken &cancel, const Read &read, const char *owner = nullptr)
        -> decltype(read(std::declval<Lease &>(), false))
    {
        const ReadTarget where = target();
        if (where.isReplica) {
            Result<Lease> lease = where.pool->lease(lane, cancel, owner);
            if (lease.ok()) {
                auto result = read(*lease, true);
                if (result.ok() || !result.error().isTransient())
                    return result;
                replicaFailed(result.error());
            } else if (lease.error().code == ErrorCode::Cancelled) {
                return std::move(lease).error();
            } else {
                replicaFailed(lease.error());
            }
        }
        A360_TRY_ASSIGN(Lease lease, m_primary.lease(lane, cancel, owner));
        return read(lease, false);
    }

    ConnectionPool &primary() { return m_primary; }
    /// Null without a replica.
    ConnectionPool *replica() { return m_replica.get(); }

private:
    using Clock = std::chrono::steady_clock;
    std::optional<std::chrono::milliseconds> replicaLag();
    std::optional<std::chrono::milliseconds> askReplica();
    void warn(const QString &why);

    ConnectionPool &m_primary;
    const std::chrono::milliseconds m_mostLag;
    const std::unique_ptr<ConnectionPool> m_replica;
    std::mutex m_asking; // held while the replica is asked; nobody waits for it
    mutable std::mutex m_mutex; // guards everything below
    Clock::time_point m_askAgain; ///< not before
    std::optional<std::chrono::milliseconds> m_lag;
    std::optional<Clock::time_point> m_warned;
};

/// The pools that a long read may use: one, or what a router chooses each time. A value that borrows them.
class ReadPools
{
public:
    /// `owner` names the work, as in ConnectionPool::lease().
    ReadPools(ConnectionPool &only, const char *owner = nullptr) : m_only(&only), m_owner(owner) {}
    ReadPools(ReadRouter &router, const char *owner = nullptr) : m_router(&router), m_owner(owner) {}
    /// The primary's.
    const DatabaseUrl &database() const { return m_router ? m_router->primary().url() : m_only->url(); }
    /// A lease for the next part of the read; `from` tells where it is from. When the replica gives none, the primary's.
    Result<Lease> lease(Lane lane, const CancelToken &cancel, ReadTarget &from) const;
    /// A read on a lease from there failed: if it was the replica and trying again may help, the next one goes to the
    /// primary.
    void failed(const ReadTarget &from, const Error &error) const;

private:
    ConnectionPool *m_only = nullptr;
    ReadRouter *m_router = nullptr;
    const char *m_owner = nullptr;
};

} // namespace a360::db
