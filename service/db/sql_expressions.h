// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "db/sql.h"

#include <optional>
#include <utility>
#include <vector>

namespace a360::db {

/// A value inside a statement that the database computes: columns, and what is built of them with the functions below
/// (the guide's app.utils.db_aggregations). Both databases give the same results; JSON is equal as JSON, not in its
/// spaces.
struct Expression
{
    Sql sql;
    ColumnType type = ColumnType::Text;
    bool json = false; ///< of type Text, and its text is JSON
};

/// A column, or any other text of SQL that is not the user's.
Expression expression(Dialect dialect, QByteArrayView trustedText, ColumnType type = ColumnType::Text);
Expression boundValue(Dialect dialect, Value value);

using JsonMembers = std::vector<std::pair<QByteArray, Expression>>;
/// `{"id": 1, "name": "Ada"}`: numbers are numbers, lists arrays, times ISO 8601 with six digits, NULL null. Keys in the
/// order given (json), or in PostgreSQL's own order there (jsonb).
Expression buildJsonObject(Dialect dialect, const JsonMembers &members);
Expression buildJsonbObject(Dialect dialect, const JsonMembers &members);

struct ArrayOrder
{
    std::optional<Expression> by; ///< empty: the value itself
    bool descending = false;      ///< NULL comes last both ways; texts compare by their bytes
};
/// The values of a group in a list of texts, NULL among them. `distinct`: each once; without an order by their value, and
/// any other order than that is Error{InvalidArgument}, as databases refuse it.
Result<Expression> aggregateArray(const Expression &value, bool distinct = false, std::optional<ArrayOrder> order = {});
/// The values of a group as a JSON array.
Expression jsonAgg(const Expression &value, std::optional<ArrayOrder> order = {});
/// The elements of a list but for NULL, joined.
Expression arrayToString(const Expression &list, const QByteArray &separator);
/// The parts of a text between the separators: one at least, empty ones included; an empty text has none.
Expression stringToArray(const Expression &text, const QByteArray &separator);

/// What stands behind the first @ of an e-mail address, in lower case (ASCII); NULL when nothing does.
Expression emailDomain(const Expression &email);

/// As it stands in the list of a SELECT, with a type that leases read.
Sql selected(const Expression &expression);

} // namespace a360::db
