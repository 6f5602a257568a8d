// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "db/sql.h"

#include <chrono>

namespace a360::db {

enum class StatementKind { Query, Execute, Script, Stream, BulkLoad };
const char *statementKindName(StatementKind kind); ///< "query", "execute", "script", "stream", "bulk_load"

/// One statement that has run. What it points to lives during the call only.
struct StatementRun
{
    StatementKind kind = StatementKind::Query;
    const Sql &statement; ///< of a script its text, of a bulk load the table and columns, both without values
    /// Time spent in the database's calls: of a stream or bulk load without what its owner does between them.
    std::chrono::nanoseconds duration{0};
    qint64 rows = 0;                ///< returned, touched or loaded
    const Error *error = nullptr;   ///< null when it succeeded
};

/// Hears of every statement on the leases of a pool (PoolSettings::statements): queries, executes, scripts, streams and
/// bulk loads, each when it has ended; not of begin, commit and rollback. Called in the thread that ran the statement,
/// so it must be quick, thread-safe, and must not use the lease.
class StatementObserver
{
public:
    virtual ~StatementObserver() = default;
    virtual void statementDone(const StatementRun &run) = 0;
};

} // namespace a360::db
