// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/service_record_source.h"

#include "contacts/page_bytes.h"
#include "core/bytes.h"
#include "service.h"

#include <QRandomGenerator>

namespace a360::ui {

namespace {

/// All that the bytes of a page depend on.
cache::CacheArguments argumentsOf(const contacts::Query &query, const std::vector<contacts::OutputColumn> &columns,
                                  const contacts::PageRequest &request, quint64 generation)
{
    const auto nameOf = [](const contacts::PhysicalColumn *column) {
        return column ? QStringLiteral("%1.%2").arg(static_cast<int>(column->table)).arg(QString::fromLatin1(bytesOf(column->name)))
                      : QString();
    };
    QStringList names;
    for (const contacts::OutputColumn &column : columns)
        names << nameOf(column.source) + u'|' + nameOf(column.fallback);
    cache::CacheArguments arguments;
    arguments.args.append(QStringLiteral("window"));
    QVariantMap &kwargs = arguments.kwargs;
    kwargs[QStringLiteral("filters")] = QString::fromLatin1(query.canonical());
    kwargs[QStringLiteral("columns")] = names;
    kwargs[QStringLiteral("generation")] = generation;
    kwargs[QStringLiteral("limit")] = request.limit;
    kwargs[QStringLiteral("offset")] = request.place.skip;
    if (request.place.after)
        kwargs[QStringLiteral("cursor")] = QString::fromLatin1(contacts::encodeCursor(query, *request.place.after));
    return arguments;
}

} // namespace

void ServiceRecordSource::forgetPages()
{
    m_generation = QRandomGenerator::global()->generate64(); // no other window that shares a cache has this one
}

Result<contacts::Page> ServiceRecordSource::page(const contacts::Query &query,
                                                 const std::vector<contacts::OutputColumn> &columns,
                                                 const contacts::PageRequest &request, const CancelToken &cancel)
{
    const auto listed = [&](db::Lease &lease, const CancelToken &token) {
        return m_service->repository().list(lease, query, columns, request, token);
    };
    // As in REST: what is kept under the primary's epochs must not come from a replica that may be behind them.
    if (!m_service->cache().isEnabled() || request.limit > ListCache::mostRows) {
        const auto direct = [&](db::Lease &lease, bool) { return listed(lease, cancel); };
        return m_service->reads().read(db::Lane::Interactive, cancel, direct, "window list");
    }
    const auto fetched = [&](const CancelToken &token) -> Result<contacts::Page> {
        A360_TRY_ASSIGN(db::Lease lease, m_service->pool().lease(db::Lane::Interactive, token, "window list"));
        return listed(lease, token);
    };
    const cache::Load load = [&fetched](const CancelToken &token) -> Result<std::optional<QByteArray>> {
        A360_TRY_ASSIGN(const contacts::Page page, fetched(token));
        return std::optional(contacts::encodePage(page));
    };
    A360_TRY_ASSIGN(const cache::CachedValue value,
                    m_service->lists().page(query.entity, argumentsOf(query, columns, request, m_generation), request.limit, load, false, cancel));
    std::optional<contacts::Page> page = contacts::decodePage(value.bytes, columns);
    return page ? Result<contacts::Page>(*std::move(page)) : fetched(cancel);
}

Result<contacts::Count> ServiceRecordSource::count(const contacts::Query &query, contacts::CountMode mode,
                                                   const CancelToken &cancel)
{
    const auto counted = [&](db::Lease &lease, bool) { return m_service->repository().count(lease, query, mode, cancel); };
    return m_service->reads().read(db::Lane::Interactive, cancel, counted, "window count");
}

Result<db::RowBatch> ServiceRecordSource::detail(contacts::Entity entity, const QByteArray &uuid,
                                                 const std::vector<contacts::OutputColumn> &columns,
                                                 const CancelToken &cancel)
{
    A360_TRY_ASSIGN(db::Lease lease, m_service->pool().lease(db::Lane::Interactive, cancel, "window detail"));
    return m_service->repository().detail(lease, entity, uuid, columns, cancel);
}

QByteArray ServiceRecordSource::dataMark(contacts::Entity entity, const CancelToken &cancel)
{
    const Result<db::TableEpochs> epochs = m_service->epochs().current(cancel);
    if (!epochs.ok())
        return {};
    // A contact is shown with its company.
    return epochs->word(entity == contacts::Entity::Contact ? db::DataTables::Both : db::DataTables::Companies);
}

} // namespace a360::ui
