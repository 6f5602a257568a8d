// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api_context.h"

namespace a360::rest {

/// Every route of the API. `context` must outlive the server that runs them.
Routes apiRoutes(const ApiContext &context);

} // namespace a360::rest
