// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "records/record_source.h"

#include <QSet>

namespace a360::ui {

/// Which of the records a query still has. Blocks: for a worker thread. Any error of the source; nothing is known then.
Result<QSet<QByteArray>> presentRecords(RecordSource &source, const contacts::Query &query, const QSet<QByteArray> &uuids,
                                        const CancelToken &cancel);

/// The query, but only those of its rows.
Result<contacts::Query> onlyRecords(const contacts::Query &query, const std::vector<QByteArray> &uuids);

} // namespace a360::ui
