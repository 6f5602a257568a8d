// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "db/sql.h"

#include <memory>

struct sqlite3;
struct sqlite3_stmt;

namespace a360::db {

struct SqliteStatementDeleter
{
    void operator()(sqlite3_stmt *statement) const;
};
using SqliteStatement = std::unique_ptr<sqlite3_stmt, SqliteStatementDeleter>;

/// A native statement, for the bulk roads.
Result<SqliteStatement> prepareSqlite(sqlite3 *handle, const QByteArray &text);
/// Binds all values; they are copied.
Result<void> bindSqlite(sqlite3 *handle, sqlite3_stmt *statement, const std::vector<Value> &values);

} // namespace a360::db
