// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/bulk_load.h"

#include "db/pooled_connection.h"
#include "db/postgres_encode.h"
#include "db/postgres_statement.h"

#include <libpq-fe.h>

namespace a360::db {

namespace {

constexpr size_t blockSize = 128 * 1024;

/// Writes `COPY … FROM STDIN (FORMAT binary)` in blocks.
class PostgresBulkLoad final : public BulkLoad
{
public:
    PostgresBulkLoad(PooledConnection &connection, std::vector<QByteArray> columns, std::vector<FieldEncoder> encoders,
                     CancelToken cancel)
        : m_connection(connection), m_columns(std::move(columns)), m_encoders(std::move(encoders)),
          m_exchange(connection.postgres(), cancel), m_cancel(std::move(cancel))
    {
        m_connection.streamOpen = true;
        m_block.reserve(blockSize + 16 * 1024);
        m_block.append("PGCOPY\n\377\r\n\0", 11);
        m_block.append(8, '\0'); // no flags, no extension
        PQsetnonblocking(connection.postgres(), 1); // a stalled server must not make us deaf to cancellation
    }
    ~PostgresBulkLoad() override
    {
        if (!m_ended)
            abort();
        m_connection.streamOpen = false;
    }

    Result<void> append(const RowBatch &batch) override;
    Result<qint64> finish() override;

private:
    Result<void> send();
    Result<void> waitUntilSent();
    Result<void> end();
    Error failed();
    void abort();
    void leave();

    PooledConnection &m_connection;
    std::vector<QByteArray> m_columns;
    std::vector<FieldEncoder> m_encoders;
    PostgresExchange m_exchange;
    CancelToken m_cancel;
    std::string m_block;
    bool m_ended = false;
};

Result<void> PostgresBulkLoad::append(const RowBatch &batch)
{
    if (m_ended)
        return makeError(ErrorCode::Internal, QStringLiteral("The bulk load has ended."));
    if (batch.columnCount() != static_cast<int>(m_encoders.size()))
        return makeError(ErrorCode::Internal, QStringLiteral("The batch has another number of columns than the load."));
    for (qsizetype row = 0; row < batch.rowCount(); ++row) {
        appendInt16(m_block, static_cast<qint16>(m_encoders.size()));
        for (int column = 0; column < batch.columnCount(); ++column) {
            const Cell cell = batch.cell(row, column);
            if (cell.isNull()) {
                appendInt32(m_block, -1);
            } else if (!m_encoders[static_cast<size_t>(column)](m_block, cell)) {
                abort();
                const QString name = QString::fromUtf8(m_columns[static_cast<size_t>(column)]);
                return makeError(ErrorCode::InvalidArgument,
                                 QStringLiteral("A value for the column \"%1\" does not fit its type.").arg(name), name);
            }
        }
        if (m_block.size() >= blockSize)
            A360_TRY(send());
    }
    return {};
}

Result<void> PostgresBulkLoad::send()
{
    if (m_cancel.isCancelled()) {
        abort();
        return cancelledError();
    }
    PGconn *pg = m_connection.postgres();
    for (;;) {
        const int taken = PQputCopyData(pg, m_block.data(), static_cast<int>(m_block.size()));
        if (taken < 0)
            return failed();
        if (taken > 0)
            break;
        A360_TRY(waitUntilSent());
    }
    m_block.clear();
    return waitUntilSent();
}

/// Lets libpq's own buffer run empty, so that memory stays flat however slow the server is.
Result<void> PostgresBulkLoad::waitUntilSent()
{
    PGconn *pg = m_connection.postgres();
    for (;;) {
        const int left = PQflush(pg);
        if (left < 0)
            return failed();
        if (left == 0)
            return {};
        if (!m_exchange.waitForSocket(true)) {
            abort();
            return cancelledError();
        }
        if (!PQconsumeInput(pg)) // a server in trouble tells so and reads no more
            return failed();
    }
}

Result<void> PostgresBulkLoad::end()
{
    appendInt16(m_block, -1);
    A360_TRY(send());
    while (true) {
        const int ended = PQputCopyEnd(m_connection.postgres(), nullptr);
        if (ended < 0)
            return failed();
        if (ended > 0)
            return waitUntilSent();
        A360_TRY(waitUntilSent());
    }
}

Result<qint64> PostgresBulkLoad::finish()
{
    if (m_ended)
        return makeError(ErrorCode::Internal, QStringLiteral("The bulk load has ended."));
    A360_TRY(end());
    Result<PgResult> result = m_exchange.nextResult();
    if (!result.ok()) {
        leave();
        return std::move(result).error();
    }
    PGresult *raw = result.value().get();
    if (!raw || PQresultStatus(raw) != PGRES_COMMAND_OK) {
        Error error = postgresError(m_connection.postgres(), raw, m_exchange.interruption());
        leave();
        return error;
    }
    const qint64 rows = QByteArray(PQcmdTuples(raw)).toLongLong();
    leave();
    return rows;
}

/// Something went wrong while sending: the server's own word on it, when there is one, says more than libpq's.
Error PostgresBulkLoad::failed()
{
    PGconn *pg = m_connection.postgres();
    Error error = postgresError(pg, nullptr);
    PQputCopyEnd(pg, "given up");
    while (const PgResult result{PQgetResult(pg)}) {
        if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR)
            error = postgresError(pg, result.get(), m_exchange.interruption());
        if (PQresultStatus(result.get()) == PGRES_COPY_IN && PQstatus(pg) != CONNECTION_OK)
            break;
    }
    leave();
    return error;
}

void PostgresBulkLoad::abort()
{
    // The server ends the COPY with an error and keeps nothing of it. The cancel request is for a server that waits for
    // a lock: it would not read our farewell before it has it.
    m_exchange.sendCancel();
    PQsetnonblocking(m_connection.postgres(), 0);
    PQputCopyEnd(m_connection.postgres(), "given up by the client");
    leave();
}

void PostgresBulkLoad::leave()
{
    m_ended = true;
    m_exchange.drain();
    PQsetnonblocking(m_connection.postgres(), 0);
    if (PQstatus(m_connection.postgres()) != CONNECTION_OK)
        m_connection.markBroken(QStringLiteral("the link was lost while rows were loaded"));
}

} // namespace

Result<std::unique_ptr<BulkLoad>> openPostgresBulkLoad(PooledConnection &connection, const QByteArray &table,
                                                       const std::vector<QByteArray> &columns,
                                                       std::vector<ColumnType> types, CancelToken cancel)
{
    // The binary format must match the table's own types, which in an adopted schema may be others than ours.
    QByteArray list;
    for (const QByteArray &column : columns)
        list += (list.isEmpty() ? "" : ",") + quotedName(column);
    const PostgresExchange exchange(connection.postgres(), cancel);
    const Sql probe(Dialect::PostgreSql, "SELECT " + list + " FROM " + quotedIdentifier(table) + " LIMIT 0");
    A360_TRY_ASSIGN(const PgResult description, exchange.run(probe));
    std::vector<FieldEncoder> encoders;
    for (size_t i = 0; i < columns.size(); ++i) {
        const FieldEncoder encoder = fieldEncoder(PQftype(description.get(), static_cast<int>(i)), types[i]);
        if (!encoder) {
            const QString name = QString::fromUtf8(columns[i]);
            return makeError(ErrorCode::Unsupported,
                             QStringLiteral("The column \"%1\" has a type that this program does not write.").arg(name), name);
        }
        encoders.push_back(encoder);
    }
    const QByteArray copy = "COPY " + loadTarget(table, columns) + " FROM STDIN (FORMAT binary)";
    A360_TRY_ASSIGN(const PgResult started, exchange.run(copy.constData()));
    if (PQresultStatus(started.get()) != PGRES_COPY_IN)
        return postgresError(connection.postgres(), started.get());
    return std::unique_ptr<BulkLoad>(new PostgresBulkLoad(connection, columns, std::move(encoders), std::move(cancel)));
}

} // namespace a360::db
