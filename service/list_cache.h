// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/query_cache.h"
#include "contacts/field_catalogue.h"
#include "db/epoch_watcher.h"

namespace a360 {

/// Pages of lists in the query cache, never older than the data: their keys carry the epochs of the tables a page is made
/// of, taken before the page is read (decision 26). A contact's page is made of companies too. Thread-safe.
class ListCache
{
public:
    /// Larger pages are not kept (contract §7.1).
    static constexpr qint64 mostRows = 1000;

    ListCache(cache::QueryCache &cache, db::EpochWatcher &epochs) : m_cache(cache), m_epochs(epochs) {}

    /// "contacts:list" or "companies:list".
    static QByteArray prefix(contacts::Entity entity);

    /// A page of at most `rows` rows. `arguments` name everything that its bytes depend on. `reload`: load even if there
    /// is one. Without caching, for a larger page, or when the epochs cannot be had, the load simply runs; but not when no
    /// connection was to be had within DATABASE_POOL_TIMEOUT, which nobody should wait for twice: Error{Timeout}.
    Result<cache::CachedValue> page(contacts::Entity entity, const cache::CacheArguments &arguments, qint64 rows,
                                    const cache::Load &load, bool reload, const CancelToken &cancel) const;
    /// The same for who has made the key before: key(entity, arguments).
    Result<cache::CachedValue> page(contacts::Entity entity, const QByteArray &key, qint64 rows, const cache::Load &load,
                                    bool reload, const CancelToken &cancel) const;
    static QByteArray key(contacts::Entity entity, const cache::CacheArguments &arguments)
    {
        return cache::makeKey(prefix(entity), arguments);
    }

    /// Tells the handlers of the lists that are made of what has changed (invalidate_with_event): reason "write" for a commit
    /// of this process, "write elsewhere" for others'.
    void announce(const db::EpochChange &change) const;

private:
    cache::QueryCache &m_cache;
    db::EpochWatcher &m_epochs;
};

} // namespace a360
