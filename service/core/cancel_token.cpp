// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cancel_token.h"

namespace a360 {

bool CancelToken::isCancelled() const
{
    return m_state && m_state->cancelled.load(std::memory_order_acquire);
}

Result<void> CancelToken::check() const
{
    if (isCancelled())
        return makeError(ErrorCode::Cancelled, QStringLiteral("Cancelled."));
    return {};
}

CancelToken::Registration CancelToken::onCancel(std::function<void()> callback) const
{
    if (!m_state)
        return {};
    std::unique_lock lock(m_state->mutex);
    if (m_state->cancelled.load(std::memory_order_acquire)) {
        lock.unlock();
        callback();
        return {};
    }
    const quint64 id = m_state->nextId++;
    m_state->callbacks.emplace(id, std::move(callback));
    return {m_state, id};
}

void CancelToken::State::endRegistration(quint64 id)
{
    std::lock_guard lock(mutex);
    callbacks.erase(id);
}

void CancelSource::cancel()
{
    std::lock_guard lock(m_state->mutex);
    if (m_state->cancelled.exchange(true, std::memory_order_acq_rel))
        return;
    for (auto &[id, callback] : m_state->callbacks)
        callback();
    m_state->callbacks.clear();
}

} // namespace a360
