// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

struct sqlite3;

namespace a360::db {

/// Registers the aggregates of sql_expressions.h; SQLite itself orders inside an aggregate from 3.44 on only.
///  - a360_array_agg(value, flags, key): JSON array of the values as texts and nulls
///  - a360_json_agg(json, flags, key): JSON array of the JSON texts
/// flags: 1 each value once, 2 in the order of the keys, 4 descending. NULL keys come last; texts compare by bytes. A
/// group without rows gives NULL, as PostgreSQL does.
Result<void> registerSqliteAggregates(sqlite3 *handle);

} // namespace a360::db
