// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/csv_reader.h"
#include "transfer/staging_rows.h"

#include <string>

namespace a360::transfer {

/// What became of a chunk's records: rows for the staging table, and the rejected ones.
struct ParsedChunk
{
    db::RowBatch rows;
    std::vector<CompanyDigest> companies; ///< one per row; key 0: no company values
    qint64 read = 0;                      ///< records that hold anything
    qint64 companiesLost = 0;             ///< rows with company values that nothing names a company for
    std::vector<Reject> rejects;
    std::vector<Reject> warnings;         ///< with `lenient`: cells that were emptied
    std::string rejectsCsv;               ///< the rejects as lines of the rejects file: six columns, then the record's own cells
};

/// Checks and normalises the records of a chunk (decisions 1, 7, 10). A record of empty cells alone is none: it is not
/// read, though it has its row number. Pure; runs on any thread.
ParsedChunk parseImportChunk(const RecordChunk &chunk, const CsvFormat &format, const ImportPlan &plan, bool lenient);

} // namespace a360::transfer
