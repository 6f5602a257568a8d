// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api_context.h"
#include "cache/warming.h"

#include <QFuture>

#include <thread>

namespace a360::rest {

/// Fills the cache when a server starts, as the background task `warm_cache` (in a thread of its own when the service runs no
/// tasks), so that starting never waits (contract §7.3):
/// `contacts:popular` and `companies:active` are the first default page of each list, under the key the list endpoint asks
/// for; `settings:app` is {project_name, version, environment, debug}. An unknown name is warned of and counts as failed in
/// the report; the rest is warmed, and the task has completed.
class CacheWarming
{
public:
    /// The context must outlive it.
    CacheWarming(const ApiContext &context, const QStringList &names);
    ~CacheWarming(); ///< cancels and waits
    CacheWarming(const CacheWarming &) = delete;
    CacheWarming &operator=(const CacheWarming &) = delete;

private:
    CancelSource m_cancel;
    tasks::TaskRunner *m_runner = nullptr;
    QUuid m_task;
    QFuture<Result<void>> m_done;
    std::thread m_thread; // when there is no runner, or it takes nothing
};

/// One after the other, in this thread.
cache::WarmReport warmCache(const ApiContext &context, const QStringList &names, const CancelToken &cancel);

/// `query_cache:settings:app:…`, what warming keeps there.
QByteArray appSettingsKey();

} // namespace a360::rest
