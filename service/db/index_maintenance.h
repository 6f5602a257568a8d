// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/progress.h"
#include "core/result.h"
#include "db/lease.h"

namespace a360::db {

/// Something that a load can do without and that can be made again from its definition: a secondary index, or on SQLite
/// the triggers that keep a search table up to date.
struct IndexDefinition
{
    QByteArray name;
    QByteArray table;
    QByteArray definition; ///< the statements that make it again
};

/// The secondary indexes of some tables: none that belongs to a constraint or is unique, as a load relies on those. On
/// SQLite also the search tables that triggers keep (by the name of the search table).
Result<std::vector<IndexDefinition>> listSecondaryIndexes(Lease &lease, const std::vector<QByteArray> &tables);

/// Takes the secondary indexes of some tables down around a load (decision 22). The definitions go to
/// a360_deferred_indexes in the same transaction, so that a crash loses none. False, and nothing changed: the tables are
/// in use and the locks were not to be had within 2 s; load in place. Not inside a transaction. Whether it is wise
/// (empty tables, --rebuild-indexes, own schema) is the caller's decision.
Result<bool> dropForLoad(Lease &lease, const std::vector<QByteArray> &tables);

/// Makes everything that dropForLoad() took down, each piece in its own transaction, and gives how many. Cancelling ends
/// the running piece; what is missing then stays listed for the next start. `progress` counts indexes.
Result<qint64> rebuildDeferred(Lease &lease, ProgressCounter &progress, CancelToken cancel = {});

/// At start: the same for what a crash has left out; passes over the indexes of a load that is still running.
Result<qint64> rebuildLeftBehind(Lease &lease, const CancelToken &cancel = {});

} // namespace a360::db
