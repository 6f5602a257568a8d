// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "db/lease.h"

namespace a360::transfer {

/// Every staging table's name begins with this.
inline constexpr char kStagingPrefix[] = "a360_import_";

/// PostgreSQL statement that notes on a staging table which server process works on it; to run in the transaction that
/// creates it.
QByteArray aliveMark(const QByteArray &table);

/// Drops staging tables (SQLite: files) whose import is not alive any more (decision 25).
Result<void> dropStaleStaging(db::Lease &lease);

/// SQLite: the database file behind a lease.
Result<QString> sqliteFileOf(db::Lease &lease);

} // namespace a360::transfer
