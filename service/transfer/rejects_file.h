// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/byte_sink.h"
#include "transfer/import_plan.h"

namespace a360::transfer {

/// The CSV of rejected rows: `_row,_line,_offset,_column,_value,_reason`, then the file's own columns (decision 11).
/// It can be mended and imported again. Visible under its name only after finish().
class RejectsFile
{
public:
    /// An empty path gives an object that takes everything and writes nothing.
    static Result<RejectsFile> open(const QString &path, const ImportPlan &plan);

    Result<void> append(const std::string &csvLines);
    Result<void> finish();

private:
    std::unique_ptr<ByteSink> m_sink;
};

} // namespace a360::transfer
