// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "records/record_model.h"

#include <QSet>

#include <map>

namespace a360::ui {

/// Which of the records a query still has. Blocks: for a worker thread. Any error of the source; nothing is known then.
Result<QSet<QByteArray>> presentRecords(RecordSource &source, const contacts::Query &query, const QSet<QByteArray> &uuids,
                                        const CancelToken &cancel);

/// The uuids of the rows of planned pages, by absolute row. Blocks: for a worker thread. Rows that are no longer there are
/// left out; any error of the source.
Result<std::map<qint64, QByteArray>> recordsAt(RecordSource &source, const contacts::Query &query,
                                               const std::vector<RecordModel::PlannedPage> &pages, const CancelToken &cancel);

/// The query, but only those of its rows.
Result<contacts::Query> onlyRecords(const contacts::Query &query, const std::vector<QByteArray> &uuids);

} // namespace a360::ui
