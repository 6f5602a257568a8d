// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/field_catalogue.h"
#include "db/row_batch.h"
#include "transfer/format.h"

#include <memory>
#include <string>

namespace a360::transfer {

/// Turns row batches into the bytes of a file format; each call appends to `out`. Batches may carry more columns than are
/// written (order keys follow the output columns). One thread at a time, but it remembers nothing from one call to the next:
/// the batches of a file may be encoded side by side, each by an encoder of its own.
class RowEncoder
{
public:
    virtual ~RowEncoder() = default;
    virtual void begin(std::string &out) = 0; ///< what stands before the first row (the CSV header, even without rows)
    /// All rows of a batch. `first`: no row of the file stands before them.
    void rows(const db::RowBatch &batch, bool first, std::string &out);
    virtual void end(bool anyRows, std::string &out) = 0; ///< what stands behind the last row

private:
    virtual void row(const db::RowBatch &batch, qsizetype row, std::string &out) = 0;
    virtual std::string_view separator() const { return {}; } ///< between two rows
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
