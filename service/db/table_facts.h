// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/lease.h"

namespace a360::db {

struct ColumnFacts
{
    QByteArray name;
    bool leadsIndex = false;   ///< a complete b-tree index begins with it
    bool trigramIndex = false; ///< an index serves parts of its text
};

/// What decides whether a table is quick to search.
struct TableFacts
{
    QByteArray name;
    qint64 rows = 0; ///< PostgreSQL: by the planner's statistics; SQLite: the highest rowid
    bool rowsKnown = true; ///< false where SQLite has no rowid to tell: a view, a table WITHOUT ROWID
    std::vector<ColumnFacts> columns;
};

/// Reads the database's catalogue. An unknown table has no rows and no columns.
Result<TableFacts> tableFacts(Lease &lease, const QByteArray &table);

} // namespace a360::db
