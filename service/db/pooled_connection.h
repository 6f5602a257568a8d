// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/connection_pool.h"
#include "db/sqlite_interrupt.h"

#include <QSqlDatabase>
#include <QThread>

#include <atomic>
#include <chrono>

namespace a360::db {

/// One open connection of the pool: the only holder of its QSqlDatabase. Used by one thread at a time; may be
/// destroyed (closed) by any thread.
class PooledConnection
{
public:
    using Clock = std::chrono::steady_clock;

    /// Made by ConnectionOpener.
    ~PooledConnection();
    PooledConnection(const PooledConnection &) = delete;
    PooledConnection &operator=(const PooledConnection &) = delete;

    Dialect dialect() const { return m_dialect; }
    bool isReadOnly() const { return m_readOnly; }
    const QSqlDatabase &database() const { return m_database; }
    pg_conn *postgres() const { return m_postgres; }
    sqlite3 *sqlite() const { return m_sqlite; }
    SqliteInterrupt &interrupt() { return m_interrupt; }

    bool inTransaction() const;
    /// Cheap look without a round trip: a link the server has closed is seen, a dead network is not.
    bool looksAlive() const;
    /// Cheap look; and asks the server for an answer, within `limit`, when the connection was idle for longer than
    /// `idleLimit` or is suspect. False: brokenCause() says why.
    bool ping(std::chrono::seconds idleLimit, std::chrono::milliseconds limit, const CancelToken &cancel);
    /// Ends what a lease left open. False: the connection is not fit for another lease.
    bool reset(ResetOnReturn how);
    /// True when the link to the server was found broken.
    bool linkIsLost() const;

    /// Who uses it at present, told by Lease::adoptByCurrentThread(); asserts that two threads never do at a time.
    void setUser(const QThread *thread)
    {
        [[maybe_unused]] const QThread *before = m_user.exchange(thread, std::memory_order_acq_rel);
        Q_ASSERT_X(!before || !thread || before == thread, "Lease", "adopted while another thread still uses it");
    }

    void markBroken(const QString &cause)
    {
        if (m_brokenCause.isEmpty())
            m_brokenCause = cause;
    }
    bool isBroken() const { return !m_brokenCause.isEmpty(); }
    const QString &brokenCause() const { return m_brokenCause; }

    Lane lane = Lane::Interactive;  ///< of the present lease
    Clock::time_point recycleAt;    ///< when it is replaced
    Clock::time_point idleSince;    ///< end of the latest lease
    bool streamOpen = false;        ///< a RowStream or BulkLoad borrows it
    StatementObserver *observer = nullptr; ///< of the present lease
    bool wrote = false;             ///< the present lease ran a statement that may change data
    bool begunByLease = false;      ///< the open transaction is one of Lease::begin()
    bool suspect = false;           ///< another link to the server was lost: to be asked before its next use

    // Of the present lease, for reports.
    const char *owner = nullptr;
    int threadId = 0;               ///< the kernel's
    Clock::time_point leasedAt;
    quint64 leaseNumber = 0;
    size_t placeInUse = 0;          ///< index in the pool's list of connections that are out

private:
    PooledConnection() = default;
    bool answersWithin(std::chrono::milliseconds limit, const CancelToken &cancel) const;
    void endTransaction(ResetOnReturn how);
    friend class ConnectionOpener;

    Dialect m_dialect = Dialect::Sqlite;
    bool m_readOnly = false;
    QString m_name;
    QSqlDatabase m_database;
    pg_conn *m_postgres = nullptr;
    sqlite3 *m_sqlite = nullptr;
    SqliteInterrupt m_interrupt;
    QString m_brokenCause;
    std::atomic<const QThread *> m_user = nullptr;
};

} // namespace a360::db
