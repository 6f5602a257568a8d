// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "parallel/bounded_queue.h"
#include "parallel/guarded_call.h"

#include <QFuture>
#include <QThreadPool>
#include <QtConcurrentRun>

#include <algorithm>
#include <functional>

namespace a360::parallel {

/// processStream() for roads whose two ends live in different threads: one thread pushes items, `transform` works on them in
/// threads of the pipe's own, another thread pops what they became, in the order of the items. At most two items more than
/// there are threads are under way or waiting to be popped; push() holds the faster end back.
template <typename In, typename Out>
class OrderedPipe
{
public:
    /// What `transform` throws comes out of pop() as Error{Internal}.
    OrderedPipe(int threads, std::function<Out(In)> transform)
        : m_transform(std::move(transform)), m_made(static_cast<size_t>(std::max(1, threads)) + 1)
    {
        m_threads.setMaxThreadCount(std::max(1, threads));
    }
    /// Waits for the items that are being worked on.
    ~OrderedPipe() { abort(); }
    OrderedPipe(const OrderedPipe &) = delete;
    OrderedPipe &operator=(const OrderedPipe &) = delete;

    /// Waits for room. False after close() or abort(): the item is lost and its producer should stop.
    bool push(In item)
    {
        return m_made.push(QtConcurrent::run(&m_threads, [this, in = std::move(item)]() mutable -> Result<Out> {
            return callGuarded(m_transform, CancelToken(), std::move(in));
        }));
    }
    /// No more items will come; those under way can still be popped.
    void close() { m_made.close(); }
    /// Ends both sides at once and drops what nobody has popped.
    void abort() { m_made.abort(); }

    /// Waits for the oldest item. nullopt when the pipe is closed and empty, or aborted.
    std::optional<Result<Out>> pop()
    {
        std::optional<QFuture<Result<Out>>> next = m_made.pop();
        if (!next)
            return std::nullopt;
        return next->takeResult();
    }

private:
    std::function<Out(In)> m_transform;
    BoundedQueue<QFuture<Result<Out>>> m_made; // in the order of push()
    QThreadPool m_threads;                     // last: waits for its threads, which use the rest, before the rest goes
};

} // namespace a360::parallel
