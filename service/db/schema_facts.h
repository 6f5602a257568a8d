// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "db/lease.h"

#include <QStringList>

#include <set>

namespace a360::db {

/// What a database is like, as far as migrations need to know. Reads only, but for makeTrigramAvailable().

Result<bool> tableExists(Lease &lease, const QByteArray &table);
/// Which of the four data tables are there.
Result<QStringList> existingDataTables(Lease &lease);
/// "contacts.title", … of the data tables the search path leads to.
Result<std::set<QByteArray>> existingDataColumns(Lease &lease);
/// Names in a360_schema_migrations; empty when there is no such table.
Result<QStringList> appliedMigrations(Lease &lease);
/// The data tables were made by our migrations (a360_meta: own_schema).
Result<bool> isOwnSchema(Lease &lease);

/// PostgreSQL: pg_trgm is installed here. SQLite: FTS5 with trigrams is compiled in.
Result<bool> isTrigramAvailable(Lease &lease);
/// Inside a transaction. Tries CREATE EXTENSION in a savepoint; when it may not, adds a note and gives false.
Result<bool> makeTrigramAvailable(Lease &lease, QStringList &notes);
/// Adds a note when lower() of the database knows ASCII only.
Result<void> noteWeakCollation(Lease &lease, QStringList &notes);

} // namespace a360::db
