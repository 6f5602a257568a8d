// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/database_error.h"

#include <sqlite3.h>

namespace a360::db {

namespace {

constexpr std::string_view kDiskFull = "53100";

QString messageFor(ErrorCode code, std::string_view sqlState)
{
    switch (code) {
    case ErrorCode::Unavailable:
        return QStringLiteral("The connection to the database was lost.");
    case ErrorCode::Conflict:
        return QStringLiteral("The database is busy with another change to the same data. Try again.");
    case ErrorCode::PermissionDenied:
        return QStringLiteral("The database does not permit this.");
    case ErrorCode::Timeout:
        return QStringLiteral("The database took too long to answer.");
    case ErrorCode::Cancelled:
        return QStringLiteral("Cancelled.");
    default:
        break;
    }
    if (sqlState == kDiskFull)
        return QStringLiteral("The database could not write: disk full.");
    if (sqlState.starts_with("23"))
        return QStringLiteral("The database refused a value that breaks one of its rules.");
    return QStringLiteral("The database refused a statement.");
}

/// Class 22 messages end in the offending value, as in `invalid input syntax for type bigint: "x"`.
QString withoutValues(std::string_view sqlState, const QString &message)
{
    if (!sqlState.starts_with("22"))
        return message;
    const qsizetype quote = message.indexOf(u": \"");
    if (quote >= 0)
        return message.left(quote);
    const qsizetype bare = message.indexOf(u'"');
    return bare >= 0 ? message.left(bare) + QStringLiteral("…") : message;
}

} // namespace

ErrorCode errorCodeOfSqlState(std::string_view sqlState, Interruption interruption)
{
    if (sqlState == "57014")
        return interruption.cancelled ? ErrorCode::Cancelled : ErrorCode::Timeout;
    if (sqlState.starts_with("08") || sqlState == "57P01" || sqlState == "57P02" || sqlState == "57P03" ||
        sqlState == "53300" || sqlState == "25P03" || sqlState == "57P05")
        return ErrorCode::Unavailable;
    if (sqlState == "40001" || sqlState == "40P01" || sqlState == "55P03")
        return ErrorCode::Conflict;
    if (sqlState == "42501" || sqlState == "25006" || sqlState.starts_with("28"))
        return ErrorCode::PermissionDenied;
    return ErrorCode::Database;
}

Error errorOfSqlState(std::string_view sqlState, const QString &serverMessage, Interruption interruption)
{
    const ErrorCode code = errorCodeOfSqlState(sqlState, interruption);
    QString detail = withoutValues(sqlState, serverMessage.trimmed());
    if (!sqlState.empty()) {
        const QString state = QString::fromLatin1(sqlState.data(), static_cast<qsizetype>(sqlState.size()));
        detail = QStringLiteral("SQLSTATE %1: %2").arg(state, detail);
    }
    QString message = messageFor(code, sqlState);
    if (sqlState == "42501") {
        // "permission denied for table contacts"
        message.chop(1);
        message += QStringLiteral(": %1. Its owner can grant the right.").arg(serverMessage.trimmed());
    }
    return makeError(code, message, {}, detail);
}

Error postgresError(PGconn *connection, const PGresult *result, Interruption interruption)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    if (state) {
        const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
        return errorOfSqlState(state, QString::fromUtf8(text ? text : ""), interruption);
    }
    // Without a SQLSTATE the message is libpq's own: the link broke, or the call was wrong.
    QString text = QString::fromUtf8(connection ? PQerrorMessage(connection) : "").trimmed();
    if (text.isEmpty() && result)
        text = QString::fromUtf8(PQresultErrorMessage(result)).trimmed();
    if (!connection || PQstatus(connection) != CONNECTION_OK)
        return makeError(ErrorCode::Unavailable, messageFor(ErrorCode::Unavailable, {}), {}, text);
    return makeError(ErrorCode::Database, messageFor(ErrorCode::Database, {}), {}, text);
}

Error sqliteError(sqlite3 *handle, int extendedCode, Interruption interruption)
{
    const QString detail = QStringLiteral("SQLite %1: %2")
                               .arg(extendedCode)
                               .arg(QString::fromUtf8(handle ? sqlite3_errmsg(handle) : sqlite3_errstr(extendedCode)));
    switch (extendedCode & 0xff) {
    case SQLITE_INTERRUPT:
        return interruption.cancelled ? cancelledError() : timeoutError(detail);
    case SQLITE_BUSY:
        if (interruption.cancelled)
            return cancelledError();
        [[fallthrough]];
    case SQLITE_LOCKED:
        return makeError(ErrorCode::Conflict, QStringLiteral("The database file is locked by another writer. Try again."),
                         {}, detail);
    case SQLITE_FULL:
        return makeError(ErrorCode::Database, messageFor(ErrorCode::Database, kDiskFull), {}, detail);
    case SQLITE_IOERR:
        return makeError(ErrorCode::Database, QStringLiteral("Reading or writing the database file failed."), {}, detail);
    case SQLITE_CANTOPEN:
        return makeError(ErrorCode::Database, QStringLiteral("The database file cannot be opened."), {}, detail);
    case SQLITE_NOTADB:
        return makeError(ErrorCode::UnusableInput, QStringLiteral("The file is not an SQLite database."), {}, detail);
    case SQLITE_CORRUPT:
        return makeError(ErrorCode::UnusableInput, QStringLiteral("The SQLite database file is damaged."), {}, detail);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return makeError(ErrorCode::PermissionDenied, QStringLiteral("The database file may only be read."), {}, detail);
    case SQLITE_CONSTRAINT:
        return makeError(ErrorCode::Database, messageFor(ErrorCode::Database, "23000"), {}, detail);
    default:
        return makeError(ErrorCode::Database, messageFor(ErrorCode::Database, {}), {}, detail);
    }
}

Error cancelledError()
{
    return makeError(ErrorCode::Cancelled, messageFor(ErrorCode::Cancelled, {}));
}

Error timeoutError(const QString &detail)
{
    return makeError(ErrorCode::Timeout, messageFor(ErrorCode::Timeout, {}), {}, detail);
}

} // namespace a360::db
