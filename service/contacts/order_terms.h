// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/query.h"
#include "contacts/sql_compiler.h"
#include "contacts/sql_terms.h"

namespace a360::contacts {

/// One key of an order as SQL.
struct OrderTerm
{
    QByteArray expression;
    db::ColumnType type;  ///< of its value in a keyset: lists are ordered as their joined text
    bool descending;
    bool nullable;
};

/// The terms of a query's order, the primary key last. Error{InvalidArgument} for a column the database lacks. Tables
/// the keys need are added to `outer`.
Result<std::vector<OrderTerm>> orderTerms(const SqlTerms &terms, const std::vector<OrderKey> &order, TableSet &outer);

/// "c.title DESC NULLS LAST, c.id DESC" for the given expressions; `leadingIsNotNull` leaves the clause out at the first
/// key, so that an index serves it in both directions.
QByteArray orderBy(const std::vector<OrderTerm> &order, bool leadingIsNotNull);

/// Rows behind the place in the order, NULLs last whatever the direction. `values` has one value per term.
db::Sql behind(const SqlTerms &terms, const std::vector<OrderTerm> &order, const std::vector<db::Value> &values);

/// The values of a keyset, checked against the terms: count and types, and no NULL where there can be none.
Result<void> checkKeyset(const std::vector<OrderTerm> &order, const Keyset &keyset);

} // namespace a360::contacts
