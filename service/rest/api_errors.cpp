// SPDX-License-Identifier: GPL-3.0-or-later
#include "api_errors.h"

#include "contacts/search_scan.h"
#include "core/logging.h"

namespace a360::rest {

namespace {

struct Mapping
{
    int status;
    const char *code;
    const char *text = nullptr; ///< instead of Error::message, which may tell of hosts, roles or statements
};

Mapping mappingOf(const Error &error)
{
    switch (error.code) {
    case ErrorCode::InvalidArgument: return {400, "invalid_parameter"};
    case ErrorCode::UnusableInput: return {422, "validation_error"};
    case ErrorCode::NotFound: return {404, "not_found"};
    case ErrorCode::PermissionDenied: return {403, "forbidden", "Forbidden"};
    case ErrorCode::LimitExceeded: return {422, "limit_exceeded"};
    case ErrorCode::Timeout:
        if (contacts::isSearchTimeout(error))
            return {503, "search_timeout"};
        return {503, "busy", "The service is busy. Try again later."};
    case ErrorCode::Cancelled: return {503, "cancelled"};
    case ErrorCode::Unavailable: return {503, "unavailable", "The database cannot be reached. Try again later."};
    case ErrorCode::Conflict: return {503, "conflict", "The database was busy with other changes. Try again."};
    case ErrorCode::Unsupported: return {501, "not_supported"};
    case ErrorCode::Io:
    case ErrorCode::Database:
    case ErrorCode::Internal: break;
    }
    return {500, "internal_error", "Internal server error"};
}

} // namespace

Answer answerFor(const Error &error, const QByteArray &requestId)
{
    const Mapping mapping = mappingOf(error);
    const bool searchTimeout = contacts::isSearchTimeout(error);
    if (searchTimeout) // its message holds a word of the client's search
        qCWarning(lcRest).noquote() << "request" << requestId << "failed: a search without index ran out of time";
    else if (mapping.status >= 500 && error.code != ErrorCode::Cancelled)
        qCWarning(lcRest).noquote() << "request" << requestId << "failed:" << error.message << error.detail;
    const bool own = mapping.text != nullptr;
    Answer answer = errorAnswer(mapping.status, own ? QByteArray(mapping.text) : error.message.toUtf8(), mapping.code,
                                own ? QByteArray() : error.field.toUtf8());
    // A search that scanned in vain would do so again.
    if (mapping.status == 503 && !searchTimeout)
        answer.headers.push_back({"Retry-After", "1"});
    return answer;
}

Error schemaError(const QString &detail, const QString &field)
{
    return makeError(ErrorCode::UnusableInput, detail, field);
}

Answer unauthorized(bool presented)
{
    Answer answer = presented ? errorAnswer(401, "Token is invalid or expired", "invalid_token")
                              : errorAnswer(401, "Not authenticated", "not_authenticated");
    answer.headers.push_back({"WWW-Authenticate", presented ? "Bearer error=\"invalid_token\"" : "Bearer"});
    return answer;
}

} // namespace a360::rest
