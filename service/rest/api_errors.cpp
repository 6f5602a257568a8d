// SPDX-License-Identifier: GPL-3.0-or-later
#include "api_errors.h"

#include "core/logging.h"

namespace a360::rest {

namespace {

struct Mapping
{
    int status;
    const char *code;
    bool showMessage; ///< the client may read Error::message
};

Mapping mappingOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument: return {400, "invalid_parameter", true};
    case ErrorCode::UnusableInput: return {422, "validation_error", true};
    case ErrorCode::NotFound: return {404, "not_found", true};
    case ErrorCode::PermissionDenied: return {403, "forbidden", true};
    case ErrorCode::LimitExceeded: return {422, "limit_exceeded", true};
    case ErrorCode::Timeout: return {503, "busy", true};
    case ErrorCode::Cancelled: return {503, "cancelled", true};
    case ErrorCode::Unavailable: return {503, "unavailable", true};
    case ErrorCode::Conflict: return {503, "conflict", true};
    case ErrorCode::Unsupported: return {501, "not_supported", true};
    case ErrorCode::Io:
    case ErrorCode::Database:
    case ErrorCode::Internal: break;
    }
    return {500, "internal_error", false};
}

} // namespace

Answer answerFor(const Error &error, const QByteArray &requestId)
{
    const Mapping mapping = mappingOf(error.code);
    if (mapping.status >= 500 && error.code != ErrorCode::Cancelled)
        qCWarning(lcRest).noquote() << "request" << requestId << "failed:" << error.message << error.detail;
    Answer answer = errorAnswer(mapping.status,
                                mapping.showMessage ? error.message.toUtf8() : QByteArray("Internal server error"),
                                mapping.code, mapping.showMessage ? error.field.toUtf8() : QByteArray());
    if (mapping.status == 503)
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
