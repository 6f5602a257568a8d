// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/row_batch.h"
#include "transfer/import_keys.h"
#include "transfer/import_plan.h"

namespace a360::transfer {

/// Fixed columns in front of every staging row; the plan's own columns follow, then its company columns.
/// `rn` record number, `u` uuid, `mk` what duplicates are told by, `cid` contacts.company_id, `cu` uuid of the company
/// whose values the row carries (NULL: none, or the same values were sent with an earlier row).
enum StagingColumn { kStageRow, kStageUuid, kStageMatchKey, kStageCompanyId, kStageCompanyUuid, kStageFixedColumns };

/// Names and types of the staging columns, in order.
std::vector<QByteArray> stagingColumnNames(const ImportPlan &plan);
std::vector<db::ColumnType> stagingColumnTypes(const ImportPlan &plan);

/// A row's company, for leaving out what was already sent.
struct CompanyDigest
{
    quint64 key = 0, payload = 0;
};

/// Rows for the staging table, made of values that were checked before. One thread at a time.
class StagingRows
{
public:
    explicit StagingRows(const ImportPlan &plan);

    void append(qint64 row, const RowKeys &keys, const RecordValues &values);

    db::RowBatch rows;
    std::vector<CompanyDigest> companies; ///< one per row; key 0: no company values

private:
    void appendValues(const std::vector<StagedColumn> &columns, const std::vector<std::string_view> &texts);
    CompanyDigest digestOf(const RowKeys &keys, const RecordValues &values);

    const ImportPlan &m_plan;
    std::string m_list, m_payload; // reused, so that a row costs no allocation
};

} // namespace a360::transfer
