// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/progress.h"
#include "db/connection_pool.h"

#include <QStringList>

namespace a360::db {

/// What createMissingIndexes() did.
struct IndexCreation
{
    QStringList made;   ///< names
    QStringList failed; ///< "idx_contacts_title: …", one for each index that could not be made
    QStringList notes;  ///< for people: what was left out and why (no pg_trgm)
};

struct IndexCreationOptions
{
    /// PostgreSQL: longest wait for a lock of somebody else, or for a transaction that is older than the index.
    std::chrono::milliseconds lockTimeout{10'000};
};

/// Makes the indexes that adviseIndexes() calls missing, and nothing else: no table is altered, nothing of somebody else
/// is dropped (decisions 19 and 22). PostgreSQL: CREATE INDEX CONCURRENTLY, one statement each, on a connection of its
/// own; readers and writers go on. An index that fails (a text too long for it, a lock not to be had) is listed and the
/// rest is made. What a failed or cancelled statement leaves unfinished is dropped at once, or, when others still use the
/// table, by the next call.
///
/// Errors: PermissionDenied naming who could, before anything is done; Cancelled (the indexes made so far stay, the
/// message counts them); Unavailable. `progress`: rowsDone of rowsTotal count indexes. Blocks; cancels within a second.
Result<IndexCreation> createMissingIndexes(ConnectionPool &pool, ProgressCounter &progress, const CancelToken &cancel,
                                           const IndexCreationOptions &options = {});

} // namespace a360::db
