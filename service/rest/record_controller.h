// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api_context.h"
#include "cache/process_memo.h"
#include "list_request.h"
#include "record_shape.h"

namespace a360::rest {

/// Which records a controller answers with.
enum class RecordScope {
    All,
    OfCompany, ///< contacts of the company whose uuid the route's first argument is; 404 when there is none
};

/// List, detail, counts of one entity: GET /api/v1/{contacts,companies}/…, and the contacts of a company. Handlers run on
/// worker threads, many at a time; the controller itself never changes.
class RecordController
{
public:
    RecordController(const ApiContext &context, contacts::Entity entity, RecordScope scope = RecordScope::All);

    Answer list(const Call &call) const;
    Answer detail(const Call &call) const; ///< of any record, whatever the scope
    Answer count(const Call &call) const;
    Answer countUuids(const Call &call) const;
    /// Puts the first default page into the cache, under the key that list() will ask for (contract §7.3).
    Result<void> warmFirstPage(const CancelToken &cancel) const;

private:
    /// A list request and the key of its page, which depend on nothing but company, text of the query and settings.
    struct UnderstoodList
    {
        QByteArray company; ///< empty with RecordScope::All, here as everywhere
        ListRequest request;
        QByteArray key; ///< without epochs
    };
    QByteArray companyOf(const Call &call) const;
    Result<void> checkCompany(db::Lease &lease, const QByteArray &company) const;
    Result<QByteArray> storedPage(const UnderstoodList &list, const CancelToken &cancel) const;
    using UnderstoodListPtr = std::shared_ptr<const UnderstoodList>;
    Result<UnderstoodListPtr> understand(const QByteArray &company, const QByteArray &query) const;
    Result<cache::CachedValue> cachedPage(const UnderstoodList &list, bool reload, const CancelToken &cancel) const;
    Result<Answer> listed(const Call &call) const;
    Result<Answer> detailed(const Call &call) const;
    Result<Answer> counted(const Call &call) const;
    Result<Answer> countedUuids(const Call &call) const;

    const ApiContext &m_context;
    const contacts::Entity m_entity;
    const RecordScope m_scope;
    const RecordShape m_item, m_simple, m_detail;
    /// By company and query: clients ask the same again and again.
    const cache::ProcessMemo<Result<UnderstoodListPtr>, QByteArray, QByteArray> m_understood;
};

} // namespace a360::rest
