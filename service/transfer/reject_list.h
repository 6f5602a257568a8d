// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/csv_reader.h"
#include "transfer/import_plan.h"

#include <string>

namespace a360::transfer {

/// What is wrong with the records of a chunk: a list for the screen, and the lines of the rejects file. One thread at a
/// time; plan and format must outlive it.
class RejectList
{
public:
    RejectList(const CsvFormat &format, const ImportPlan &plan) : m_format(format), m_plan(plan) {}

    /// The record the cursor stands at is left out. `column`: number in the file, -1: it is about the whole record.
    void reject(const RecordCursor &at, int column, std::string_view value, const char *reason, int limit = 0);
    /// The record stays, but a value of it is left out.
    void warn(const RecordCursor &at, int column, std::string_view value, const char *reason, int limit = 0);

    std::vector<Reject> rejects, warnings;
    std::string csv; ///< the rejects as lines of the rejects file: six columns, then the record's own cells

private:
    Reject describe(const RecordCursor &at, int column, std::string_view value, const char *reason, int limit) const;
    void appendOriginal(std::string_view cell);

    const CsvFormat &m_format;
    const ImportPlan &m_plan;
    std::vector<char> m_scratch;
};

} // namespace a360::transfer
