// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command_line.h"
#include "contacts/query.h"
#include "contacts/schema_info.h"

#include <optional>
#include <variant>

namespace a360::app {

/// "contacts" or "companies", as the first argument of export and count and as --entity.
Result<contacts::Entity> parseEntity(const QString &name);

/// --filter, --search and, for commands whose rows come in an order, --order: the options that export, count and analyze
/// share. `order` is what stands when none is given.
void addQueryOptions(CommandLine &line, std::optional<contacts::DefaultOrder> order);
/// Reads them. An unknown filter is Error{InvalidArgument} naming it and what may have been meant (decision 17).
Result<contacts::Query> parseQueryOptions(const CommandLine &line, contacts::Entity entity,
                                          contacts::DefaultOrder order = contacts::DefaultOrder::ById);

/// The query of a command whose first argument is the entity, or the exit code of a command that ends here: the usage was
/// wrong and the console said so, or it was asked for the names of filters or columns and they were printed.
std::variant<contacts::Query, int> readQuery(const CommandLine &line, Console &console,
                                             contacts::DefaultOrder order = contacts::DefaultOrder::ById);

/// Notes when the query's search cannot go by the search indexes, and what would help (decision 16).
void noteSearchScan(Console &console, const contacts::SchemaInfo &schema, const contacts::Query &query);

} // namespace a360::app
