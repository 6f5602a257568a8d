// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/read_rules.h"
#include "core/bytes.h"
#include "transfer/json_text.h"
#include "transfer/row_encoder.h"

namespace a360::transfer {

namespace {

/// Writes one JSON object a row; the text between the objects is what tells JSONL from an array.
class JsonEncoder final : public RowEncoder
{
public:
    JsonEncoder(std::vector<contacts::OutputColumn> columns, bool array) : m_columns(std::move(columns)), m_array(array)
    {
        for (size_t i = 0; i < m_columns.size(); ++i) {
            std::string key(i ? "," : "{");
            appendJsonString(key, viewOf(m_columns[i].header));
            m_keys.push_back(key + ':');
        }
    }

    void begin(std::string &out) override
    {
        if (m_array)
            out += '[';
    }
    void end(bool anyRows, std::string &out) override
    {
        if (m_array)
            out += anyRows ? "\n]\n" : "]\n";
    }

private:
    void row(const db::RowBatch &batch, qsizetype row, std::string &out) override
    {
        if (m_array)
            out += '\n';
        for (size_t i = 0; i < m_columns.size(); ++i) {
            out += m_keys[i];
            appendCell(out, batch.cell(row, static_cast<int>(i)), m_columns[i]);
        }
        out += m_array ? "}" : "}\n";
    }
    std::string_view separator() const override { return m_array ? "," : ""; }

    void appendCell(std::string &out, db::Cell cell, const contacts::OutputColumn &column)
    {
        if (cell.isNull()) {
            out += "null";
            return;
        }
        switch (column.type) {
        case db::ColumnType::Integer: appendInteger(out, cell.integer()); return;
        case db::ColumnType::Timestamp:
            out += '"';
            appendTimestamp(out, cell.integer());
            out += '"';
            return;
        case db::ColumnType::Text:
            if (const auto text = contacts::readText(cell))
                appendJsonString(out, *text);
            else
                out += "null";
            return;
        case db::ColumnType::TextList: appendList(out, cell, column.listSeparator); return;
        }
    }

    void appendList(std::string &out, db::Cell cell, const QByteArray &separator)
    {
        contacts::readList(cell, viewOf(separator), m_joined);
        if (m_joined.empty())
            out += "null";
        else
            appendJsonString(out, m_joined);
    }

    const std::vector<contacts::OutputColumn> m_columns;
    const bool m_array;
    std::vector<std::string> m_keys;
    std::string m_joined;
};

} // namespace

std::unique_ptr<RowEncoder> makeJsonLinesEncoder(std::vector<contacts::OutputColumn> columns)
{
    return std::make_unique<JsonEncoder>(std::move(columns), false);
}

std::unique_ptr<RowEncoder> makeJsonArrayEncoder(std::vector<contacts::OutputColumn> columns)
{
    return std::make_unique<JsonEncoder>(std::move(columns), true);
}

} // namespace a360::transfer
