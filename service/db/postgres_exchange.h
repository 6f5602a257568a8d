// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "db/database_error.h"
#include "db/sql.h"

#include <QByteArray>

#include <chrono>

namespace a360::db {

/// Sends statements over a libpq connection and waits for the answer without ever being deaf: it looks at the cancel
/// token and its deadline while it waits, and sends the cancel request itself, from the thread that waits. So a
/// request to cancel never blocks the thread that asks for it, and never hits a later statement. When nothing comes for
/// a while it looks whether anybody still answers at the server's address, and takes the link for lost otherwise; so
/// even a statement without a time limit does not wait for ever behind a network that was cut.
class PostgresExchange
{
public:
    /// `deadline` 0: none. It guards against a silent server; a statement's own timeout is the server's business.
    explicit PostgresExchange(PGconn *connection, CancelToken cancel = {}, std::chrono::milliseconds deadline = {})
        : m_connection(connection), m_cancel(std::move(cancel)), m_limit(deadline)
    {
    }

    /// Simple protocol, several statements allowed; the last one's result.
    Result<PgResult> run(const char *script) const;
    /// Extended protocol with parameters and binary results (decision 23).
    Result<PgResult> run(const Sql &statement) const;
    /// Waits for the next result of a statement already sent; empty when there is no more.
    Result<PgResult> nextResult() const;
    /// Reads and drops all results, so that the connection is ready again.
    void drain() const;
    /// Waits until the socket can be read (or also written), in short turns; false when cancelled or past the deadline.
    bool waitForSocket(bool alsoWritable) const;
    /// Asks the server to end the running statement. Blocks for two round trips; closes the link when nobody answers.
    void sendCancel() const;
    Interruption interruption() const { return {m_cancel.isCancelled()}; }

private:
    Result<PgResult> lastResult() const;
    Result<void> flush() const;
    void giveUp() const;

    PGconn *m_connection;
    CancelToken m_cancel;
    std::chrono::milliseconds m_limit;
};

} // namespace a360::db
