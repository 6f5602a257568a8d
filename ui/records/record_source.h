// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/repository.h"

#include <memory>

namespace a360::ui {

/// Where a grid and its detail panel read from. Every call blocks and comes from a worker thread, several at a time;
/// implementations are thread-safe. A cancelled call ends with Error{Cancelled} soon after.
class RecordSource
{
public:
    virtual ~RecordSource() = default;
    /// Somebody asked to see what is there now: from here on no page comes from memory that is older than this call. Never
    /// waits; from any thread.
    virtual void forgetPages() {}
    virtual Result<contacts::Page> page(const contacts::Query &query, const std::vector<contacts::OutputColumn> &columns,
                                        const contacts::PageRequest &request, const CancelToken &cancel) = 0;
    virtual Result<contacts::Count> count(const contacts::Query &query, contacts::CountMode mode,
                                          const CancelToken &cancel) = 0;
    virtual Result<db::RowBatch> detail(contacts::Entity entity, const QByteArray &uuid,
                                        const std::vector<contacts::OutputColumn> &columns,
                                        const CancelToken &cancel) = 0;
    /// A word that differs once the entity's records have been changed by anybody; empty when that cannot be told.
    virtual QByteArray dataMark(contacts::Entity, const CancelToken &) { return {}; }
};

} // namespace a360::ui
