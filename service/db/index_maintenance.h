// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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

} // namespace a360::db
