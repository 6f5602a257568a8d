// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api_context.h"

namespace a360::rest {

/// GET /metrics, and for administrators GET /api/v1/admin/stats/{cache,pool,tasks,queries}.
class StatsController
{
public:
    explicit StatsController(const ApiContext &context) : m_context(context) {}

    /// Prometheus' text. Needs a token of any role; none for a caller on this machine when METRICS_PUBLIC is set and no
    /// proxy stands in between.
    Answer prometheus(const Call &call) const;
    Answer pool() const;
    Answer cache() const { return provided(m_context.parts.cache); }
    Answer tasks() const { return provided(m_context.parts.tasks); }
    Answer queries() const { return provided(m_context.parts.queries); }

private:
    static Answer provided(const StatsProvider &provider);
    const ApiContext &m_context;
};

} // namespace a360::rest
