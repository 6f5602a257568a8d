// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/database_url.h"
#include "db/lease.h"
#include "db/statement_observer.h"

#include <QString>

namespace a360::db {

class EpochBoard;

/// Who a connection is for. Each lane has its own cap, so that slow exports cannot starve a click.
enum class Lane { Interactive, Bulk, Jobs };

struct PoolSettings
{
    int size = 25;                                   ///< DATABASE_POOL_SIZE: connections kept parked
    int maxOverflow = 50;                            ///< DATABASE_MAX_OVERFLOW: more, closed on return
    std::chrono::milliseconds timeout{30'000};       ///< DATABASE_POOL_TIMEOUT: longest wait for a lease
    std::chrono::seconds recycle{1800};              ///< DATABASE_POOL_RECYCLE: age after which a connection is replaced
    bool prePing = true;                             ///< DATABASE_POOL_PRE_PING
    int bulkCap = 8;                                 ///< most leases of Lane::Bulk at a time
    int jobsCap = 8;
    bool readOnly = false;                           ///< refuse writes (foreign databases opened for export)
    StatementObserver *statements = nullptr;         ///< hears of every statement; must outlive the pool; null: no cost
};

/// A consistent picture of the pool's counters. Times in seconds, measured from the request for a lease to its grant.
struct PoolStats
{
    int size = 0, checkedIn = 0, checkedOut = 0, overflow = 0, waiting = 0;
    qint64 totalCheckouts = 0, totalCheckins = 0, totalInvalidated = 0, totalTimeouts = 0;
    double averageWait = 0, maxWait = 0, totalWait = 0; ///< average over the last 1000 checkouts
    int waitSamples = 0;
    double usagePercentage() const { return size > 0 ? 100.0 * checkedOut / size : 0.0; }
};

/// Hands out leases on QSqlDatabase connections (QPSQL, QSQLITE), parked between leases with
/// driver()->moveToThread(nullptr) (decision 24). Thread-safe. Waiters are served first come, first served within what
/// their lane's cap allows. Connections are opened outside the pool's mutex. Must outlive its leases.
class ConnectionPool
{
public:
    ConnectionPool(DatabaseUrl url, PoolSettings settings);
    ~ConnectionPool();
    ConnectionPool(const ConnectionPool &) = delete;
    ConnectionPool &operator=(const ConnectionPool &) = delete;

    /// Waits at most PoolSettings::timeout. Errors: Timeout (pool exhausted), Unavailable (cannot connect),
    /// PermissionDenied (rejected login), UnusableInput (an SQLite file that is no database), Cancelled (heard
    /// at once, whatever the server does).
    Result<Lease> lease(Lane lane = Lane::Interactive, CancelToken cancel = {});
    /// A lease that is to be had without waiting, for who already holds one: waiting for a second could be for ever.
    /// Error{Timeout} when there is none.
    Result<Lease> tryLease(Lane lane);

    const DatabaseUrl &url() const;
    Dialect dialect() const;
    PoolStats stats() const;
    /// What this process knows of changes to the data; see epochs.h.
    EpochBoard &epochs() const { return *m_epochs; }
    /// When a lease of this pool last changed data: the end of the statement or its commit. The clock's epoch: never.
    std::chrono::steady_clock::time_point lastWrite() const;
    /// Closes parked connections and refuses new leases with Error{Unavailable}; outstanding leases stay usable.
    void close();

private:
    friend class Lease;
    Result<Lease> grant(Lane lane, std::chrono::steady_clock::time_point begin, const CancelToken &cancel);
    void takeBack(std::unique_ptr<PooledConnection> connection);
    void noteWrite();
    class Private;
    std::unique_ptr<Private> d;
    std::unique_ptr<EpochBoard> m_epochs;
};

} // namespace a360::db
