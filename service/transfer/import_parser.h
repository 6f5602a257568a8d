// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/row_batch.h"
#include "transfer/csv_reader.h"
#include "transfer/import_plan.h"

#include <memory>
#include <string>

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

/// What became of a chunk's records: rows for the staging table, and the rejected ones.
struct ParsedChunk
{
    db::RowBatch rows;
    std::vector<CompanyDigest> companies; ///< one per row; key 0: no company values
    qint64 read = 0, rejected = 0, warnings = 0, companyWithoutIdentity = 0;
    std::vector<Reject> rejects;   ///< the chunk's rejects
    std::vector<Reject> warningList; ///< with `lenient`: cells that were emptied
    std::string rejectsCsv;        ///< the same as lines of the rejects file: six columns, then the record's own cells
};

/// Checks and normalises the records of a chunk (decisions 1, 7, 10). Pure; runs on any thread.
ParsedChunk parseImportChunk(const RecordChunk &chunk, const CsvFormat &format, const ImportPlan &plan, bool lenient);

} // namespace a360::transfer
