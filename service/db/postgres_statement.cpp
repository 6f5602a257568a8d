// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/postgres_statement.h"

#include "db/pooled_connection.h"

namespace a360::db {

namespace {

/// The server ends a statement at its timeout; when it does not even say so, the link is taken for lost a little later.
std::chrono::milliseconds deadlineOf(const QueryOptions &options)
{
    constexpr std::chrono::milliseconds grace{2000};
    return options.timeout.count() > 0 ? options.timeout + grace : std::chrono::milliseconds(0);
}

Result<void> command(PGconn *connection, const QByteArray &script, const QueryOptions &options = {})
{
    A360_TRY(PostgresExchange(connection, options.cancel, deadlineOf(options)).run(script.constData()));
    return {};
}

/// What has to surround a statement: a transaction of its own, settings that end with it, both or nothing.
class StatementFrame
{
public:
    StatementFrame(PooledConnection &connection, const QueryOptions &options) : m_connection(connection.postgres())
    {
        if (options.timeout.count() > 0)
            set("statement_timeout", QByteArray::number(qint64(options.timeout.count())));
        constexpr int firstWithJit = 110'000;
        if (options.withoutJit && PQserverVersion(m_connection) >= firstWithJit)
            set("jit", "off");
        m_own = (!m_opening.isEmpty() || connection.isReadOnly()) && !connection.inTransaction();
        if (m_own)
            m_opening.prepend(connection.isReadOnly() ? "BEGIN READ ONLY;" : "BEGIN;");
    }

    Result<void> open(const QueryOptions &options)
    {
        if (m_opening.isEmpty())
            return {};
        Result<void> opened = command(m_connection, m_opening, options);
        if (!opened.ok())
            abandon();
        return opened;
    }
    Result<void> close()
    {
        if (m_own)
            return command(m_connection, "COMMIT");
        return m_restoring.isEmpty() ? Result<void>() : command(m_connection, m_restoring);
    }
    /// After a failure. In the caller's own transaction there is nothing to do: it is aborted, and the setting with it.
    void abandon()
    {
        if (m_own && PQtransactionStatus(m_connection) != PQTRANS_IDLE)
            static_cast<void>(command(m_connection, "ROLLBACK"));
    }

private:
    void set(const char *setting, const QByteArray &value)
    {
        m_opening += QByteArray("SET LOCAL ") + setting + " = " + value + ';';
        m_restoring += QByteArray("SET LOCAL ") + setting + " TO DEFAULT;";
    }

    PGconn *m_connection;
    bool m_own = false;
    QByteArray m_opening;
    QByteArray m_restoring; ///< in a transaction of the caller's, which goes on
};

Result<PgResult> runStatement(PooledConnection &connection, const Sql &statement, const QueryOptions &options)
{
    A360_TRY(options.cancel.check());
    StatementFrame frame(connection, options);
    A360_TRY(frame.open(options));
    Result<PgResult> result = PostgresExchange(connection.postgres(), options.cancel, deadlineOf(options)).run(statement);
    if (!result.ok()) {
        frame.abandon();
        return result;
    }
    A360_TRY(frame.close());
    return result;
}

} // namespace

Error undecodableError(int column)
{
    return makeError(ErrorCode::Database,
                     QStringLiteral("The database sent a value that cannot be read in column %1.").arg(column + 1));
}

Result<std::vector<FieldDecoder>> decodersFor(const PGresult *result, const std::vector<ColumnType> &types)
{
    const int columns = PQnfields(result);
    if (columns != static_cast<int>(types.size()))
        return makeError(ErrorCode::Internal, QStringLiteral("The statement gives %1 columns, %2 were expected.")
                                                  .arg(columns)
                                                  .arg(types.size()));
    std::vector<FieldDecoder> decoders;
    for (int column = 0; column < columns; ++column) {
        const FieldDecoder decoder = fieldDecoder(PQftype(result, column), types[static_cast<size_t>(column)]);
        if (!decoder) {
            const QString name = QString::fromUtf8(PQfname(result, column));
            return makeError(ErrorCode::Unsupported,
                             QStringLiteral("The column \"%1\" has a type that this program does not read.").arg(name), name,
                             QStringLiteral("type %1").arg(PQftype(result, column)));
        }
        decoders.push_back(decoder);
    }
    return decoders;
}

Result<RowBatch> postgresQuery(PooledConnection &connection, const Sql &statement, std::vector<ColumnType> types,
                               const QueryOptions &options)
{
    A360_TRY_ASSIGN(const PgResult result, runStatement(connection, statement, options));
    A360_TRY_ASSIGN(const std::vector<FieldDecoder> decoders, decodersFor(result.get(), types));
    RowBatch batch(std::move(types));
    const int rows = PQntuples(result.get());
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < batch.columnCount(); ++column) {
            if (PQgetisnull(result.get(), row, column))
                batch.appendNull();
            else if (!decoders[static_cast<size_t>(column)](batch, PQgetvalue(result.get(), row, column),
                                                            PQgetlength(result.get(), row, column)))
                return undecodableError(column);
        }
    }
    return batch;
}

Result<qint64> postgresExecute(PooledConnection &connection, const Sql &statement, const QueryOptions &options)
{
    A360_TRY_ASSIGN(const PgResult result, runStatement(connection, statement, options));
    return QByteArray(PQcmdTuples(result.get())).toLongLong();
}

Result<void> postgresScript(PooledConnection &connection, QByteArrayView script, const QueryOptions &options)
{
    StatementFrame frame(connection, options);
    A360_TRY(frame.open(options));
    Result<void> done = command(connection.postgres(), script.toByteArray(), options);
    if (!done.ok()) {
        frame.abandon();
        return done;
    }
    return frame.close();
}

Result<void> postgresBegin(PooledConnection &connection, TransactionMode mode)
{
    if (mode == TransactionMode::ReadWrite)
        return command(connection.postgres(),
                       connection.isReadOnly() ? "BEGIN READ ONLY" : "BEGIN ISOLATION LEVEL READ COMMITTED");
    // The snapshot is taken by the first statement; taking it here makes begin() the moment the reader sees.
    Result<void> begun =
        command(connection.postgres(), "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1");
    if (!begun.ok() && connection.inTransaction())
        static_cast<void>(command(connection.postgres(), "ROLLBACK"));
    return begun;
}

Result<void> postgresCommit(PooledConnection &connection)
{
    // COMMIT of a failed transaction succeeds as a ROLLBACK; whoever commits must hear of it.
    const bool failed = PQtransactionStatus(connection.postgres()) == PQTRANS_INERROR;
    A360_TRY(command(connection.postgres(), failed ? "ROLLBACK" : "COMMIT"));
    if (failed)
        return makeError(ErrorCode::Database, QStringLiteral("The transaction was rolled back, because one of its "
                                                             "statements had failed."));
    return {};
}

} // namespace a360::db
