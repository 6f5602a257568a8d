// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/query.h"
#include "contacts/schema_info.h"

#include <optional>

namespace a360::contacts {

/// Why the search among `filters` reads every record instead of going by the search indexes (decision 16), and what
/// would help; one sentence without its first capital, for people. Nothing when it goes by them, or there is no search.
/// Cheap; looks at the schema alone.
std::optional<QString> searchScanReason(const SchemaInfo &schema, const std::vector<Filter> &filters);

/// What a search that scanned for too long ends with: Error{Timeout} of the field `search`, telling `reason`.
Error searchTimeout(const QString &reason);
/// True of such an error: the same search would take as long again.
bool isSearchTimeout(const Error &error);

} // namespace a360::contacts
