// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/bulk_load.h"

#include "db/pooled_connection.h"
#include "db/sqlite_values.h"
#include "db/text_list_json.h"
#include "db/timestamp_text.h"

#include <sqlite3.h>

namespace a360::db {

namespace {

constexpr const char *savepoint = "SAVEPOINT a360_bulk_load";
constexpr const char *releaseSavepoint = "RELEASE a360_bulk_load";
constexpr const char *undoSavepoint = "ROLLBACK TO a360_bulk_load; RELEASE a360_bulk_load";

/// A prepared INSERT. It runs in the caller's transaction (in one of its own when there is none), inside a savepoint,
/// so that an aborted load leaves nothing behind and the transaction stays usable, as with COPY's own statement.
class SqliteBulkLoad final : public BulkLoad
{
public:
    SqliteBulkLoad(PooledConnection &connection, SqliteStatement statement, std::vector<QByteArray> columns,
                   std::vector<ColumnType> types, CancelToken cancel)
        : m_connection(connection), m_statement(std::move(statement)), m_columns(std::move(columns)),
          m_types(std::move(types)), m_cancel(std::move(cancel))
    {
        m_connection.streamOpen = true;
    }
    ~SqliteBulkLoad() override
    {
        if (!m_ended)
            abort();
        m_connection.streamOpen = false;
    }

    Result<void> append(const RowBatch &batch) override;
    Result<qint64> finish() override;

private:
    Result<void> insertRow(const RowBatch &batch, qsizetype row);
    int bindCell(int column, Cell cell);
    void abort();

    PooledConnection &m_connection;
    SqliteStatement m_statement;
    std::vector<QByteArray> m_columns;
    std::vector<ColumnType> m_types;
    CancelToken m_cancel;
    std::vector<std::string> m_texts = std::vector<std::string>(m_types.size()); // list and time texts while bound
    qint64 m_rows = 0;
    bool m_ended = false;
};

Result<void> SqliteBulkLoad::append(const RowBatch &batch)
{
    if (m_ended)
        return makeError(ErrorCode::Internal, QStringLiteral("The bulk load has ended."));
    if (batch.types() != m_types)
        return makeError(ErrorCode::Internal, QStringLiteral("The batch has other columns than the load."));
    const SqliteInterruptScope armed(m_connection.interrupt(), m_cancel, {});
    for (qsizetype row = 0; row < batch.rowCount(); ++row) {
        Result<void> inserted = row % 64 == 0 ? m_cancel.check() : Result<void>();
        if (inserted.ok())
            inserted = insertRow(batch, row);
        if (!inserted.ok()) {
            abort();
            return inserted;
        }
    }
    return {};
}

Result<void> SqliteBulkLoad::insertRow(const RowBatch &batch, qsizetype row)
{
    for (int column = 0; column < batch.columnCount(); ++column) {
        const int code = bindCell(column, batch.cell(row, column));
        if (code == SQLITE_RANGE) {
            const QString name = QString::fromUtf8(m_columns[static_cast<size_t>(column)]);
            return makeError(ErrorCode::InvalidArgument,
                             QStringLiteral("A time for the column \"%1\" lies outside the years 1 to 9999.").arg(name), name);
        }
        if (code != SQLITE_OK)
            return sqliteError(m_connection.sqlite(), code);
    }
    const int stepped = sqlite3_step(m_statement.get());
    const int code = sqlite3_reset(m_statement.get());
    if (stepped != SQLITE_DONE && stepped != SQLITE_ROW)
        return sqliteError(m_connection.sqlite(), code == SQLITE_OK ? stepped : code, m_connection.interrupt().cause());
    ++m_rows;
    return {};
}

/// SQLITE_RANGE stands for a time that has no stored form. Bytes are bound without a copy: the batch outlives the step.
int SqliteBulkLoad::bindCell(int column, Cell cell)
{
    const int index = column + 1;
    sqlite3_stmt *statement = m_statement.get();
    if (cell.isNull())
        return sqlite3_bind_null(statement, index);
    std::string &text = m_texts[static_cast<size_t>(column)];
    switch (m_types[static_cast<size_t>(column)]) {
    case ColumnType::Integer: return sqlite3_bind_int64(statement, index, cell.integer());
    case ColumnType::Text:
        return sqlite3_bind_text(statement, index, cell.size > 0 ? cell.data : "", cell.size, SQLITE_STATIC);
    case ColumnType::Timestamp:
        text.resize(timestampTextSize);
        if (!writeTimestampText(cell.integer(), text.data()))
            return SQLITE_RANGE;
        break;
    case ColumnType::TextList:
        text.clear();
        appendTextListJson(text, cell);
        break;
    }
    return sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

Result<qint64> SqliteBulkLoad::finish()
{
    if (m_ended)
        return makeError(ErrorCode::Internal, QStringLiteral("The bulk load has ended."));
    if (m_cancel.isCancelled()) {
        abort();
        return cancelledError();
    }
    m_statement.reset();
    const int code = sqlite3_exec(m_connection.sqlite(), releaseSavepoint, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        Error error = sqliteError(m_connection.sqlite(), code);
        abort();
        return error;
    }
    m_ended = true;
    return m_rows;
}

void SqliteBulkLoad::abort()
{
    m_ended = true;
    m_statement.reset();
    m_connection.interrupt().disarm(); // the undoing itself must not be interrupted
    if (m_connection.inTransaction()) // some errors (disk full) have rolled everything back already
        sqlite3_exec(m_connection.sqlite(), undoSavepoint, nullptr, nullptr, nullptr);
}

} // namespace

Result<std::unique_ptr<BulkLoad>> openSqliteBulkLoad(PooledConnection &connection, const QByteArray &table,
                                                     const std::vector<QByteArray> &columns,
                                                     std::vector<ColumnType> types, CancelToken cancel)
{
    QByteArray marks;
    for (size_t i = 0; i < columns.size(); ++i)
        marks += i == 0 ? "?" : ",?";
    const QByteArray insert = "INSERT INTO " + loadTarget(table, columns) + " VALUES (" + marks + ')';
    A360_TRY_ASSIGN(SqliteStatement statement, prepareSqlite(connection.sqlite(), insert));
    const int code = sqlite3_exec(connection.sqlite(), savepoint, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return sqliteError(connection.sqlite(), code);
    return std::unique_ptr<BulkLoad>(
        new SqliteBulkLoad(connection, std::move(statement), columns, std::move(types), std::move(cancel)));
}

} // namespace a360::db
