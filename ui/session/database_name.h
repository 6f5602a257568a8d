// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/database_url.h"

namespace a360::ui {

/// What people call a database: "contacts.db", or "crm on db.example". Empty when there is none.
QString databaseName(const db::DatabaseUrl &url);

/// Whether two addresses lead to the same data; login and options do not matter.
bool isSameDatabase(const db::DatabaseUrl &a, const db::DatabaseUrl &b);

} // namespace a360::ui
