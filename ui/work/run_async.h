// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFutureWatcher>
#include <QThreadPool>
#include <QtConcurrentRun>

#include <type_traits>
#include <utility>

namespace a360::ui {

/// Runs `work` on a thread of `pool` and hands what it returns to `done` in the thread of `context`, which must be the
/// caller's. When `context` is gone by then, the result is dropped and `done` never runs. `work` owns what it touches: it
/// may outlive the caller.
template <typename Work, typename Done>
void runAsync(QThreadPool &pool, QObject *context, Work work, Done done)
{
    using T = std::invoke_result_t<Work>;
    auto *watcher = new QFutureWatcher<T>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context,
                     [watcher, finish = std::move(done)]() mutable {
                         watcher->deleteLater();
                         finish(watcher->future().takeResult());
                     });
    watcher->setFuture(QtConcurrent::run(&pool, std::move(work)));
}

} // namespace a360::ui
