// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/lease.h"

#include <QVariant>

namespace a360::db {

/// Statements on an SQLite connection through QSqlQuery (decision 23). Timeout and cancellation by SqliteInterrupt.
Result<RowBatch> sqliteQuery(PooledConnection &connection, const Sql &statement, std::vector<ColumnType> types,
                             const QueryOptions &options);
Result<qint64> sqliteExecute(PooledConnection &connection, const Sql &statement, const QueryOptions &options);
/// By the native handle, as QSqlQuery runs one statement at a time.
Result<void> sqliteScript(PooledConnection &connection, QByteArrayView script, const QueryOptions &options = {});
Result<void> sqliteBegin(PooledConnection &connection, TransactionMode mode, const CancelToken &cancel);

/// Appends a stored text as a cell of `type`. False: it is no value of that type.
bool appendStoredText(RowBatch &batch, ColumnType type, std::string_view stored);
bool appendStoredInteger(RowBatch &batch, ColumnType type, qint64 stored);
bool appendStoredReal(RowBatch &batch, ColumnType type, double stored);
Error unreadableCellError(int column, ColumnType type);

} // namespace a360::db
