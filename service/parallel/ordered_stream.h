// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "parallel/guarded_call.h"

#include <QFuture>
#include <QThreadPool>
#include <QtConcurrentRun>

#include <algorithm>
#include <deque>

namespace a360::parallel {

/// For items that come one after another and are too many to hold: `next` makes an item (Result<std::optional<In>>, nullopt:
/// no more) and `consume` takes what became of it (Result<void>), both in the calling thread and in order; between them
/// `transform` works on the threads of `pool`, at most one item more than it has threads at a time. Ends at the first error
/// or with Error{Cancelled}; nothing of it runs on after the return.
template <typename Next, typename Transform, typename Consume>
Result<void> processStream(QThreadPool &pool, Next next, Transform transform, Consume consume, const CancelToken &cancel = {})
{
    using In = typename UnwrapResult<std::invoke_result_t<Next &>>::Type::value_type;
    using Out = CallValue<Transform, In>;
    struct Running
    {
        std::deque<QFuture<Result<Out>>> futures; // in order
        ~Running()
        {
            for (auto &future : futures)
                future.waitForFinished(); // they use the caller's functions
        }
    } running;
    const auto consumeFront = [&]() -> Result<void> {
        Result<Out> made = running.futures.front().takeResult();
        running.futures.pop_front();
        A360_TRY(made);
        A360_TRY(consume(std::move(made).value()));
        return cancel.check();
    };
    const auto most = static_cast<size_t>(std::max(1, pool.maxThreadCount())) + 1;
    for (;;) {
        A360_TRY(cancel.check());
        A360_TRY_ASSIGN(std::optional<In> item, next());
        if (!item)
            break;
        running.futures.push_back(QtConcurrent::run(&pool, [&transform, &cancel, in = std::move(*item)]() mutable {
            return callGuarded(transform, cancel, std::move(in));
        }));
        while (running.futures.size() > most)
            A360_TRY(consumeFront());
    }
    while (!running.futures.empty())
        A360_TRY(consumeFront());
    return {};
}

} // namespace a360::parallel
