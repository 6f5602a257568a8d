// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/row_stream.h"

#include "db/pooled_connection.h"
#include "db/sqlite_statement.h"
#include "db/sqlite_values.h"

#include <sqlite3.h>

namespace a360::db {

namespace {

/// Steps a native statement: no QVariant or QString per cell.
class SqliteRowStream final : public RowStream
{
public:
    SqliteRowStream(PooledConnection &connection, SqliteStatement statement, std::vector<ColumnType> types,
                    CancelToken cancel)
        : m_connection(connection), m_statement(std::move(statement)), m_types(std::move(types)), m_cancel(std::move(cancel))
    {
        m_connection.streamOpen = true;
    }
    ~SqliteRowStream() override { m_connection.streamOpen = false; }

    Result<bool> next(RowBatch &batch, size_t byteBudget, qsizetype rowBudget) override;

private:
    bool appendCell(RowBatch &batch, int column);

    PooledConnection &m_connection;
    SqliteStatement m_statement;
    std::vector<ColumnType> m_types;
    CancelToken m_cancel;
};

Result<bool> SqliteRowStream::next(RowBatch &batch, size_t byteBudget, qsizetype rowBudget)
{
    if (batch.types() != m_types)
        batch = RowBatch(m_types);
    batch.clear();
    if (!m_statement)
        return false;
    const SqliteInterruptScope armed(m_connection.interrupt(), m_cancel, {});
    A360_TRY(m_cancel.check());
    while (batch.byteCount() < byteBudget && batch.rowCount() < rowBudget) {
        const int code = sqlite3_step(m_statement.get());
        if (code != SQLITE_ROW) {
            Result<bool> outcome = batch.rowCount() > 0;
            if (code != SQLITE_DONE)
                outcome = sqliteError(m_connection.sqlite(), code, m_connection.interrupt().cause());
            m_statement.reset();
            return outcome;
        }
        for (int column = 0; column < batch.columnCount(); ++column) {
            if (!appendCell(batch, column)) {
                m_statement.reset();
                return unreadableCellError(column, m_types[static_cast<size_t>(column)]);
            }
        }
    }
    return true;
}

bool SqliteRowStream::appendCell(RowBatch &batch, int column)
{
    const ColumnType type = m_types[static_cast<size_t>(column)];
    switch (sqlite3_column_type(m_statement.get(), column)) {
    case SQLITE_NULL: batch.appendNull(); return true;
    case SQLITE_INTEGER: return appendStoredInteger(batch, type, sqlite3_column_int64(m_statement.get(), column));
    case SQLITE_FLOAT: return appendStoredReal(batch, type, sqlite3_column_double(m_statement.get(), column));
    default: break;
    }
    const auto *text = static_cast<const char *>(sqlite3_column_blob(m_statement.get(), column));
    const auto size = static_cast<size_t>(sqlite3_column_bytes(m_statement.get(), column));
    return appendStoredText(batch, type, {text ? text : "", size});
}

} // namespace

Result<std::unique_ptr<RowStream>> openSqliteRowStream(PooledConnection &connection, const Sql &select,
                                                       std::vector<ColumnType> types, CancelToken cancel)
{
    A360_TRY_ASSIGN(SqliteStatement statement, prepareSqlite(connection.sqlite(), select.text()));
    const int columns = sqlite3_column_count(statement.get());
    if (columns != static_cast<int>(types.size()))
        return makeError(ErrorCode::Internal, QStringLiteral("The statement gives %1 columns, %2 were expected.")
                                                  .arg(columns)
                                                  .arg(types.size()));
    A360_TRY(bindSqlite(connection.sqlite(), statement.get(), select.values()));
    return std::unique_ptr<RowStream>(
        new SqliteRowStream(connection, std::move(statement), std::move(types), std::move(cancel)));
}

} // namespace a360::db
