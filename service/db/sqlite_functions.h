// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

struct sqlite3;

namespace a360::db {

/// Registers the aggregates of sqlite_aggregates.h and the deterministic functions that compiled queries use on SQLite. They are never part of the schema, so
/// that other programs can open the file. NULL in, NULL out.
///  - a360_fold(text): Unicode simple case folding (decision 14)
///  - a360_contains(text, foldedNeedle): 1 when the folded text contains the needle
///  - a360_array_contains(jsonText, foldedNeedle): 1 when any element of the list does
///  - a360_array_text(jsonText, separator): the elements joined; NULL elements are left out
///  - a360_text_array(text, separator): JSON array of the parts between the separators
///  - a360_domain(website): host name without scheme, user, `www.`, port and path, lower-case; NULL when nothing is left
///  - a360_sorted_words(text): the folded words in byte order, joined by one space
Result<void> registerSqliteFunctions(sqlite3 *handle);

} // namespace a360::db
