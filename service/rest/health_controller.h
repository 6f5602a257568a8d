// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api_context.h"

namespace a360::rest {

/// GET /health, /api/v1/health/, /api/v1/, /health/db (decision 31).
class HealthController
{
public:
    explicit HealthController(const ApiContext &context) : m_context(context) {}

    Answer health(const Call &call) const; ///< no database, no token
    Answer about(const Call &call) const;  ///< name, version, where the documentation is
    /// Status for everyone, statistics for callers with a good token. 503 when critical or the database does not answer.
    Answer database(const Call &call) const;

private:
    const ApiContext &m_context;
};

} // namespace a360::rest
