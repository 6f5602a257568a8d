// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/sql.h"

#include <QString>

#include <vector>

namespace a360::db {

/// One numbered script of resources/migrations. Its head may hold a line `-- requires: own schema, trigram`: it then
/// waits (unapplied, unrecorded) until the database meets that.
struct MigrationScript
{
    QString name; ///< "0003_indexes"
    QByteArray text;
    bool needsOwnSchema = false;
    bool needsTrigram = false;
};

/// The scripts for a dialect in the order of their numbers.
std::vector<MigrationScript> migrationScripts(Dialect dialect);

} // namespace a360::db
