// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/database_url.h"
#include "db/lease.h"
#include "db/pool_stats.h"
#include "db/statement_observer.h"

#include <QString>

namespace a360::db {

class EpochBoard;

/// What happens to a transaction that is still open when its lease is given back (DATABASE_POOL_RESET_ON_RETURN). One
/// that Lease::begin() began is always rolled back: its owner left early, and half of it must not stay. The choice is
/// about those that a script opened with a BEGIN of its own. None: nothing is reset; such a connection is closed.
enum class ResetOnReturn { Commit, Rollback, None };

struct PoolSettings
{
    int size = 25;                                   ///< DATABASE_POOL_SIZE: connections kept parked
    int maxOverflow = 50;                            ///< DATABASE_MAX_OVERFLOW: more, closed on return
    std::chrono::milliseconds timeout{30'000};       ///< DATABASE_POOL_TIMEOUT: longest wait for a lease
    std::chrono::seconds recycle{1800};              ///< DATABASE_POOL_RECYCLE: age after which a connection is replaced
    bool prePing = true;                             ///< DATABASE_POOL_PRE_PING
    int bulkCap = 8;                                 ///< most leases of Lane::Bulk at a time
    int jobsCap = 8;                                 ///< of Lane::Jobs; both together leave one place, if there are two
    bool readOnly = false;                           ///< refuse writes (foreign databases opened for export)
    StatementObserver *statements = nullptr;         ///< hears of every statement; must outlive the pool; null: no cost
    ResetOnReturn resetOnReturn = ResetOnReturn::Rollback; ///< DATABASE_POOL_RESET_ON_RETURN
    bool monitoring = false;                         ///< ENABLE_POOL_MONITORING: log lines and warnings (pool_monitor.h)
    std::chrono::seconds monitoringInterval{60};     ///< POOL_MONITORING_INTERVAL; 0: warnings only
    std::chrono::seconds leakAfter{300};             ///< a lease that is out for longer is reported
};

/// Is it the Timeout of ConnectionPool::lease(): was no connection to be had in time?
bool isPoolExhausted(const Error &error);

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

    /// Waits at most PoolSettings::timeout for everything: a place, a check of the connection, a new connection (whose
    /// own timeout cannot be less than 2 s). When the server takes no more connections while others of this pool are in
    /// use, it waits for one of those. `owner` names the work for reports; it is kept as a pointer, so give a literal.
    /// Errors: Timeout (pool exhausted), Unavailable (cannot connect), PermissionDenied (rejected login), UnusableInput
    /// (an SQLite file that is no database), Cancelled (heard at once, whatever the server does).
    Result<Lease> lease(Lane lane = Lane::Interactive, CancelToken cancel = {}, const char *owner = nullptr);
    /// A lease that is to be had without waiting for a place, for who already holds one: waiting for a second could be for
    /// ever. Error{Timeout} when there is none. Checking or opening its connection may still take its time; `cancel` ends
    /// that.
    Result<Lease> tryLease(Lane lane, const char *owner = nullptr, CancelToken cancel = {});

    const DatabaseUrl &url() const;
    Dialect dialect() const;
    PoolStats stats() const;
    /// What this process knows of changes to the data; see epochs.h.
    EpochBoard &epochs() const { return *m_epochs; }
    /// When a lease of this pool last changed data: the end of the statement or its commit. The clock's epoch: never.
    std::chrono::steady_clock::time_point lastWrite() const;
    /// The leases that are out for at least `minimumAge`, the oldest first.
    std::vector<LeaseInfo> leases(std::chrono::milliseconds minimumAge = {}) const;
    std::chrono::seconds leakAfter() const;
    int maxOverflow() const;
    /// Closes parked connections and refuses new leases with Error{Unavailable}; outstanding leases stay usable.
    void close();

private:
    friend class Lease;
    struct Request;
    Result<Lease> grant(const Request &request);
    void takeBack(std::unique_ptr<PooledConnection> connection);
    void noteWrite();
    class Private;
    std::unique_ptr<Private> d;
    std::unique_ptr<EpochBoard> m_epochs;
};

} // namespace a360::db
