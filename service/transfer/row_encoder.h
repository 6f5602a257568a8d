// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/field_catalogue.h"
#include "db/row_batch.h"
#include "transfer/format.h"

#include <memory>
#include <string>

namespace a360::transfer {

/// Turns row batches into the bytes of a file format. One thread at a time; each call appends to `out`. Batches may
/// carry more columns than are written (order keys follow the output columns).
class RowEncoder
{
public:
    virtual ~RowEncoder() = default;
    virtual void begin(std::string &out) = 0; ///< what stands before the first row (the CSV header, even without rows)
    virtual void row(const db::RowBatch &batch, qsizetype row, std::string &out) = 0;
    virtual void end(std::string &out) = 0;
};

/// `spreadsheetSafe` concerns CSV only: see csv_encoder.cpp for the guard and how the import takes it off again.
std::unique_ptr<RowEncoder> makeEncoder(Format format, std::vector<contacts::OutputColumn> columns,
                                        bool spreadsheetSafe);
std::unique_ptr<RowEncoder> makeCsvEncoder(std::vector<contacts::OutputColumn> columns, bool spreadsheetSafe);
std::unique_ptr<RowEncoder> makeJsonLinesEncoder(std::vector<contacts::OutputColumn> columns);
std::unique_ptr<RowEncoder> makeJsonArrayEncoder(std::vector<contacts::OutputColumn> columns);

/// A CSV cell (RFC 4180): quoted when it holds a comma, a quote or a line end.
void appendCsvCell(std::string &out, std::string_view text);

} // namespace a360::transfer
