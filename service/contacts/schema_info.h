// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/field_catalogue.h"
#include "contacts/postgres_folding.h"
#include "db/lease.h"

#include <set>

namespace a360::contacts {

/// What the connected database really has (decision 20: adopted schemas vary). Read once per database, immutable.
struct SchemaInfo
{
    db::Dialect dialect = db::Dialect::Sqlite;
    bool ownSchema = false;       ///< made by our migrations: '_' never occurs, the search indexes are ours
    std::set<QByteArray> columns; ///< "contacts.title"
    bool hasTrigram = false;      ///< pg_trgm installed, or our FTS5 tables present
    bool hasSearchIndex = false;  ///< the per-table search text indexes of decision 16 are present
    std::set<QByteArray> trigramColumns; ///< PostgreSQL: "contacts.title" has an index that serves ILIKE
    ServerLower serverLower = ServerLower::Unicode; ///< PostgreSQL: what lower() knows in the database's collation
    QByteArray foldCollation;     ///< PostgreSQL: a collation (quoted) whose lower() knows Unicode, if that one does not
    qint64 approximateContacts = -1, approximateCompanies = -1; ///< planner statistics at probe time; -1 unknown

    bool has(const PhysicalColumn &column) const;
    /// Reads the catalogue; never writes. Error{NotFound} when there is no contacts or no companies table.
    static Result<SchemaInfo> probe(db::Lease &lease);
};

} // namespace a360::contacts
