// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <libpq-fe.h>

#include <memory>
#include <string_view>

struct sqlite3;

namespace a360::db {

/// Why a statement may have been interrupted; decides between Cancelled and Timeout.
struct Interruption
{
    bool cancelled = false;
};

/// The one place that maps SQLSTATEs and SQLite result codes to ErrorCode. The server's message and SQLSTATE go to
/// `detail`, without the values that some messages quote.
ErrorCode errorCodeOfSqlState(std::string_view sqlState, Interruption interruption = {});
Error errorOfSqlState(std::string_view sqlState, const QString &serverMessage, Interruption interruption = {});

struct PgResultDeleter
{
    void operator()(PGresult *result) const { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, PgResultDeleter>;

/// The error of a result (or of the connection, when the result is missing or the link is lost).
Error postgresError(PGconn *connection, const PGresult *result, Interruption interruption = {});

/// The error of the latest call on `handle`. `extendedCode` as given by the failing call.
Error sqliteError(sqlite3 *handle, int extendedCode, Interruption interruption = {});

Error cancelledError();
Error timeoutError(const QString &detail = {});

} // namespace a360::db
