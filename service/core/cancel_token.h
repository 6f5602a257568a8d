// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registration.h"
#include "core/result.h"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace a360 {

/// Read side of a cancellation. Cheap to copy, safe from any thread. A default-made token is never cancelled.
class CancelToken
{
public:
    CancelToken() = default;

    bool isCancelled() const;
    /// `Error{Cancelled}` when cancelled, success otherwise; for use with A360_TRY in loops.
    Result<void> check() const;

    /// Keeps a callback registered for its own lifetime. The callback runs once, in the cancelling thread (or at once,
    /// in the registering thread, when already cancelled); it must be short and must not destroy its registration.
    /// Destroying the registration waits for a callback that is running in another thread.
    using Registration = a360::Registration;
    Registration onCancel(std::function<void()> callback) const;

private:
    friend class CancelSource;
    struct State final : Registrar
    {
        void endRegistration(quint64 id) override;
        std::atomic<bool> cancelled = false;
        std::recursive_mutex mutex; // held while callbacks run, so that ~Registration can wait for them
        std::map<quint64, std::function<void()>> callbacks;
        quint64 nextId = 1;
    };
    explicit CancelToken(std::shared_ptr<State> state) : m_state(std::move(state)) {}
    std::shared_ptr<State> m_state;
};

/// Write side of a cancellation: whoever started the operation holds it. Safe from any thread; cancelling twice is fine.
class CancelSource
{
public:
    CancelSource() : m_state(std::make_shared<CancelToken::State>()) {}
    CancelToken token() const { return CancelToken(m_state); }
    void cancel();
    bool isCancelled() const { return m_state->cancelled.load(std::memory_order_acquire); }

private:
    std::shared_ptr<CancelToken::State> m_state;
};

} // namespace a360
