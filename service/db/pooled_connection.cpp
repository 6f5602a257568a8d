// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/pooled_connection.h"

#include "db/driver_thread.h"
#include "db/postgres_exchange.h"

#include <libpq-fe.h>
#include <sqlite3.h>

#include <poll.h>

namespace a360::db {

namespace {

QString lostLink()
{
    return QStringLiteral("the link to the server was lost");
}
constexpr std::chrono::seconds endLimit{3}; // for ending a transaction: nothing a server needs long for

} // namespace

// Opening lives in connection_opener.cpp.

PooledConnection::~PooledConnection()
{
    if (m_name.isEmpty())
        return;
    {
        const DriverClaim claim(m_database);
        m_database.close();
    }
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

bool PooledConnection::inTransaction() const
{
    if (m_postgres) {
        const PGTransactionStatusType status = PQtransactionStatus(m_postgres);
        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
    }
    return m_sqlite && sqlite3_get_autocommit(m_sqlite) == 0;
}

bool PooledConnection::looksAlive() const
{
    if (!m_postgres)
        return m_sqlite != nullptr;
    if (PQstatus(m_postgres) != CONNECTION_OK)
        return false;
    // A server that says farewell sends a message first and closes then: read on until nothing is there.
    for (int turn = 0; turn < 8; ++turn) {
        pollfd socket{PQsocket(m_postgres), POLLIN, 0};
        if (::poll(&socket, 1, 0) <= 0)
            return true;
        if (PQconsumeInput(m_postgres) != 1 || PQstatus(m_postgres) != CONNECTION_OK)
            return false;
    }
    return false; // nobody talks that much to an idle client
}

/// A round trip. Not by PostgresExchange: that would ask a server which may be gone to cancel, and wait for it.
bool PooledConnection::answersWithin(std::chrono::milliseconds limit, const CancelToken &cancel) const
{
    constexpr int turnMs = 40; // how long a cancellation may go unseen
    if (!PQsendQuery(m_postgres, "SELECT 1"))
        return false;
    for (const Clock::time_point end = Clock::now() + limit; PQisBusy(m_postgres);) {
        if (cancel.isCancelled() || Clock::now() >= end)
            return false;
        pollfd socket{PQsocket(m_postgres), POLLIN, 0};
        if (::poll(&socket, 1, turnMs) > 0 && !PQconsumeInput(m_postgres))
            return false;
    }
    const PostgresExchange exchange(m_postgres);
    exchange.drain();
    return looksAlive();
}

bool PooledConnection::ping(std::chrono::seconds idleLimit, std::chrono::milliseconds limit, const CancelToken &cancel)
{
    if (!looksAlive()) {
        markBroken(lostLink());
        return false;
    }
    if (!m_postgres || (!suspect && Clock::now() - idleSince < idleLimit))
        return true;
    if (!answersWithin(limit, cancel)) {
        markBroken(QStringLiteral("it did not answer a ping"));
        return false;
    }
    suspect = false;
    return true;
}

bool PooledConnection::linkIsLost() const
{
    return m_postgres && PQstatus(m_postgres) != CONNECTION_OK;
}

bool PooledConnection::reset(ResetOnReturn how)
{
    m_user = nullptr;
    if (isBroken())
        return false;
    if (streamOpen) {
        markBroken(QStringLiteral("given back while a stream was still open"));
        return false;
    }
    if (m_sqlite) {
        m_interrupt.disarm();
        constexpr int firstAttached = 2; // after main and temp
        if (sqlite3_db_name(m_sqlite, firstAttached))
            markBroken(QStringLiteral("another database file is still attached"));
    } else if (!looksAlive()) {
        markBroken(lostLink());
    } else if (PQtransactionStatus(m_postgres) == PQTRANS_ACTIVE) {
        markBroken(QStringLiteral("given back in the middle of a statement"));
    }
    if (!isBroken() && inTransaction())
        endTransaction(begunByLease ? ResetOnReturn::Rollback : how);
    begunByLease = false;
    return !isBroken();
}

void PooledConnection::endTransaction(ResetOnReturn how)
{
    if (how == ResetOnReturn::None) {
        markBroken(QStringLiteral("given back with an open transaction"));
        return;
    }
    for (const char *end : {"COMMIT", "ROLLBACK"}) {
        if (how == ResetOnReturn::Rollback && qstrcmp(end, "COMMIT") == 0)
            continue;
        if (m_sqlite)
            sqlite3_exec(m_sqlite, end, nullptr, nullptr, nullptr);
        else
            static_cast<void>(PostgresExchange(m_postgres, {}, endLimit).run(end).ok());
        if (!inTransaction())
            break;
    }
    if (inTransaction() || linkIsLost())
        markBroken(QStringLiteral("the open transaction could not be ended"));
}

} // namespace a360::db
