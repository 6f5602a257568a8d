// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/lease.h"

#include "db/bulk_load.h"
#include "db/observed_statements.h"
#include "db/pooled_connection.h"
#include "db/postgres_statement.h"
#include "db/row_stream.h"
#include "db/sqlite_statement.h"
#include "db/statement_text.h"

#include <QThread>

#include <libpq-fe.h>

namespace a360::db {

namespace {

/// Refuses calls that the state of the lease does not allow.
Result<void> usable(const PooledConnection *connection)
{
    if (!connection)
        return makeError(ErrorCode::Internal, QStringLiteral("The lease holds no connection."));
    if (connection->streamOpen)
        return makeError(ErrorCode::Internal, QStringLiteral("A stream is still open on this connection."));
    return {};
}

/// Keeps in mind that the link is gone, so that the pool does not park the connection.
template <typename T>
Result<T> noted(PooledConnection &connection, Result<T> result)
{
    if (!result.ok() && connection.postgres() && PQstatus(connection.postgres()) != CONNECTION_OK)
        connection.markBroken(result.error().message);
    return result;
}

qint64 rowsOf(const Result<RowBatch> &result)
{
    return result.ok() ? result->rowCount() : 0;
}

qint64 rowsOf(const Result<qint64> &result)
{
    return result.ok() ? *result : 0;
}

qint64 rowsOf(const Result<void> &)
{
    return 0;
}

/// Runs a statement; the pool's observer, if there is one, hears how it went.
template <typename Run>
auto observed(PooledConnection &connection, StatementKind kind, const Sql &statement, const Run &run)
{
    if (!connection.observer)
        return noted(connection, run());
    const auto begin = std::chrono::steady_clock::now();
    auto result = noted(connection, run());
    const std::chrono::nanoseconds spent = std::chrono::steady_clock::now() - begin;
    connection.observer->statementDone({kind, statement, spent, rowsOf(result), result.ok() ? nullptr : &result.error()});
    return result;
}

} // namespace

Lease::Lease() noexcept = default;

Lease::Lease(ConnectionPool *pool, std::unique_ptr<PooledConnection> connection)
    : m_pool(pool), m_connection(std::move(connection))
{
}

Lease::Lease(Lease &&other) noexcept
    : m_pool(std::exchange(other.m_pool, nullptr)), m_connection(std::move(other.m_connection))
{
}

Lease &Lease::operator=(Lease &&other) noexcept
{
    if (this != &other) {
        giveBack();
        m_pool = std::exchange(other.m_pool, nullptr);
        m_connection = std::move(other.m_connection);
    }
    return *this;
}

Lease::~Lease()
{
    giveBack();
}

void Lease::giveBack()
{
    if (m_connection)
        m_pool->takeBack(std::move(m_connection));
}

void Lease::noteWrite()
{
    m_connection->wrote = true;
    if (!inTransaction())
        m_pool->noteWrite();
}

Lease::WriteNote::WriteNote(Lease &lease, QByteArrayView text)
    : m_lease(lease), m_writes(!lease.m_connection->isReadOnly() && !onlyReads(text))
{
}

Lease::WriteNote::~WriteNote()
{
    if (m_writes)
        m_lease.noteWrite();
}

void Lease::doNotObserve()
{
    if (m_connection)
        m_connection->observer = nullptr;
}

Dialect Lease::dialect() const
{
    return m_connection ? m_connection->dialect() : Dialect::Sqlite;
}

Result<RowBatch> Lease::query(const Sql &statement, std::vector<ColumnType> types, const QueryOptions &options)
{
    A360_TRY(usable(m_connection.get()));
    const WriteNote note(*this, statement.pieces().size() == 1 ? statement.pieces().front() : statement.text());
    const auto run = [&] {
        return m_connection->postgres() ? postgresQuery(*m_connection, statement, std::move(types), options)
                                        : sqliteQuery(*m_connection, statement, std::move(types), options);
    };
    return observed(*m_connection, StatementKind::Query, statement, run);
}

Result<qint64> Lease::execute(const Sql &statement, const QueryOptions &options)
{
    A360_TRY(usable(m_connection.get()));
    const WriteNote note(*this, statement.pieces().size() == 1 ? statement.pieces().front() : statement.text());
    return observed(*m_connection, StatementKind::Execute, statement, [&] {
        return m_connection->postgres() ? postgresExecute(*m_connection, statement, options)
                                        : sqliteExecute(*m_connection, statement, options);
    });
}

Result<void> Lease::executeScript(QByteArrayView script, const QueryOptions &options)
{
    A360_TRY(usable(m_connection.get()));
    const WriteNote note(*this, script);
    return observed(*m_connection, StatementKind::Script, Sql(dialect(), script), [&] {
        return m_connection->postgres() ? postgresScript(*m_connection, script, options)
                                        : sqliteScript(*m_connection, script, options);
    });
}

void Lease::leaveWith(QByteArrayView script)
{
    if (!usable(m_connection.get()).ok() || !m_connection->postgres())
        return;
    const WriteNote note(*this, script);
    if (PQsendQuery(m_connection->postgres(), script.toByteArray().constData()) == 1)
        PQflush(m_connection->postgres()); // closing says goodbye behind it, which the server reads when it is done
    m_connection->markBroken(QStringLiteral("left with a statement under way"));
}

Result<qint64> Lease::queryInteger(const Sql &statement, const QueryOptions &options)
{
    A360_TRY_ASSIGN(const RowBatch rows, query(statement, {ColumnType::Integer}, options));
    if (rows.rowCount() == 0 || rows.cell(0, 0).isNull())
        return makeError(ErrorCode::NotFound, QStringLiteral("The query found no value."));
    return rows.cell(0, 0).integer();
}

Result<void> Lease::begin(TransactionMode mode, const CancelToken &cancel)
{
    A360_TRY(usable(m_connection.get()));
    if (inTransaction())
        return makeError(ErrorCode::Internal, QStringLiteral("A transaction is already open on this connection."));
    m_connection->begunByLease = true; // said before, as a failed begin may leave one open
    return noted(*m_connection,
                 m_connection->postgres() ? postgresBegin(*m_connection, mode) : sqliteBegin(*m_connection, mode, cancel));
}

Result<void> Lease::commit()
{
    A360_TRY(usable(m_connection.get()));
    if (!inTransaction())
        return makeError(ErrorCode::Internal, QStringLiteral("There is no transaction to commit."));
    m_connection->begunByLease = false;
    Result<void> done = noted(*m_connection, m_connection->postgres() ? postgresCommit(*m_connection)
                                                                      : sqliteScript(*m_connection, "COMMIT"));
    if (m_connection->wrote)
        m_pool->noteWrite();
    return done;
}

Result<void> Lease::rollback()
{
    if (m_connection && !m_connection->streamOpen && !inTransaction())
        return {}; // a failed statement may have ended it already
    A360_TRY(usable(m_connection.get()));
    return noted(*m_connection, m_connection->postgres() ? postgresScript(*m_connection, "ROLLBACK", {})
                                                         : sqliteScript(*m_connection, "ROLLBACK"));
}

bool Lease::inTransaction() const
{
    return m_connection && m_connection->inTransaction();
}

Result<std::unique_ptr<RowStream>> Lease::stream(const Sql &select, std::vector<ColumnType> types, CancelToken cancel)
{
    A360_TRY(usable(m_connection.get()));
    const auto open = [&] {
        return noted(*m_connection, openRowStream(*m_connection, select, std::move(types), std::move(cancel)));
    };
    if (!m_connection->observer)
        return open();
    StatementWatch watch(*m_connection->observer, StatementKind::Stream, select);
    A360_TRY_ASSIGN(std::unique_ptr<RowStream> stream, watch.timed(open));
    return observedStream(std::move(stream), std::move(watch));
}

Result<std::unique_ptr<BulkLoad>> Lease::bulkLoad(const QByteArray &table, const std::vector<QByteArray> &columns,
                                                  std::vector<ColumnType> types, CancelToken cancel)
{
    A360_TRY(usable(m_connection.get()));
    if (columns.empty() || columns.size() != types.size())
        return makeError(ErrorCode::Internal, QStringLiteral("A bulk load needs one type for each column."));
    noteWrite();
    const auto open = [&] {
        return noted(*m_connection, openBulkLoad(*m_connection, table, columns, std::move(types), std::move(cancel)));
    };
    if (!m_connection->observer)
        return open();
    StatementWatch watch(*m_connection->observer, StatementKind::BulkLoad,
                         Sql(dialect(), "INSERT INTO " + loadTarget(table, columns)));
    A360_TRY_ASSIGN(std::unique_ptr<BulkLoad> load, watch.timed(open));
    return observedLoad(std::move(load), std::move(watch));
}

void Lease::invalidate(const QString &cause)
{
    if (m_connection)
        m_connection->markBroken(cause.isEmpty() ? QStringLiteral("invalidated") : cause);
}

void Lease::adoptByCurrentThread()
{
    // The driver belongs to no thread between statements (driver_thread.h), so nothing has to move; what is left to
    // guard is that the other thread has really let go.
    if (m_connection)
        m_connection->setUser(QThread::currentThread());
}

void Lease::releaseFromCurrentThread()
{
    if (m_connection)
        m_connection->setUser(nullptr);
}

pg_conn *Lease::postgres() const
{
    return m_connection ? m_connection->postgres() : nullptr;
}

sqlite3 *Lease::sqlite() const
{
    return m_connection ? m_connection->sqlite() : nullptr;
}

} // namespace a360::db
