// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "http_message.h"

namespace a360::rest {

/// The one place where failures become HTTP: status, `detail` for people, stable `code`, `field` at fault. What is not
/// the client's business (hosts, statements, internal errors) is logged and answered in plain words.
Answer answerFor(const Error &error, const QByteArray &requestId);

/// A parameter that breaks the request's schema (limit, offset, format, max_results): 422 (decision 17).
Error schemaError(const QString &detail, const QString &field);

/// 401 with WWW-Authenticate; `presented`: there was a token, but not a good one.
Answer unauthorized(bool presented);

} // namespace a360::rest
