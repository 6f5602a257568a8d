// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/read_rules.h"
#include "core/bytes.h"
#include "transfer/json_text.h"
#include "transfer/row_encoder.h"
#include "transfer/value_rules.h"

namespace a360::transfer {

namespace {

class CsvEncoder final : public RowEncoder
{
public:
    CsvEncoder(std::vector<contacts::OutputColumn> columns, bool spreadsheetSafe)
        : m_columns(std::move(columns)), m_spreadsheetSafe(spreadsheetSafe)
    {
    }

    void begin(std::string &out) override
    {
        for (size_t i = 0; i < m_columns.size(); ++i) {
            if (i)
                out += ',';
            appendCsvCell(out, viewOf(m_columns[i].header));
        }
        out += '\n';
    }

    void end(bool, std::string &) override {}

private:
    void row(const db::RowBatch &batch, qsizetype row, std::string &out) override
    {
        const size_t start = out.size();
        for (size_t i = 0; i < m_columns.size(); ++i) {
            if (i)
                out += ',';
            appendCell(out, batch.cell(row, static_cast<int>(i)), m_columns[i]);
        }
        if (m_columns.size() == 1 && out.size() == start)
            out += "\"\""; // a bare line end would read as a blank record, which is no row
        out += '\n';
    }

    void appendCell(std::string &out, db::Cell cell, const contacts::OutputColumn &column)
    {
        if (cell.isNull())
            return;
        switch (column.type) {
        case db::ColumnType::Integer: appendInteger(out, cell.integer()); return;
        case db::ColumnType::Timestamp: appendTimestamp(out, cell.integer()); return;
        case db::ColumnType::Text:
            if (const auto text = contacts::readText(cell))
                appendText(out, *text);
            return;
        case db::ColumnType::TextList:
            contacts::readList(cell, viewOf(column.listSeparator), m_joined);
            appendText(out, m_joined);
            return;
        }
    }

    void appendText(std::string &out, std::string_view text)
    {
        if (text.empty())
            return;
        // The import takes one apostrophe off wherever needsGuard() says so (decision 10). A text that already begins with
        // one therefore gets one more, in every mode, so that what is read back is what was written.
        if ((m_spreadsheetSafe || text[0] == '\'') && needsGuard(text)) {
            m_guarded.assign(1, '\'');
            m_guarded.append(text);
            text = m_guarded;
        }
        appendCsvCell(out, text);
    }

    const std::vector<contacts::OutputColumn> m_columns;
    const bool m_spreadsheetSafe;
    std::string m_guarded, m_joined;
};

} // namespace

void appendCsvCell(std::string &out, std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        out += text;
        return;
    }
    out += '"';
    size_t from = 0;
    for (size_t quote; (quote = text.find('"', from)) != std::string_view::npos; from = quote + 1) {
        out.append(text, from, quote + 1 - from);
        out += '"';
    }
    out.append(text, from, text.size() - from);
    out += '"';
}

std::unique_ptr<RowEncoder> makeCsvEncoder(std::vector<contacts::OutputColumn> columns, bool spreadsheetSafe)
{
    return std::make_unique<CsvEncoder>(std::move(columns), spreadsheetSafe);
}

} // namespace a360::transfer
