// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/query.h"
#include "contacts/sql_terms.h"
#include "contacts/text_match.h"

namespace a360::contacts {

/// The WHERE of a query: one condition, and the tables it looks at beside the main one.
struct Predicate
{
    db::Sql condition;  ///< empty: every row
    TableSet inner;     ///< a row must have one in these
    TableSet outer;     ///< these may be missing (exclusions, alternatives)
};

/// Error{InvalidArgument} naming filter and column when the database lacks every column a filter looks at.
Result<Predicate> compileFilters(const SqlTerms &terms, const std::vector<Filter> &filters);

/// The condition of `search` (decision 16), in search_predicate.cpp; it brings its own tables.
db::Sql compileSearch(const SqlTerms &terms, const Filter &filter, RowList list);

} // namespace a360::contacts
