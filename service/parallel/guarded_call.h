// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "core/thrown_error.h"

#include <functional>
#include <type_traits>

namespace a360::parallel {

template <typename T>
struct UnwrapResult
{
    using Type = T;
};
template <typename T>
struct UnwrapResult<Result<T>>
{
    using Type = T;
};

template <bool takesToken, typename F, typename... Args>
struct CallReturns
{
    using Type = std::invoke_result_t<F &, Args...>;
};
template <typename F, typename... Args>
struct CallReturns<true, F, Args...>
{
    using Type = std::invoke_result_t<F &, Args..., const CancelToken &>;
};

/// A function of a caller may take the call's CancelToken as its last argument, and may return T, Result<T> or nothing.
template <typename F, typename... Args>
struct CallShape
{
    static constexpr bool takesToken = std::is_invocable_v<F &, Args..., const CancelToken &>;
    using Raw = std::remove_cvref_t<typename CallReturns<takesToken, F, Args...>::Type>;
    using Value = typename UnwrapResult<Raw>::Type; ///< T, or void
};

template <typename F, typename... Args>
using CallValue = typename CallShape<F, Args...>::Value;

/// Calls `f`; what it throws becomes Error{Internal}.
template <typename F, typename... Args>
Result<CallValue<F, Args...>> callGuarded(F &f, const CancelToken &cancel, Args &&...args)
{
    using Shape = CallShape<F, Args...>;
    const auto call = [&]() -> decltype(auto) {
        if constexpr (Shape::takesToken)
            return std::invoke(f, std::forward<Args>(args)..., cancel);
        else
            return std::invoke(f, std::forward<Args>(args)...);
    };
    try {
        if constexpr (std::is_void_v<typename Shape::Raw>) {
            call();
            return {};
        } else {
            return call();
        }
    } catch (...) {
        return errorFromException(QStringLiteral("A parallel function"));
    }
}

} // namespace a360::parallel
