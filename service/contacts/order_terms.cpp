// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/order_terms.h"

#include <algorithm>

namespace a360::contacts {

namespace {

using db::Sql;
using db::Value;

bool isNull(const Value &value)
{
    return std::holds_alternative<std::monostate>(value);
}

Sql constant(const SqlTerms &terms, const OrderTerm &term, const Value &value)
{
    if (term.type == db::ColumnType::Timestamp)
        return terms.time(std::get<qint64>(value));
    return terms.empty().bind(value);
}

Sql equal(const SqlTerms &terms, const OrderTerm &term, const Value &value)
{
    if (isNull(value))
        return terms.text(term.expression + " IS NULL");
    return terms.text(term.expression + " = ").append(constant(terms, term, value));
}

/// The key alone lies behind the value. Empty: nothing can.
Sql keyBehind(const SqlTerms &terms, const OrderTerm &term, const Value &value)
{
    if (isNull(value))
        return terms.empty();
    Sql sql = terms.text(term.expression + (term.descending ? " < " : " > ")).append(constant(terms, term, value));
    if (!term.nullable)
        return sql;
    return terms.text("(").append(sql).raw(" OR " + term.expression + " IS NULL)");
}

/// (a, b) < (x, y): the form that an index on both serves as one range.
Sql rowBehind(const SqlTerms &terms, const std::vector<OrderTerm> &order, const std::vector<Value> &values)
{
    Sql left = terms.text("("), right = terms.text("(");
    for (size_t i = 0; i < order.size(); ++i) {
        left.raw(i == 0 ? "" : ", ").raw(order[i].expression);
        right.raw(i == 0 ? "" : ", ").append(constant(terms, order[i], values[i]));
    }
    return left.raw(order.front().descending ? ") < " : ") > ").append(right).raw(")");
}

} // namespace

Result<std::vector<OrderTerm>> orderTerms(const SqlTerms &terms, const std::vector<OrderKey> &order, TableSet &outer)
{
    std::vector<OrderTerm> found;
    for (const OrderKey &key : order) {
        if (key.column == nullptr) {
            found.push_back({terms.id(), db::ColumnType::Integer, key.descending, false});
            continue;
        }
        bool any = false;
        for (const PhysicalColumn *column : {key.column, key.fallback}) {
            if (!terms.has(column))
                continue;
            any = true;
            if (column->table != terms.mainTable())
                outer.insert(column->table);
        }
        if (!any)
            return makeError(ErrorCode::InvalidArgument,
                             QStringLiteral("Cannot order by %1: this database has no such column.")
                                 .arg(QString::fromLatin1(key.name)),
                             QStringLiteral("ordering"));
        const QByteArray reading = terms.reading(key.column, key.fallback);
        const bool list = key.column->type == db::ColumnType::TextList;
        const bool ownUuid = key.column->name == "uuid" && key.column->table == terms.mainTable();
        found.push_back({list ? terms.listText(reading) : reading, list ? db::ColumnType::Text : key.column->type,
                         key.descending, !ownUuid || terms.mayHoldPlaceholder(*key.column)});
    }
    return found;
}

QByteArray orderBy(const std::vector<OrderTerm> &order, bool leadingIsNotNull)
{
    QByteArray out;
    for (size_t i = 0; i < order.size(); ++i) {
        const OrderTerm &term = order[i];
        out += (i == 0 ? "" : ", ") + term.expression + (term.descending ? " DESC" : "");
        if (term.nullable && !(i == 0 && leadingIsNotNull))
            out += " NULLS LAST";
    }
    return out;
}

Sql behind(const SqlTerms &terms, const std::vector<OrderTerm> &order, const std::vector<Value> &values)
{
    const bool plain = std::none_of(order.begin(), order.end(), [&](const OrderTerm &term) {
        return term.nullable || term.descending != order.front().descending;
    });
    if (plain)
        return rowBehind(terms, order, values);
    std::vector<Sql> alternatives;
    for (size_t i = 0; i < order.size(); ++i) {
        const Sql last = keyBehind(terms, order[i], values[i]);
        if (last.isEmpty())
            continue;
        std::vector<Sql> all;
        for (size_t before = 0; before < i; ++before)
            all.push_back(equal(terms, order[before], values[before]));
        all.push_back(last);
        alternatives.push_back(joined(all, "AND", terms.schema().dialect));
    }
    return joined(alternatives, "OR", terms.schema().dialect);
}

Result<void> checkKeyset(const std::vector<OrderTerm> &order, const Keyset &keyset)
{
    const Error wrong = makeError(ErrorCode::InvalidArgument, QStringLiteral("Invalid cursor value"),
                                  QStringLiteral("cursor"));
    if (keyset.values.size() != order.size())
        return wrong;
    for (size_t i = 0; i < order.size(); ++i) {
        const Value &value = keyset.values[i];
        const bool fits = isNull(value) ? order[i].nullable
                          : order[i].type == db::ColumnType::Text ? std::holds_alternative<QByteArray>(value)
                                                                  : std::holds_alternative<qint64>(value);
        if (!fits)
            return wrong;
    }
    return {};
}

} // namespace a360::contacts
