// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/lease.h"

namespace a360::db {

/// Lease::bulkLoad() for the connection's dialect.
Result<std::unique_ptr<BulkLoad>> openBulkLoad(PooledConnection &connection, const QByteArray &table,
                                               const std::vector<QByteArray> &columns, std::vector<ColumnType> types,
                                               CancelToken cancel);
Result<std::unique_ptr<BulkLoad>> openPostgresBulkLoad(PooledConnection &connection, const QByteArray &table,
                                                       const std::vector<QByteArray> &columns,
                                                       std::vector<ColumnType> types, CancelToken cancel);
Result<std::unique_ptr<BulkLoad>> openSqliteBulkLoad(PooledConnection &connection, const QByteArray &table,
                                                     const std::vector<QByteArray> &columns,
                                                     std::vector<ColumnType> types, CancelToken cancel);

/// `"name"`
QByteArray quotedName(QByteArray name);
/// The same; the parts of `schema.name` are quoted one by one.
QByteArray quotedIdentifier(const QByteArray &name);
/// `"table" ("a","b")`
QByteArray loadTarget(const QByteArray &table, const std::vector<QByteArray> &columns);

} // namespace a360::db
