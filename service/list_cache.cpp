// SPDX-License-Identifier: GPL-3.0-or-later
#include "list_cache.h"

namespace a360 {

namespace {

db::DataTables tablesOf(contacts::Entity entity)
{
    return entity == contacts::Entity::Contact ? db::DataTables::Both : db::DataTables::Companies;
}

Result<cache::CachedValue> loaded(const cache::Load &load, const CancelToken &cancel)
{
    A360_TRY_ASSIGN(std::optional<QByteArray> bytes, load(cancel));
    return cache::CachedValue{std::move(bytes).value_or(QByteArray()), false, false};
}

} // namespace

QByteArray ListCache::prefix(contacts::Entity entity)
{
    return entity == contacts::Entity::Contact ? "contacts:list" : "companies:list";
}

Result<cache::CachedValue> ListCache::page(contacts::Entity entity, const cache::CacheArguments &arguments, qint64 rows,
                                           const cache::Load &load, bool reload, const CancelToken &cancel) const
{
    return page(entity, key(entity, arguments), rows, load, reload, cancel);
}

Result<cache::CachedValue> ListCache::page(contacts::Entity entity, const QByteArray &key, qint64 rows,
                                           const cache::Load &load, bool reload, const CancelToken &cancel) const
{
    if (!m_cache.isEnabled() || rows > mostRows)
        return loaded(load, cancel);
    const Result<db::TableEpochs> epochs = m_epochs.current(cancel);
    if (!epochs.ok() && db::isPoolExhausted(epochs.error()))
        return epochs.error(); // the load would wait for a connection as long again
    if (!epochs.ok())
        return loaded(load, cancel);
    cache::LoadOptions options;
    options.reload = reload;
    return m_cache.cacheAside(cache::keyAtEpochs(key, epochs->word(tablesOf(entity))), load, options, cancel);
}

void ListCache::announce(const db::EpochChange &change) const
{
    for (const contacts::Entity entity : {contacts::Entity::Contact, contacts::Entity::Company}) {
        if ((int(tablesOf(entity)) & int(change.tables)) == 0)
            continue;
        cache::InvalidationEvent event;
        event.prefix = prefix(entity);
        event.reason = change.here ? QStringLiteral("write") : QStringLiteral("write elsewhere");
        m_cache.announceInvalidation(std::move(event));
    }
}

} // namespace a360
