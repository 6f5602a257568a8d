// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/service_record_source.h"

#include "service.h"

namespace a360::ui {

Result<contacts::Page> ServiceRecordSource::page(const contacts::Query &query,
                                                 const std::vector<contacts::OutputColumn> &columns,
                                                 const contacts::PageRequest &request, const CancelToken &cancel)
{
    A360_TRY_ASSIGN(db::Lease lease, m_service->pool().lease(db::Lane::Interactive, cancel));
    return m_service->repository().list(lease, query, columns, request, cancel);
}

Result<contacts::Count> ServiceRecordSource::count(const contacts::Query &query, contacts::CountMode mode,
                                                   const CancelToken &cancel)
{
    A360_TRY_ASSIGN(db::Lease lease, m_service->pool().lease(db::Lane::Interactive, cancel));
    return m_service->repository().count(lease, query, mode, cancel);
}

Result<db::RowBatch> ServiceRecordSource::detail(contacts::Entity entity, const QByteArray &uuid,
                                                 const std::vector<contacts::OutputColumn> &columns,
                                                 const CancelToken &cancel)
{
    A360_TRY_ASSIGN(db::Lease lease, m_service->pool().lease(db::Lane::Interactive, cancel));
    return m_service->repository().detail(lease, entity, uuid, columns);
}

} // namespace a360::ui
