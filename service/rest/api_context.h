// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/token_store.h"
#include "api_options.h"
#include "api_parts.h"
#include "route.h"
#include "service.h"

namespace a360::rest {

/// What the controllers work with; owned by ApiServer, valid while it runs. The options never change.
struct ApiContext
{
    Service &service;
    access::TokenStore &tokens;
    ApiOptions options;
    ApiParts parts = {};
};

/// A handler that is only reached with a good bearer token.
using AuthorizedHandler = std::function<Answer(const Call &, const access::Identity &)>;

/// Who calls, or the answer that refuses him: 401 without or with a bad token, 503 when the tokens cannot be read.
std::variant<access::Identity, Answer> authenticate(const ApiContext &context, const Call &call);
/// Wraps a handler so that it runs for callers with a token only; any role may read.
Handler requireToken(const ApiContext &context, AuthorizedHandler handler);
/// The same for callers with one of the roles Admin and SuperAdmin; 403 for others.
Handler requireAdmin(const ApiContext &context, Handler handler);

Answer jsonAnswer(std::string body);

} // namespace a360::rest
