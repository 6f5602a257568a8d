// SPDX-License-Identifier: GPL-3.0-or-later
#include "list_request.h"

namespace a360::rest {

Result<ListRequest> ListRequest::parse(contacts::Entity entity, const contacts::Parameters &parameters, const PageLimits &limits,
                                       const QByteArray &company)
{
    ListRequest request;
    A360_TRY_ASSIGN(request.paging, PageParameters::parse(parameters, limits));
    request.fields = FieldFilter::parse(parameters);
    A360_TRY_ASSIGN(request.parsed,
                    contacts::parseQuery(entity, withoutOwnParameters(parameters), contacts::DefaultOrder::NewestFirst));
    request.filtered = !request.parsed.query.filters.empty();
    if (!company.isEmpty()) // before the cursor is read, which belongs to this company
        request.parsed.query.filters.push_back(contacts::filterByCompany(company));
    if (request.paging.cursor.isEmpty()) {
        request.place.skip = request.paging.offset;
    } else {
        A360_TRY_ASSIGN(request.place, contacts::decodeCursor(request.parsed.query, request.paging.cursor));
    }
    return request;
}

cache::CacheArguments ListRequest::cacheArguments(const PageLimits &limits) const
{
    cache::CacheArguments arguments;
    QVariantMap &kwargs = arguments.kwargs;
    // The canonical text is the same for every way of writing a query; bytes, so as not to lose any.
    kwargs[QStringLiteral("filters")] = QString::fromLatin1(parsed.query.canonical());
    kwargs[QStringLiteral("limit")] = paging.limit;
    kwargs[QStringLiteral("offset")] = paging.offset;
    kwargs[QStringLiteral("use_cursor")] = !paging.offsetGiven;
    kwargs[QStringLiteral("cursor")] = QString::fromLatin1(paging.cursor);
    kwargs[QStringLiteral("view")] = paging.simple ? QStringLiteral("simple") : QStringLiteral("list");
    kwargs[QStringLiteral("fields")] = fields.canonical();
    kwargs[QStringLiteral("count")] = paging.count ? QVariant(static_cast<int>(*paging.count)) : QVariant();
    kwargs[QStringLiteral("ignored")] = parsed.ignored;
    kwargs[QStringLiteral("page_size_cap")] = limits.most;
    return arguments;
}

} // namespace a360::rest
