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
    Registration registration;
    if (!m_state)
        return registration;
    std::unique_lock lock(m_state->mutex);
    if (m_state->cancelled.load(std::memory_order_acquire)) {
        lock.unlock();
        callback();
        return registration;
    }
    registration.m_id = m_state->nextId++;
    registration.m_state = m_state;
    m_state->callbacks.emplace(registration.m_id, std::move(callback));
    return registration;
}

CancelToken::Registration::Registration(Registration &&other) noexcept
    : m_state(std::move(other.m_state)), m_id(std::exchange(other.m_id, 0))
{
}

CancelToken::Registration &CancelToken::Registration::operator=(Registration &&other) noexcept
{
    if (this != &other) {
        release();
        m_state = std::move(other.m_state);
        m_id = std::exchange(other.m_id, 0);
    }
    return *this;
}

CancelToken::Registration::~Registration()
{
    release();
}

void CancelToken::Registration::release()
{
    if (!m_state)
        return;
    auto state = std::static_pointer_cast<State>(m_state);
    std::lock_guard lock(state->mutex);
    state->callbacks.erase(m_id);
    m_state.reset();
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
