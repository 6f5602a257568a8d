// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QtGlobal>

#include <atomic>
#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace a360::parallel {

/// What was done side by side: items under way, ended, failed, and the time they took. Lock-free; thread-safe.
class WorkMeter
{
public:
    struct Figures
    {
        qint64 running = 0;
        qint64 finished = 0; ///< failed ones among them
        qint64 failed = 0;   ///< gave an error, or threw
        std::chrono::nanoseconds busy{0}; ///< of what has ended, added up over the threads
    };
    /// Each figure is right by itself; together they may be of slightly different moments.
    Figures figures() const;

    /// One item, from its construction to its end; it has failed unless succeeded() was called.
    class Item
    {
    public:
        explicit Item(WorkMeter &meter);
        ~Item();
        Item(const Item &) = delete;
        Item &operator=(const Item &) = delete;
        void succeeded() { m_succeeded = true; }

    private:
        WorkMeter &m_meter;
        const std::chrono::steady_clock::time_point m_begun;
        bool m_succeeded = false;
    };

private:
    std::atomic<qint64> m_running = 0, m_finished = 0, m_failed = 0, m_busyNanoseconds = 0;
};

/// `f` for any of the parallel calls, with each of its calls counted. Takes the arguments that `f` takes, the CancelToken
/// included if it does.
template <typename F>
class Metered
{
public:
    Metered(std::shared_ptr<WorkMeter> meter, F f) : m_meter(std::move(meter)), m_f(std::move(f)) {}

    template <typename... Arguments>
        requires std::invocable<F &, Arguments...>
    std::invoke_result_t<F &, Arguments...> operator()(Arguments &&...arguments)
    {
        using Made = std::invoke_result_t<F &, Arguments...>;
        if (!m_meter)
            return std::invoke(m_f, std::forward<Arguments>(arguments)...);
        WorkMeter::Item item(*m_meter);
        if constexpr (std::is_void_v<Made>) {
            std::invoke(m_f, std::forward<Arguments>(arguments)...);
            item.succeeded();
        } else {
            Made made = std::invoke(m_f, std::forward<Arguments>(arguments)...);
            if constexpr (requires { made.error(); }) {
                if (made.ok())
                    item.succeeded();
            } else {
                item.succeeded();
            }
            return made;
        }
    }

private:
    std::shared_ptr<WorkMeter> m_meter; // may be null: nobody counts
    F m_f;
};

} // namespace a360::parallel
