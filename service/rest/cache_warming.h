// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api_context.h"
#include "cache/warming.h"

#include <thread>

namespace a360::rest {

/// Fills the cache when a server starts, in a thread of its own, so that starting never waits (contract §7.3):
/// `contacts:popular` and `companies:active` are the first default page of each list, under the key the list endpoint asks
/// for; `settings:app` is {project_name, version, environment, debug}. An unknown name is warned of and counts as failed.
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
    std::thread m_thread;
};

/// One after the other, in this thread.
cache::WarmReport warmCache(const ApiContext &context, const QStringList &names, const CancelToken &cancel);

/// `query_cache:settings:app:…`, what warming keeps there.
QByteArray appSettingsKey();

} // namespace a360::rest
