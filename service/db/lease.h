// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "core/result.h"
#include "db/cell.h"
#include "db/row_batch.h"
#include "db/sql.h"

#include <QSqlDatabase>

#include <chrono>
#include <memory>

struct pg_conn;
struct sqlite3;

namespace a360::db {

class ConnectionPool;
class PooledConnection;
class RowStream;
class BulkLoad;

struct QueryOptions
{
    std::chrono::milliseconds timeout{0}; ///< 0: none. Passed to the server as SET LOCAL / enforced by interrupt.
    CancelToken cancel;
    /// PostgreSQL: SET LOCAL jit = off. Compiling a statement as long as a search's takes longer than it ever saves.
    bool withoutJit = false;
};

enum class TransactionMode {
    ReadWrite,        ///< READ COMMITTED / BEGIN IMMEDIATE
    ReadSnapshot,     ///< REPEATABLE READ READ ONLY / BEGIN (deferred): one consistent view of the data
};

/// Exclusive use of one pooled connection; given back by the destructor, from any thread, rolled back if a transaction
/// is still open. Move-only. Between taking and giving back it must be used by one thread at a time (see moveToThread).
class [[nodiscard]] Lease
{
public:
    Lease() noexcept;
    Lease(Lease &&) noexcept;
    Lease &operator=(Lease &&) noexcept;
    ~Lease();

    explicit operator bool() const { return m_connection != nullptr; }
    Dialect dialect() const;

    /// Runs a statement and returns all of its rows, converted to `types` (one per result column). For small results;
    /// big ones go through stream(). PostgreSQL: PQexecParams on the handle (decision 23). SQLite: QSqlQuery.
    Result<RowBatch> query(const Sql &statement, std::vector<ColumnType> types, const QueryOptions &options = {});
    /// Runs a statement; returns the number of rows it touched.
    Result<qint64> execute(const Sql &statement, const QueryOptions &options = {});
    /// Several statements in one text, without values (migrations, index definitions).
    Result<void> executeScript(QByteArrayView script, const QueryOptions &options = {});
    /// PostgreSQL: hands a script to the server and does not wait for its end; the connection is given up. For what has to
    /// be done but may take longer than a cancellation. Nobody hears whether it was done.
    void leaveWith(QByteArrayView script);
    /// First cell of the first row as an integer; Error{NotFound} when there is no row or it is NULL.
    Result<qint64> queryInteger(const Sql &statement, const QueryOptions &options = {});

    /// `cancel` ends SQLite's wait for another writer.
    Result<void> begin(TransactionMode mode, const CancelToken &cancel = {});
    Result<void> commit();
    Result<void> rollback();
    bool inTransaction() const;

    /// Rows in batches, forward only, in flat memory: COPY (SELECT …) TO STDOUT (FORMAT binary) on PostgreSQL, a
    /// stepped statement on SQLite. The stream borrows this lease: nothing else may run on it until it is destroyed.
    Result<std::unique_ptr<RowStream>> stream(const Sql &select, std::vector<ColumnType> types, CancelToken cancel = {});
    /// Appends rows to a table: COPY … FROM STDIN (FORMAT binary) / a prepared INSERT. Borrows this lease as well.
    Result<std::unique_ptr<BulkLoad>> bulkLoad(const QByteArray &table, const std::vector<QByteArray> &columns,
                                               std::vector<ColumnType> types, CancelToken cancel = {});

    /// Marks the connection as broken: it is closed instead of being parked. `cause` is counted by the pool's monitor.
    void invalidate(const QString &cause);
    /// A lease may change threads between calls: the thread that goes on calls this first, once the other has let go.
    /// The connection's driver object follows without an event loop in either thread.
    void adoptByCurrentThread();
    void releaseFromCurrentThread();

    /// The pool's observer hears of nothing more that this lease does (statements about statements, such as EXPLAIN).
    void doNotObserve();

    /// Native handles for the bulk roads; null for the other dialect.
    pg_conn *postgres() const;
    sqlite3 *sqlite() const;

private:
    friend class ConnectionPool;
    Lease(ConnectionPool *pool, std::unique_ptr<PooledConnection> connection);
    /// Remembers, when a statement that may have written has ended, that it did.
    class WriteNote
    {
    public:
        WriteNote(Lease &lease, QByteArrayView text);
        ~WriteNote();
        WriteNote(const WriteNote &) = delete;
        WriteNote &operator=(const WriteNote &) = delete;

    private:
        Lease &m_lease;
        const bool m_writes;
    };
    void noteWrite();
    void giveBack();
    ConnectionPool *m_pool = nullptr;
    std::unique_ptr<PooledConnection> m_connection;
};

/// Source of row batches. Obtained from Lease::stream().
class RowStream
{
public:
    virtual ~RowStream() = default; ///< ends the statement (cancels it on the server when it is still running)
    /// Fills `batch` (cleared first) with rows until about `byteBudget` arena bytes or `rowBudget` rows. Returns false
    /// when no row was left. An error in mid-stream is an error, never a silent end.
    virtual Result<bool> next(RowBatch &batch, size_t byteBudget = 256 * 1024, qsizetype rowBudget = 4096) = 0;
};

/// Sink of rows. Obtained from Lease::bulkLoad(). Destroying it without finish() aborts the load.
class BulkLoad
{
public:
    virtual ~BulkLoad() = default;
    /// The batch's types must be those given to bulkLoad().
    virtual Result<void> append(const RowBatch &batch) = 0;
    /// Ends the load; returns the number of rows taken.
    virtual Result<qint64> finish() = 0;
};

} // namespace a360::db
