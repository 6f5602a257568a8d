// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/sqlite_statement.h"

#include "db/driver_thread.h"
#include "db/pooled_connection.h"
#include "db/text_list_json.h"
#include "db/timestamp_text.h"

#include <QSqlError>
#include <QSqlQuery>
#include <QSqlRecord>

#include <sqlite3.h>

#include <charconv>

namespace a360::db {

namespace {

QVariant boundValue(const Value &value)
{
    if (const auto *number = std::get_if<qint64>(&value))
        return QVariant::fromValue<qlonglong>(*number);
    if (const auto *text = std::get_if<QByteArray>(&value))
        return QString::fromUtf8(text->isNull() ? QByteArray("") : *text);
    if (const auto *list = std::get_if<TextList>(&value))
        return QString::fromStdString(textListJson(*list));
    return QVariant();
}

Error failure(PooledConnection &connection, const QSqlQuery &query)
{
    int code = sqlite3_extended_errcode(connection.sqlite());
    bool isNumber = false;
    const int told = query.lastError().nativeErrorCode().toInt(&isNumber);
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE)
        code = isNumber && told != SQLITE_OK ? told : SQLITE_ERROR;
    return sqliteError(connection.sqlite(), code, connection.interrupt().cause());
}

/// Prepares, binds and starts. The caller holds the driver claim and has armed the interrupt.
Result<void> start(PooledConnection &connection, QSqlQuery &query, const Sql &statement)
{
    query.setForwardOnly(true);
    if (!query.prepare(QString::fromUtf8(statement.text())))
        return failure(connection, query);
    for (const Value &value : statement.values())
        query.addBindValue(boundValue(value));
    if (!query.exec())
        return failure(connection, query);
    return {};
}

bool appendVariant(RowBatch &batch, ColumnType type, const QVariant &value)
{
    if (value.isNull()) {
        batch.appendNull();
        return true;
    }
    switch (value.typeId()) {
    case QMetaType::LongLong:
    case QMetaType::Int: return appendStoredInteger(batch, type, value.toLongLong());
    case QMetaType::Double: return appendStoredReal(batch, type, value.toDouble());
    default: break;
    }
    const QByteArray text = value.typeId() == QMetaType::QByteArray ? value.toByteArray() : value.toString().toUtf8();
    return appendStoredText(batch, type, {text.constData(), static_cast<size_t>(text.size())});
}

} // namespace

bool appendStoredText(RowBatch &batch, ColumnType type, std::string_view stored)
{
    switch (type) {
    case ColumnType::Text: batch.appendText(stored); return true;
    case ColumnType::Integer: {
        qint64 number = 0;
        const auto end = std::from_chars(stored.data(), stored.data() + stored.size(), number);
        if (end.ec != std::errc() || end.ptr != stored.data() + stored.size())
            return false;
        batch.appendInteger(number);
        return true;
    }
    case ColumnType::Timestamp: {
        const std::optional<qint64> micros = parseTimestampText(stored);
        if (!micros)
            return false;
        batch.appendTimestamp(*micros);
        return true;
    }
    case ColumnType::TextList: {
        thread_local std::string bytes;
        bytes.clear();
        textListBytesFromJson(stored, bytes);
        batch.appendListBytes(bytes);
        return true;
    }
    }
    return false;
}

bool appendStoredInteger(RowBatch &batch, ColumnType type, qint64 stored)
{
    if (type == ColumnType::Integer) {
        batch.appendInteger(stored);
        return true;
    }
    return type != ColumnType::Timestamp && appendStoredText(batch, type, std::to_string(stored));
}

bool appendStoredReal(RowBatch &batch, ColumnType type, double stored)
{
    if (type == ColumnType::Integer) {
        constexpr double exact = 9007199254740992.0; // 2^53
        if (!(stored >= -exact && stored <= exact) || stored != static_cast<double>(static_cast<qint64>(stored)))
            return false;
        batch.appendInteger(static_cast<qint64>(stored));
        return true;
    }
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, stored);
    return type != ColumnType::Timestamp &&
           appendStoredText(batch, type, {text, static_cast<size_t>(end.ptr - text)});
}

Error unreadableCellError(int column, ColumnType type)
{
    const QString what = type == ColumnType::Timestamp ? QStringLiteral("time") : QStringLiteral("number");
    return makeError(ErrorCode::Database,
                     QStringLiteral("The database holds a value in result column %1 that is no %2.").arg(column + 1).arg(what));
}

Result<RowBatch> sqliteQuery(PooledConnection &connection, const Sql &statement, std::vector<ColumnType> types,
                             const QueryOptions &options)
{
    A360_TRY(options.cancel.check());
    const DriverClaim claim(connection.database());
    const SqliteInterruptScope armed(connection.interrupt(), options.cancel, options.timeout);
    QSqlQuery query(connection.database());
    A360_TRY(start(connection, query, statement));
    const int columns = query.record().count();
    if (columns != static_cast<int>(types.size()))
        return makeError(ErrorCode::Internal, QStringLiteral("The statement gives %1 columns, %2 were expected.")
                                                  .arg(columns)
                                                  .arg(types.size()));
    RowBatch batch(std::move(types));
    while (query.next()) {
        for (int column = 0; column < columns; ++column) {
            const ColumnType type = batch.types()[static_cast<size_t>(column)];
            if (!appendVariant(batch, type, query.value(column)))
                return unreadableCellError(column, type);
        }
    }
    // The end of the loop may be an error in mid-way, which QSqlQuery::next() does not tell from the end of the rows.
    if (query.lastError().isValid())
        return failure(connection, query);
    return batch;
}

Result<qint64> sqliteExecute(PooledConnection &connection, const Sql &statement, const QueryOptions &options)
{
    A360_TRY(options.cancel.check());
    const DriverClaim claim(connection.database());
    const SqliteInterruptScope armed(connection.interrupt(), options.cancel, options.timeout);
    QSqlQuery query(connection.database());
    const qint64 before = sqlite3_total_changes64(connection.sqlite());
    A360_TRY(start(connection, query, statement));
    qint64 rows = 0;
    while (query.next())
        ++rows; // RETURNING, or a SELECT run for its effect
    if (query.lastError().isValid())
        return failure(connection, query);
    if (rows > 0)
        return rows;
    // sqlite3_changes() keeps the number of an earlier statement when this one changed nothing.
    return sqlite3_total_changes64(connection.sqlite()) == before ? 0 : sqlite3_changes64(connection.sqlite());
}

Result<void> sqliteScript(PooledConnection &connection, QByteArrayView script, const QueryOptions &options)
{
    A360_TRY(options.cancel.check());
    const SqliteInterruptScope armed(connection.interrupt(), options.cancel, options.timeout);
    const int code = sqlite3_exec(connection.sqlite(), script.toByteArray().constData(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return sqliteError(connection.sqlite(), code, connection.interrupt().cause());
    return {};
}

Result<void> sqliteBegin(PooledConnection &connection, TransactionMode mode, const CancelToken &cancel)
{
    if (mode == TransactionMode::ReadWrite && !connection.isReadOnly())
        return sqliteScript(connection, "BEGIN IMMEDIATE", {{}, cancel});
    // A deferred transaction sees the state of its first read; reading here makes begin() that moment.
    Result<void> begun = sqliteScript(connection, "BEGIN; SELECT count(*) FROM sqlite_master");
    if (!begun.ok() && connection.inTransaction())
        static_cast<void>(sqliteScript(connection, "ROLLBACK"));
    return begun;
}

} // namespace a360::db
