// SPDX-License-Identifier: GPL-3.0-or-later
#include "record_controller.h"

#include "api_errors.h"
#include "page_body.h"
#include "query_string.h"
#include "transfer/json_text.h"

namespace a360::rest {

using contacts::Entity;

namespace {

Answer orError(Result<Answer> result, const Call &call)
{
    return result.ok() ? std::move(result).value() : answerFor(result.error(), call.request->id);
}

} // namespace

RecordController::RecordController(const ApiContext &context, Entity entity, RecordScope scope)
    : m_context(context), m_entity(entity), m_scope(scope),
      m_item(entity == Entity::Contact ? RecordShape::contactItem() : RecordShape::companyItem()),
      m_simple(entity == Entity::Contact ? RecordShape::contactSimple() : RecordShape::companyItem()),
      m_detail(entity == Entity::Contact ? RecordShape::contactDetail() : RecordShape::companyDetail()),
      m_understood(context.service.memos(),
                   (scope == RecordScope::All ? "understood " : "understood company's ") + ListCache::prefix(entity),
                   [this](const QByteArray &company, const QByteArray &query) { return understand(company, query); })
{
}

Answer RecordController::list(const Call &call) const
{
    return orError(listed(call), call);
}

Answer RecordController::detail(const Call &call) const
{
    return orError(detailed(call), call);
}

Answer RecordController::count(const Call &call) const
{
    return orError(counted(call), call);
}

Answer RecordController::countUuids(const Call &call) const
{
    return orError(countedUuids(call), call);
}

QByteArray RecordController::companyOf(const Call &call) const
{
    return m_scope == RecordScope::OfCompany ? call.arguments.value(0).toUtf8() : QByteArray();
}

Result<void> RecordController::checkCompany(db::Lease &lease, const QByteArray &company) const
{
    if (company.isEmpty())
        return {};
    A360_TRY_ASSIGN(const std::vector<contacts::OutputColumn> columns,
                    contacts::columnsByName(Entity::Company, {QStringLiteral("uuid")}));
    A360_TRY(m_context.service.repository().detail(lease, Entity::Company, company, columns));
    return {};
}

Result<QByteArray> RecordController::storedPage(const UnderstoodList &list, const CancelToken &cancel) const
{
    const ListRequest &request = list.request;
    A360_TRY_ASSIGN(const RecordShape shape, (request.paging.simple ? m_simple : m_item).only(request.fields));
    PageBody body{request, m_context.options.pages.most, std::nullopt};
    const contacts::Query &query = request.parsed.query;
    const contacts::Repository repository = m_context.service.repository();
    const auto read = [&](db::Lease &lease, bool onReplica) -> Result<QByteArray> {
        body.usingReplica = onReplica;
        A360_TRY(checkCompany(lease, list.company));
        A360_TRY_ASSIGN(const contacts::Page page,
                        repository.list(lease, query, shape.columns(), {request.paging.limit, request.place}, cancel));
        if (request.paging.count) {
            A360_TRY_ASSIGN(body.total, repository.count(lease, query, *request.paging.count, cancel));
        }
        return body.storable(page, shape);
    };
    // A page that is kept under the primary's epochs must not come from a replica that may be behind them.
    const bool kept = m_context.service.cache().isEnabled() && request.paging.limit <= ListCache::mostRows;
    if (!kept)
        return m_context.service.reads().read(db::Lane::Interactive, cancel, read, "rest list");
    A360_TRY_ASSIGN(db::Lease lease, m_context.service.pool().lease(db::Lane::Interactive, cancel, "rest list"));
    return read(lease, false);
}

Result<RecordController::UnderstoodListPtr> RecordController::understand(const QByteArray &company,
                                                                              const QByteArray &query) const
{
    A360_TRY_ASSIGN(ListRequest request,
                    ListRequest::parse(m_entity, parseQueryString(query), m_context.options.pages, company));
    QByteArray key = ListCache::key(m_entity, request.cacheArguments(m_context.options.pages));
    return std::make_shared<const UnderstoodList>(UnderstoodList{company, std::move(request), std::move(key)});
}

Result<cache::CachedValue> RecordController::cachedPage(const UnderstoodList &list, bool reload, const CancelToken &cancel) const
{
    const cache::Load load = [&](const CancelToken &loadCancel) -> Result<std::optional<QByteArray>> {
        A360_TRY_ASSIGN(QByteArray stored, storedPage(list, loadCancel));
        return std::optional(std::move(stored));
    };
    return m_context.service.lists().page(m_entity, list.key, list.request.paging.limit, load, reload, cancel);
}

Result<Answer> RecordController::listed(const Call &call) const
{
    A360_TRY_ASSIGN(const UnderstoodListPtr list, m_understood(companyOf(call), call.request->query));
    const bool noCache = headerHasToken(call.request->headers, "Cache-Control", "no-cache");
    A360_TRY_ASSIGN(cache::CachedValue page, cachedPage(*list, noCache, call.cancel));
    const PageBody body{list->request, m_context.options.pages.most, std::nullopt};
    std::optional<QByteArray> linked = body.withLinks(page.bytes, call);
    if (!linked)
        return makeError(ErrorCode::Internal, QStringLiteral("A page in the cache cannot be read."));
    Answer answer;
    answer.body = *std::move(linked);
    if (page.hit)
        answer.headers.push_back({"X-Cache-Hit", "true"});
    return answer;
}

Result<void> RecordController::warmFirstPage(const CancelToken &cancel) const
{
    A360_TRY_ASSIGN(const UnderstoodListPtr list, m_understood(QByteArray(), QByteArray()));
    A360_TRY(cachedPage(*list, true, cancel));
    return {};
}

Result<Answer> RecordController::detailed(const Call &call) const
{
    const contacts::Parameters parameters = parseQueryString(call.request->query);
    A360_TRY_ASSIGN(const RecordShape shape, m_detail.only(FieldFilter::parse(parameters)));
    A360_TRY_ASSIGN(db::Lease lease, m_context.service.pool().lease(db::Lane::Interactive, call.cancel, "rest detail"));
    A360_TRY_ASSIGN(const db::RowBatch rows,
                    m_context.service.repository().detail(lease, m_entity, call.arguments.value(0).toUtf8(),
                                                          shape.columns()));
    std::string body;
    shape.append(body, rows, 0);
    Answer answer = jsonAnswer(std::move(body));
    QStringList ignored; // one record: nothing of filters, order and paging has a meaning
    for (const auto &[name, value] : parameters) {
        if (!FieldFilter::isParameter(name) && !ignored.contains(name))
            ignored.append(name);
    }
    tellIgnored(answer.headers, parameters, ignored, {QStringLiteral("fields"), QStringLiteral("exclude_fields")});
    return answer;
}

Result<Answer> RecordController::counted(const Call &call) const
{
    const contacts::Parameters parameters = parseQueryString(call.request->query);
    A360_TRY_ASSIGN(contacts::ParsedQuery parsed,
                    contacts::parseQuery(m_entity, withoutOwnParameters(parameters), contacts::DefaultOrder::ById));
    const QByteArray company = companyOf(call);
    if (!company.isEmpty())
        parsed.query.filters.push_back(contacts::filterByCompany(company));
    const QString mode = lastValue(parameters, u"count_mode").trimmed().toLower();
    const bool approximate = m_context.options.approximateCounts && mode.isEmpty() && parsed.query.filters.empty();
    const bool estimate = approximate || flagParameter(parameters, u"estimated") || mode == u"estimated";
    const contacts::Repository repository = m_context.service.repository();
    const auto read = [&](db::Lease &lease, bool) -> Result<contacts::Count> {
        A360_TRY(checkCompany(lease, company));
        return repository.count(lease, parsed.query, estimate ? contacts::CountMode::Estimated : contacts::CountMode::Exact,
                                call.cancel);
    };
    A360_TRY_ASSIGN(const contacts::Count count,
                    m_context.service.reads().read(db::Lane::Interactive, call.cancel, read, "rest count"));
    std::string body = "{\"count\":";
    transfer::appendInteger(body, count.rows);
    if (estimate)
        body += count.estimated ? ",\"estimated\":true" : ",\"estimated\":false";
    Answer answer = jsonAnswer(body + '}');
    tellIgnored(answer.headers, parameters, parsed.ignored, {QStringLiteral("count_mode"), QStringLiteral("estimated")});
    return answer;
}

Result<Answer> RecordController::countedUuids(const Call &call) const
{
    const PageLimits limits{m_context.options.pages.standard, m_context.options.mostUuids};
    const contacts::Parameters parameters = parseQueryString(call.request->query);
    const QByteArray company = companyOf(call);
    A360_TRY_ASSIGN(const ListRequest request, ListRequest::parse(m_entity, parameters, limits, company));
    const contacts::Query &query = request.parsed.query;
    A360_TRY_ASSIGN(const std::vector<contacts::OutputColumn> columns,
                    contacts::columnsByName(m_entity, {QStringLiteral("uuid")}));

    A360_TRY_ASSIGN(db::Lease lease, m_context.service.pool().lease(db::Lane::Interactive, call.cancel, "rest uuids"));
    A360_TRY(checkCompany(lease, company));
    const contacts::Repository &repository = m_context.service.repository();
    A360_TRY_ASSIGN(const contacts::Count count,
                    repository.count(lease, query, contacts::CountMode::Exact, call.cancel));
    A360_TRY_ASSIGN(const contacts::Page page,
                    repository.list(lease, query, columns, {request.paging.limit, request.place}, call.cancel));
    std::string body = "{\"count\":";
    transfer::appendInteger(body, count.rows);
    body += ",\"uuids\":[";
    for (qsizetype row = 0; row < page.rows.rowCount(); ++row) {
        if (row > 0)
            body += ',';
        transfer::appendJsonString(body, page.rows.cell(row, 0).text());
    }
    Answer answer = jsonAnswer(body + "]}");
    tellIgnored(answer.headers, parameters, request.parsed.ignored,
                {QStringLiteral("limit"), QStringLiteral("offset"), QStringLiteral("cursor"), QStringLiteral("page"),
                 QStringLiteral("page_size")});
    return answer;
}

} // namespace a360::rest
