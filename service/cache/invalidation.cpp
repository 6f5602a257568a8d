// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/invalidation.h"

#include "core/logging.h"

namespace a360::cache {

void InvalidationHandlers::add(const QByteArray &prefix, InvalidationHandler handler)
{
    const std::lock_guard lock(m_mutex);
    m_handlers[prefix].push_back(std::move(handler));
}

qint64 InvalidationHandlers::call(const InvalidationEvent &event) const
{
    std::vector<InvalidationHandler> called;
    {
        const std::lock_guard lock(m_mutex);
        if (const auto it = m_handlers.find(event.prefix); it != m_handlers.end())
            called = it->second;
    }
    qint64 failed = 0;
    for (const InvalidationHandler &handler : called) {
        const Result<void> result = handler(event);
        if (result.ok())
            continue;
        ++failed;
        qCWarning(lcCache).noquote() << "a handler for the invalidation of" << event.prefix << "failed:" << result.error().message;
    }
    return failed;
}

} // namespace a360::cache
