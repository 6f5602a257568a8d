// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/registry.h"

#include <functional>
#include <string>

namespace a360::rest {

/// Gives a JSON object as text; called from the server's threads, several at a time.
using StatsProvider = std::function<std::string()>;

/// What the API shows of other rooms. What is not given comes from the service, as far as that has it. What it refers to must
/// outlive the server's run.
struct ApiParts
{
    /// Everything GET /metrics shows; the server adds its own numbers. None, and none of the service: a registry of the
    /// server's own, with the numbers of pool, cache, memos and transfers.
    metrics::Registry *registry = nullptr;
    // GET /api/v1/admin/stats/{cache,tasks,queries}; without any: {"enabled":false}.
    StatsProvider cache; ///< contract §7.1, besides that `hits` and `misses` at the top
    StatsProvider tasks; ///< contract §9
    StatsProvider queries;
};

} // namespace a360::rest
