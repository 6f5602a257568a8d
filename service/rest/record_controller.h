// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api_context.h"
#include "cache/process_memo.h"
#include "list_request.h"
#include "record_shape.h"

namespace a360::rest {

/// List, detail, counts of one entity: GET /api/v1/{contacts,companies}/…. Handlers run on worker threads, many at a
/// time; the controller itself never changes.
class RecordController
{
public:
    RecordController(const ApiContext &context, contacts::Entity entity);

    Answer list(const Call &call) const;
    Answer detail(const Call &call) const;
    Answer count(const Call &call) const;
    Answer countUuids(const Call &call) const;
    /// Puts the first default page into the cache, under the key that list() will ask for (contract §7.3).
    Result<void> warmFirstPage(const CancelToken &cancel) const;

private:
    Result<QByteArray> storedPage(const ListRequest &request, const CancelToken &cancel) const;
    /// A list request and the key of its page, which depend on nothing but the text of its query and the program's settings.
    struct UnderstoodList
    {
        ListRequest request;
        QByteArray key; ///< without epochs
    };
    using UnderstoodListPtr = std::shared_ptr<const UnderstoodList>;
    Result<UnderstoodListPtr> understand(const QByteArray &query) const;
    Result<cache::CachedValue> cachedPage(const UnderstoodList &list, bool reload, const CancelToken &cancel) const;
    Result<Answer> listed(const Call &call) const;
    Result<Answer> detailed(const Call &call) const;
    Result<Answer> counted(const Call &call) const;
    Result<Answer> countedUuids(const Call &call) const;

    const ApiContext &m_context;
    const contacts::Entity m_entity;
    const RecordShape m_item, m_simple, m_detail;
    const cache::ProcessMemo<Result<UnderstoodListPtr>, QByteArray> m_understood; ///< clients ask the same again and again
};

} // namespace a360::rest
