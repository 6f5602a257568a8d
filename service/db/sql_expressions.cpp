// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/sql_expressions.h"

namespace a360::db {

namespace {

QByteArray quotedText(QByteArray text)
{
    return '\'' + text.replace('\'', "''") + '\'';
}

Sql call(const Expression &argument, QByteArrayView before, QByteArrayView after)
{
    return Sql(argument.sql.dialect(), before).append(argument.sql).raw(after);
}

/// As a member of JSON: what is JSON already, and lists, which SQLite stores as JSON, must not become texts in it.
Sql jsonValue(const Expression &value)
{
    if (value.sql.isPostgreSql()) {
        if (value.json)
            return call(value, "(", ")::json");
        if (value.type == ColumnType::Timestamp)
            return call(value, "to_char(", ", 'YYYY-MM-DD\"T\"HH24:MI:SS.US')");
        return value.sql;
    }
    return value.json || value.type == ColumnType::TextList ? call(value, "json(", ")") : value.sql;
}

Sql asText(const Expression &value)
{
    if (value.sql.isPostgreSql())
        return value.type == ColumnType::Timestamp ? jsonValue(value) : call(value, "(", ")::text");
    return value.sql;
}

/// PostgreSQL's ORDER BY inside an aggregate.
Sql orderClause(const Expression &key, bool descending)
{
    Sql sql(key.sql.dialect(), " ORDER BY ");
    sql.append(key.sql);
    if (key.type == ColumnType::Text || key.type == ColumnType::TextList)
        sql.raw(" COLLATE \"C\"");
    return sql.raw(descending ? " DESC NULLS LAST" : " ASC NULLS LAST");
}

/// SQLite's own aggregates of sqlite_aggregates.h: function(value, flags, key).
Sql collected(QByteArrayView function, const Sql &value, bool distinct, const std::optional<ArrayOrder> &order,
              const Sql &ownKey)
{
    const int flags = (distinct ? 1 : 0) | (order ? 2 : 0) | (order && order->descending ? 4 : 0);
    return Sql(value.dialect(), function)
        .raw("(")
        .append(value)
        .raw(", " + QByteArray::number(flags) + ", ")
        .append(order && order->by ? order->by->sql : ownKey)
        .raw(")");
}

Expression object(Dialect dialect, QByteArrayView function, const JsonMembers &members)
{
    Sql sql(dialect, function);
    sql.raw("(");
    bool first = true;
    for (const auto &[name, value] : members) {
        sql.raw(std::exchange(first, false) ? "" : ", ").raw(quotedText(name)).raw(", ").append(jsonValue(value));
    }
    return {sql.raw(")"), ColumnType::Text, true};
}

} // namespace

Expression expression(Dialect dialect, QByteArrayView trustedText, ColumnType type)
{
    return {Sql(dialect, trustedText), type, false};
}

Expression boundValue(Dialect dialect, Value value)
{
    const ColumnType type = std::holds_alternative<qint64>(value)     ? ColumnType::Integer
                            : std::holds_alternative<TextList>(value) ? ColumnType::TextList
                                                                      : ColumnType::Text;
    return {Sql(dialect).bind(std::move(value)), type, false};
}

Expression buildJsonObject(Dialect dialect, const JsonMembers &members)
{
    return object(dialect, dialect == Dialect::PostgreSql ? "json_build_object" : "json_object", members);
}

Expression buildJsonbObject(Dialect dialect, const JsonMembers &members)
{
    return object(dialect, dialect == Dialect::PostgreSql ? "jsonb_build_object" : "json_object", members);
}

Result<Expression> aggregateArray(const Expression &value, bool distinct, std::optional<ArrayOrder> order)
{
    if (distinct && order && order->by)
        return makeError(ErrorCode::InvalidArgument,
                         QStringLiteral("Distinct values can only be put in the order of the values themselves."),
                         QStringLiteral("order_by"));
    if (distinct && !order)
        order = ArrayOrder();
    const Expression text{asText(value), ColumnType::Text, false};
    if (!value.sql.isPostgreSql())
        return Expression{collected("a360_array_agg", text.sql, distinct, order, value.sql), ColumnType::TextList, false};
    // Distinct values are told apart, and then ordered, by the very expression that is collected.
    Sql sql(value.sql.dialect(), distinct ? "array_agg(DISTINCT " : "array_agg(");
    const bool byNumber = distinct && value.type == ColumnType::Integer;
    const Expression element = byNumber ? value : text;
    sql.append(element.sql);
    if (distinct && !byNumber)
        sql.raw(" COLLATE \"C\"");
    if (order)
        sql.append(orderClause(order->by ? *order->by : distinct ? element : value, order->descending));
    sql.raw(byNumber ? ")::text[]" : ")");
    return Expression{sql, ColumnType::TextList, false};
}

Expression jsonAgg(const Expression &value, std::optional<ArrayOrder> order)
{
    if (!value.sql.isPostgreSql()) {
        const Sql element = Sql(value.sql.dialect(), "json_quote(").append(jsonValue(value)).raw(")");
        return {collected("a360_json_agg", element, false, order, value.sql), ColumnType::Text, true};
    }
    Sql sql(value.sql.dialect(), "json_agg(");
    sql.append(jsonValue(value));
    if (order)
        sql.append(orderClause(order->by ? *order->by : value, order->descending));
    return {sql.raw(")"), ColumnType::Text, true};
}

Expression arrayToString(const Expression &list, const QByteArray &separator)
{
    const QByteArrayView function = list.sql.isPostgreSql() ? "array_to_string(" : "a360_array_text(";
    return {call(list, function, ", ").bind(separator).raw(")"), ColumnType::Text, false};
}

Expression stringToArray(const Expression &text, const QByteArray &separator)
{
    const QByteArrayView function = text.sql.isPostgreSql() ? "string_to_array(" : "a360_text_array(";
    return {call(text, function, ", ").bind(separator).raw(")"), ColumnType::TextList, false};
}

Expression emailDomain(const Expression &email)
{
    // The binary collation keeps lower() to ASCII, as SQLite's is.
    if (email.sql.isPostgreSql()) {
        return {call(email, "NULLIF(lower(substr(", "").raw(", nullif(position('@' in ").append(email.sql)
                    .raw("), 0) + 1) COLLATE \"C\"), '')"),
                ColumnType::Text, false};
    }
    return {call(email, "NULLIF(lower(substr(", "").raw(", nullif(instr(").append(email.sql).raw(", '@'), 0) + 1)), '')"),
            ColumnType::Text, false};
}

Sql selected(const Expression &value)
{
    if (value.json && value.sql.isPostgreSql())
        return call(value, "(", ")::text");
    return value.sql;
}

} // namespace a360::db
