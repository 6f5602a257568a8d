// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api_context.h"

namespace a360::rest {

/// GET /api/v1/{contacts,companies}/stream/: every row of a query as JSON lines or CSV, at the speed of the database or
/// of the client, whichever is slower.
class StreamController
{
public:
    StreamController(const ApiContext &context, contacts::Entity entity) : m_context(context), m_entity(entity) {}

    std::optional<Answer> stream(const Call &call, const OpenStream &open) const;

private:
    struct Plan;
    Result<Plan> plan(const Call &call) const;

    const ApiContext &m_context;
    const contacts::Entity m_entity;
};

} // namespace a360::rest
