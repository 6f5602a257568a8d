// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_options.h"
#include "route.h"

#include <optional>

namespace a360::rest {

/// TRUSTED_HOSTS: is the host of a Host field (port ignored, case-insensitive) in the list? "*.example.com" stands for
/// every sub-domain, an empty list or "*" for every host.
bool hostIsTrusted(const QStringList &trusted, QByteArrayView hostField);

/// Fields that let a browser page of an allowed origin read the answer; none when the request has no or no allowed Origin.
Headers corsHeaders(const QStringList &allowedOrigins, const HttpRequest &request);

/// Answer to OPTIONS: a CORS preflight (400 for an origin that is not allowed), or plainly the allowed methods.
Answer optionsAnswer(const HttpOptions &options, const Routes &routes, const HttpRequest &request);

} // namespace a360::rest
