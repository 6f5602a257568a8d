// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"

#include <optional>
#include <type_traits>
#include <vector>

namespace a360::parallel {

/// As a call's last argument: what becomes of failed items.
struct FirstError {};    ///< Result<std::vector<V>>: the first error in input order; it cancelled the other items
struct CollectErrors {}; ///< std::vector<Result<V>>: every item ran; each has its own value or error
inline constexpr FirstError firstError{};
inline constexpr CollectErrors collectErrors{};

/// One place for each item's result; an item that never ran leaves its place empty.
template <typename V>
using ItemSlots = std::vector<std::optional<Result<V>>>;

template <typename V, typename Mode>
struct CallOutcome;

template <typename V>
struct CallOutcome<V, CollectErrors>
{
    using Type = std::vector<Result<V>>;
    static constexpr bool stopAtFirstError = false;

    static Type from(ItemSlots<V> &&results, const CancelToken &)
    {
        Type out;
        out.reserve(results.size());
        for (auto &slot : results) {
            if (slot)
                out.push_back(std::move(*slot));
            else
                out.push_back(makeError(ErrorCode::Cancelled, QStringLiteral("Cancelled.")));
        }
        return out;
    }
    static Type refused(qsizetype count, const Error &error) { return Type(static_cast<size_t>(count), Result<V>(error)); }
};

template <typename V>
struct CallOutcome<V, FirstError>
{
    using Values = std::vector<V>;
    using Type = Result<Values>;
    static constexpr bool stopAtFirstError = true;

    static Type from(ItemSlots<V> &&results, const CancelToken &cancel)
    {
        A360_TRY(check(results, cancel));
        Values values;
        values.reserve(results.size());
        for (auto &slot : results)
            values.push_back(std::move(*slot).value());
        return values;
    }
    static Type refused(qsizetype, const Error &error) { return error; }

    /// Items that were cancelled because another one failed are not what went wrong.
    template <typename T>
    static Result<void> check(const ItemSlots<T> &results, const CancelToken &cancel)
    {
        const Error *cancelled = nullptr;
        bool unfinished = false;
        for (const auto &slot : results) {
            unfinished |= !slot;
            if (!slot || slot->ok())
                continue;
            if (slot->error().code != ErrorCode::Cancelled)
                return slot->error();
            if (!cancelled)
                cancelled = &slot->error();
        }
        if (cancelled)
            return *cancelled;
        return unfinished ? cancel.check() : Result<void>();
    }
};

template <>
struct CallOutcome<void, FirstError>
{
    using Type = Result<void>;
    static constexpr bool stopAtFirstError = true;

    static Type from(ItemSlots<void> &&results, const CancelToken &cancel)
    {
        return CallOutcome<int, FirstError>::check(results, cancel);
    }
    static Type refused(qsizetype, const Error &error) { return error; }
};

template <typename V, typename Mode>
using Outcome = typename CallOutcome<V, Mode>::Type;

} // namespace a360::parallel
