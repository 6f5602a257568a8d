// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/row_stream.h"

#include "db/pooled_connection.h"
#include "db/postgres_parameters.h"
#include "db/postgres_statement.h"

#include <libpq-fe.h>

namespace a360::db {

namespace {

constexpr std::string_view signature("PGCOPY\n\377\r\n\0", 11);
constexpr qint32 oidFlag = 1 << 16;

/// Reads `COPY … TO STDOUT (FORMAT binary)`: a header, then per row a 16-bit field count and the fields, each with a
/// 32-bit length; the count -1 is the end. The server sends a row per message, but nothing promises it.
class PostgresRowStream final : public RowStream
{
public:
    PostgresRowStream(PooledConnection &connection, std::vector<ColumnType> types, std::vector<FieldDecoder> decoders,
                      CancelToken cancel)
        : m_connection(connection), m_types(std::move(types)), m_decoders(std::move(decoders)), m_cancel(std::move(cancel)),
          m_exchange(connection.postgres(), m_cancel)
    {
        m_connection.streamOpen = true;
    }

    ~PostgresRowStream() override
    {
        if (!m_ended)
            stop();
        m_connection.streamOpen = false;
    }

    Result<bool> next(RowBatch &batch, size_t byteBudget, qsizetype rowBudget) override;

private:
    Result<void> fetch();
    Result<void> parse(RowBatch &batch, size_t byteBudget, qsizetype rowBudget);
    bool parseHeader();
    enum class Row { Complete, Incomplete, End, Bad };
    Row parseRow(RowBatch &batch);
    Result<void> finish();
    void stop();
    Error broken(const QString &what);

    PooledConnection &m_connection;
    std::vector<ColumnType> m_types;
    std::vector<FieldDecoder> m_decoders;
    CancelToken m_cancel;
    PostgresExchange m_exchange;
    std::string m_data;      // received and not yet parsed from m_at on
    size_t m_at = 0;
    bool m_headerRead = false;
    bool m_trailerRead = false;
    bool m_copyDone = false; // the server has no more data
    bool m_ended = false;    // the statement is over; the connection is ready again
    int m_badColumn = -1;
};

Result<bool> PostgresRowStream::next(RowBatch &batch, size_t byteBudget, qsizetype rowBudget)
{
    if (batch.types() != m_types)
        batch = RowBatch(m_types);
    batch.clear();
    while (!m_ended) {
        A360_TRY(parse(batch, byteBudget, rowBudget));
        const bool full = batch.byteCount() >= byteBudget || batch.rowCount() >= rowBudget;
        if (m_copyDone && (m_trailerRead || !full)) {
            A360_TRY(finish());
            break;
        }
        if (full)
            break;
        A360_TRY(fetch());
    }
    return batch.rowCount() > 0;
}

/// Waits for the next message and takes in all that have arrived, up to a block.
Result<void> PostgresRowStream::fetch()
{
    PGconn *pg = m_connection.postgres();
    if (m_cancel.isCancelled()) {
        stop();
        return cancelledError();
    }
    m_data.erase(0, m_at);
    m_at = 0;
    constexpr size_t block = 128 * 1024;
    while (m_data.size() < block) {
        char *message = nullptr;
        const int size = PQgetCopyData(pg, &message, 1);
        if (size > 0) {
            m_data.append(message, static_cast<size_t>(size));
            PQfreemem(message);
            continue;
        }
        if (size == -1) {
            m_copyDone = true;
            return {};
        }
        if (size < -1) {
            const Error error = postgresError(pg, nullptr, m_exchange.interruption());
            stop();
            return error;
        }
        if (!m_data.empty())
            return {};
        if (!m_exchange.waitForSocket(false)) {
            stop();
            return cancelledError();
        }
        if (!PQconsumeInput(pg)) {
            const Error error = postgresError(pg, nullptr);
            m_connection.markBroken(error.message);
            m_ended = true;
            return error;
        }
    }
    return {};
}

bool PostgresRowStream::parseHeader()
{
    constexpr size_t fixed = signature.size() + 8;
    const std::string_view data = std::string_view(m_data).substr(m_at);
    if (data.size() < fixed)
        return true; // not there yet
    const qint32 flags = readInt32(data.data() + signature.size());
    const qint32 extension = readInt32(data.data() + signature.size() + 4);
    if (!data.starts_with(signature) || (flags & oidFlag) || extension < 0)
        return false;
    if (data.size() >= fixed + static_cast<size_t>(extension)) {
        m_at += fixed + static_cast<size_t>(extension);
        m_headerRead = true;
    }
    return true;
}

PostgresRowStream::Row PostgresRowStream::parseRow(RowBatch &batch)
{
    const char *at = m_data.data() + m_at;
    const char *const end = m_data.data() + m_data.size();
    if (end - at < 2)
        return Row::Incomplete;
    const qint16 fields = readInt16(at);
    if (fields == -1)
        return Row::End;
    if (fields != static_cast<qint16>(m_decoders.size()))
        return Row::Bad;
    at += 2;
    for (qint16 field = 0; field < fields; ++field) {
        if (end - at < 4) {
            batch.dropPartialRow();
            return Row::Incomplete;
        }
        const qint32 size = readInt32(at);
        at += 4;
        if (size < 0) {
            batch.appendNull();
            continue;
        }
        if (end - at < size) {
            batch.dropPartialRow();
            return Row::Incomplete;
        }
        if (!m_decoders[static_cast<size_t>(field)](batch, at, size)) {
            m_badColumn = field;
            return Row::Bad;
        }
        at += size;
    }
    m_at = static_cast<size_t>(at - m_data.data());
    return Row::Complete;
}

Result<void> PostgresRowStream::parse(RowBatch &batch, size_t byteBudget, qsizetype rowBudget)
{
    if (!m_headerRead && !parseHeader())
        return broken(QStringLiteral("the header of the copy is not one"));
    while (m_headerRead && !m_trailerRead && batch.byteCount() < byteBudget && batch.rowCount() < rowBudget) {
        switch (parseRow(batch)) {
        case Row::Complete: break;
        case Row::Incomplete: return {};
        case Row::End:
            m_at += 2;
            m_trailerRead = true;
            break;
        case Row::Bad:
            stop();
            if (m_badColumn >= 0)
                return undecodableError(m_badColumn);
            return broken(QStringLiteral("a row has another number of columns"));
        }
    }
    return {};
}

/// The data has ended; the statement's result tells whether it ended well.
Result<void> PostgresRowStream::finish()
{
    Result<PgResult> result = m_exchange.nextResult();
    if (!result.ok()) {
        stop();
        return std::move(result).error();
    }
    Error error;
    const bool failed = !result.value() || PQresultStatus(result.value().get()) != PGRES_COMMAND_OK;
    if (failed)
        error = postgresError(m_connection.postgres(), result.value().get(), m_exchange.interruption());
    m_exchange.drain();
    m_ended = true;
    if (PQstatus(m_connection.postgres()) != CONNECTION_OK)
        m_connection.markBroken(QStringLiteral("the link was lost while rows were read"));
    if (failed)
        return error;
    if (!m_trailerRead)
        return broken(QStringLiteral("the rows ended without their end mark"));
    return {};
}

/// Ends the statement on the server and reads what is still under way, so that the lease stays usable.
void PostgresRowStream::stop()
{
    if (m_ended)
        return;
    m_ended = true;
    if (!m_copyDone)
        m_exchange.sendCancel();
    m_exchange.drain();
    if (PQstatus(m_connection.postgres()) != CONNECTION_OK)
        m_connection.markBroken(QStringLiteral("the link was lost while rows were read"));
}

Error PostgresRowStream::broken(const QString &what)
{
    stop();
    m_connection.markBroken(what);
    return makeError(ErrorCode::Unavailable, QStringLiteral("The database sent rows that cannot be read."), {}, what);
}

QByteArray quotedLiteral(PGconn *connection, const QByteArray &text)
{
    const std::unique_ptr<char, decltype(&PQfreemem)> literal(
        PQescapeLiteral(connection, text.constData(), static_cast<size_t>(text.size())), &PQfreemem);
    return literal ? QByteArray(literal.get()) : QByteArray();
}

/// COPY takes no parameters: the values stand in the text, quoted by libpq for this connection.
Result<QByteArray> inlined(PGconn *connection, const Sql &select)
{
    QByteArray text = select.pieces().front();
    for (size_t i = 0; i < select.values().size(); ++i) {
        const Value &value = select.values()[i];
        if (const auto *number = std::get_if<qint64>(&value)) {
            text += '\'' + QByteArray::number(*number) + "'::bigint"; // quoted: a minus sign cannot join other signs
        } else if (std::holds_alternative<std::monostate>(value)) {
            text += "NULL";
        } else {
            const auto *list = std::get_if<TextList>(&value);
            const QByteArray plain = list ? QByteArray::fromStdString(arrayLiteral(*list)) : std::get<QByteArray>(value);
            const QByteArray literal = plain.contains('\0') ? QByteArray() : quotedLiteral(connection, plain);
            if (literal.isEmpty())
                return makeError(ErrorCode::InvalidArgument,
                                 QStringLiteral("A text is no valid UTF-8, or contains a NUL character."));
            text += literal + (list ? "::text[]" : "::text");
        }
        text += select.pieces()[i + 1];
    }
    return text;
}

} // namespace

Result<std::unique_ptr<RowStream>> openPostgresRowStream(PooledConnection &connection, const Sql &select,
                                                         std::vector<ColumnType> types, CancelToken cancel)
{
    // A binary copy does not say which types its columns have; an empty run of the same select does.
    Sql empty(Dialect::PostgreSql, "SELECT * FROM (");
    empty.append(select).raw(") AS columns_only LIMIT 0");
    const PostgresExchange exchange(connection.postgres(), cancel);
    A360_TRY_ASSIGN(const PgResult description, exchange.run(empty));
    A360_TRY_ASSIGN(std::vector<FieldDecoder> decoders, decodersFor(description.get(), types));

    A360_TRY_ASSIGN(const QByteArray text, inlined(connection.postgres(), select));
    const QByteArray copy = "COPY (" + text + ") TO STDOUT (FORMAT binary)";
    A360_TRY_ASSIGN(const PgResult started, exchange.run(copy.constData()));
    if (PQresultStatus(started.get()) != PGRES_COPY_OUT)
        return postgresError(connection.postgres(), started.get());
    return std::unique_ptr<RowStream>(
        new PostgresRowStream(connection, std::move(types), std::move(decoders), std::move(cancel)));
}

} // namespace a360::db
