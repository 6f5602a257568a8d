// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/lease.h"

namespace a360::db {

/// Lease::stream() for the connection's dialect.
Result<std::unique_ptr<RowStream>> openRowStream(PooledConnection &connection, const Sql &select,
                                                 std::vector<ColumnType> types, CancelToken cancel);
Result<std::unique_ptr<RowStream>> openPostgresRowStream(PooledConnection &connection, const Sql &select,
                                                         std::vector<ColumnType> types, CancelToken cancel);
Result<std::unique_ptr<RowStream>> openSqliteRowStream(PooledConnection &connection, const Sql &select,
                                                       std::vector<ColumnType> types, CancelToken cancel);

} // namespace a360::db
