// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "db/lease.h"

#include <QStringList>

namespace a360::db {

/// What migrate() found and did.
struct MigrationReport
{
    bool adopted = false;        ///< the four data tables (or some of them) were there before us; they were not altered
    QStringList applied;         ///< names of the migrations that ran now
    bool trigramAvailable = true; ///< pg_trgm usable (PostgreSQL) / FTS5 trigram usable (SQLite)
    QStringList notes;           ///< for people: what is missing and what it means (no pg_trgm: substring search scans)
};

/// What to do with the indexes that a load has left out (db/index_claim.h).
enum class LeftIndexes {
    Rebuild, ///< may take minutes
    Leave,   ///< somebody else does it
};

/// Brings the database to the current schema: numbered scripts, each in its own transaction, under a lock that keeps
/// other processes out. Never alters or drops a data table that somebody else made (decision 19). Without the right to
/// create: Error{PermissionDenied} naming the missing grant.
Result<MigrationReport> migrate(Lease &lease, const CancelToken &cancel = {},
                                LeftIndexes left = LeftIndexes::Rebuild);

/// Read-only look, never writes: has migrate() been run here to its end?
Result<bool> isMigrated(Lease &lease);

} // namespace a360::db
