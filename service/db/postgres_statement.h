// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/lease.h"
#include "db/postgres_decode.h"
#include "db/postgres_exchange.h"

namespace a360::db {

/// Statements on a PostgreSQL connection: PQexecParams' protocol with binary results (decision 23). Timeouts go as SET
/// LOCAL, in a transaction made for the statement when there is none. On a read-only pool such a transaction is READ
/// ONLY, so that the server itself refuses writes.
Result<RowBatch> postgresQuery(PooledConnection &connection, const Sql &statement, std::vector<ColumnType> types,
                               const QueryOptions &options);
Result<qint64> postgresExecute(PooledConnection &connection, const Sql &statement, const QueryOptions &options);
Result<void> postgresScript(PooledConnection &connection, QByteArrayView script, const QueryOptions &options);
Result<void> postgresBegin(PooledConnection &connection, TransactionMode mode);
Result<void> postgresCommit(PooledConnection &connection);

/// One decoder per result column. Errors name the column that has no conversion to the wanted type.
Result<std::vector<FieldDecoder>> decodersFor(const PGresult *result, const std::vector<ColumnType> &types);
Error undecodableError(int column);

} // namespace a360::db
