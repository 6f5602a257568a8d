// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "records/record_source.h"

#include <atomic>

namespace a360 {
class Service;
}

namespace a360::ui {

/// Reads from an open database, on connections of the interactive lane. Pages go through its cache; those that do not, and
/// counts, may come from a replica that keeps up. Keeps the service alive.
class ServiceRecordSource : public RecordSource
{
public:
    explicit ServiceRecordSource(std::shared_ptr<Service> service) : m_service(std::move(service)) {}

    void forgetPages() override;
    Result<contacts::Page> page(const contacts::Query &query, const std::vector<contacts::OutputColumn> &columns,
                                const contacts::PageRequest &request, const CancelToken &cancel) override;
    Result<contacts::Count> count(const contacts::Query &query, contacts::CountMode mode,
                                  const CancelToken &cancel) override;
    Result<db::RowBatch> detail(contacts::Entity entity, const QByteArray &uuid,
                                const std::vector<contacts::OutputColumn> &columns, const CancelToken &cancel) override;
    QByteArray dataMark(contacts::Entity entity, const CancelToken &cancel) override;

private:
    std::shared_ptr<Service> m_service;
    std::atomic<quint64> m_generation = 0; ///< part of the keys of cached pages
};

} // namespace a360::ui
