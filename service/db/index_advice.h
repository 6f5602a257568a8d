// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "db/lease.h"

#include <QStringList>

namespace a360::db {

enum class IndexState {
    Present,    ///< there, under the recommended name
    Equivalent, ///< another index does its work
    Missing,
    Impossible, ///< the database lacks the table or a column
};

/// One index that the own schema has (decision 21) and what this database has of it.
struct IndexAdvice
{
    QByteArray name, table;
    IndexState state = IndexState::Missing;
    QByteArray servedBy;    ///< Equivalent: the other index
    QString note;           ///< Impossible: what is lacking. Missing: an unfinished index of the name stands in the way
    QByteArray definition;  ///< "contacts USING gin (title gin_trgm_ops)"
    bool needsTrigram = false;
    bool needsListText = false; ///< PostgreSQL: the function a360_list_text(text[])
};

/// How the indexes of a database compare with the recommended ones, in the order of the migrations. PostgreSQL: the
/// whole set. SQLite: the b-tree indexes; the search tables need triggers, which an adopted file does not get. Reads the
/// catalogue only; anyone may look.
Result<std::vector<IndexAdvice>> adviseIndexes(Lease &lease);

qsizetype missingIndexCount(const std::vector<IndexAdvice> &advice);

/// Why this role cannot add the missing indexes, naming who can; empty when it can. Looks only.
Result<QString> indexObstacle(Lease &lease, const std::vector<IndexAdvice> &advice);

} // namespace a360::db
