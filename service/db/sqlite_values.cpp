// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/sqlite_values.h"

#include "db/database_error.h"
#include "db/text_list_json.h"

#include <sqlite3.h>

namespace a360::db {

namespace {

int bindOne(sqlite3_stmt *statement, int index, const Value &value)
{
    if (const auto *number = std::get_if<qint64>(&value))
        return sqlite3_bind_int64(statement, index, *number);
    if (const auto *text = std::get_if<QByteArray>(&value))
        return sqlite3_bind_text64(statement, index, text->constData(), static_cast<sqlite3_uint64>(text->size()),
                                   SQLITE_TRANSIENT, SQLITE_UTF8);
    if (const auto *list = std::get_if<TextList>(&value)) {
        const std::string json = textListJson(*list);
        return sqlite3_bind_text64(statement, index, json.data(), json.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
    return sqlite3_bind_null(statement, index);
}

} // namespace

void SqliteStatementDeleter::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

Result<SqliteStatement> prepareSqlite(sqlite3 *handle, const QByteArray &text)
{
    sqlite3_stmt *raw = nullptr;
    const int code = sqlite3_prepare_v3(handle, text.constData(), static_cast<int>(text.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    SqliteStatement statement(raw);
    if (code != SQLITE_OK)
        return sqliteError(handle, code);
    if (!statement)
        return makeError(ErrorCode::Internal, QStringLiteral("The statement is empty."));
    return statement;
}

Result<void> bindSqlite(sqlite3 *handle, sqlite3_stmt *statement, const std::vector<Value> &values)
{
    for (size_t i = 0; i < values.size(); ++i) {
        const int code = bindOne(statement, static_cast<int>(i + 1), values[i]);
        if (code != SQLITE_OK)
            return sqliteError(handle, code);
    }
    return {};
}

} // namespace a360::db
