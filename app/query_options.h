// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command_line.h"
#include "contacts/query.h"

namespace a360::app {

/// "contacts" or "companies", as the first argument of export and count and as --entity.
Result<contacts::Entity> parseEntity(const QString &name);

/// --filter, --search (and with `ordered` --order): the options that export and count share.
void addQueryOptions(CommandLine &line, bool ordered);
/// Reads them. An unknown filter is Error{InvalidArgument} naming it and what may have been meant (decision 17).
Result<contacts::Query> parseQueryOptions(const CommandLine &line, contacts::Entity entity);

} // namespace a360::app
