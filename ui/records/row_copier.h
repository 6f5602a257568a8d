// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "records/record_model.h"

namespace a360::ui {

/// Rows as tab-separated text, one line each, columns in the given order; reads the planned pages from the source. Blocks.
/// Tabs and line breaks inside cells become spaces.
Result<QString> copyRows(RecordSource &source, const contacts::Query &query,
                         const std::vector<const contacts::Field *> &fields,
                         const std::vector<RecordModel::PlannedPage> &pages, const CancelToken &cancel);

/// The same of the query's records with these uuids, wherever in it they are; in its order.
Result<QString> copyRecords(RecordSource &source, const contacts::Query &query,
                            const std::vector<const contacts::Field *> &fields, const std::vector<QByteArray> &uuids,
                            const CancelToken &cancel);

} // namespace a360::ui
