// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/import_parser.h"

#include "core/text.h"
#include "transfer/length_rules.h"
#include "transfer/reject_list.h"
#include "transfer/reject_reasons.h"
#include "transfer/value_rules.h"

#include <algorithm>

namespace a360::transfer {

namespace {

std::string_view partOf(std::string_view text, StagedColumn::Part which)
{
    if (which == StagedColumn::Part::Whole)
        return text;
    const size_t space = text.find(' ');
    if (which == StagedColumn::Part::FirstName)
        return text.substr(0, space);
    return space == std::string_view::npos ? std::string_view() : trimmed(text.substr(space));
}

const char *faultOf(ValueKind kind, std::string_view text)
{
    switch (kind) {
    case ValueKind::Email: return isEmail(text) ? nullptr : kInvalidEmail;
    case ValueKind::Number: return parseNumber(text) ? nullptr : kInvalidNumber;
    case ValueKind::Timestamp: return parseTimestamp(text) ? nullptr : kInvalidDate;
    case ValueKind::Date: return isDate(text) ? nullptr : kInvalidDate;
    case ValueKind::Text:
    case ValueKind::List: break;
    }
    return nullptr;
}

int brokenLimit(const StagedColumn &column, std::string_view text)
{
    return column.kind == ValueKind::List ? brokenListLimit(column.limit, text) : brokenTextLimit(column.limit, text);
}

class ChunkParser
{
public:
    ChunkParser(const RecordChunk &chunk, const CsvFormat &format, const ImportPlan &plan, bool lenient)
        : m_cursor(chunk, format), m_format(format), m_plan(plan), m_lenient(lenient), m_faults(format, plan),
          m_keyMaker(plan), m_rows(plan)
    {
        m_scratch.resize(static_cast<size_t>(plan.fileColumns));
        m_values.cells.resize(static_cast<size_t>(plan.fileColumns));
        m_values.own.resize(plan.own.size());
        m_values.company.resize(plan.company.size());
        for (const auto *sources : {&plan.uuidSources, &plan.companyUuidSources, &plan.companyIdSources})
            m_mapped.insert(m_mapped.end(), sources->begin(), sources->end());
        for (const auto *columns : {&plan.own, &plan.company}) {
            for (const StagedColumn &column : *columns)
                m_mapped.insert(m_mapped.end(), column.sources.begin(), column.sources.end());
        }
    }

    ParsedChunk run()
    {
        ParsedChunk out;
        while (m_cursor.next()) {
            if (isBlankRecord())
                continue;
            ++out.read;
            m_faultColumn = -1;
            m_emptied = false;
            if (!checkWidth() || !readCells() || !checkMapped() || !checkKeys() || !checkValues(m_plan.own, m_values.own)
                || !checkValues(m_plan.company, m_values.company))
                continue;
            if (!m_keyMaker.make(m_values, m_keys)) {
                m_faults.reject(m_cursor, -1, "neither name nor LinkedIn URL nor uuid", kNoIdentity);
                continue;
            }
            out.companiesLost += m_keys.companyLost;
            m_rows.append(m_cursor.row(), m_keys, m_values);
        }
        out.rows = std::move(m_rows.rows);
        out.companies = std::move(m_rows.companies);
        out.rejects = std::move(m_faults.rejects);
        out.warnings = std::move(m_faults.warnings);
        out.rejectsCsv = std::move(m_faults.csv);
        return out;
    }

private:
    /// False: the record is rejected. True: a value of it is left out.
    bool fault(int column, std::string_view value, const char *reason, int limit = 0)
    {
        if (m_lenient)
            m_faults.warn(m_cursor, column, value, reason, limit);
        else
            m_faults.reject(m_cursor, column, value, reason, limit);
        return m_lenient;
    }

    /// Spreadsheets end their files with rows of nothing but delimiters: these say no more than a blank line.
    bool isBlankRecord() const
    {
        const auto cells = m_cursor.cells();
        return !m_cursor.unterminated() && !m_cursor.surplusHoldsText()
            && std::all_of(cells.begin(), cells.end(), [](std::string_view cell) { return normaliseText(cell).empty(); });
    }

    bool checkWidth()
    {
        if (m_cursor.unterminated()) {
            m_faults.reject(m_cursor, -1, m_cursor.original(), kUnterminatedQuote);
            return false;
        }
        const auto cells = m_cursor.cells();
        const auto wanted = m_values.cells.size();
        const bool surplus = std::any_of(cells.begin() + static_cast<qsizetype>(std::min(wanted, cells.size())),
                                         cells.end(), [](std::string_view c) { return !trimmed(c).empty(); });
        if (cells.size() >= wanted && !surplus && !m_cursor.surplusHoldsText())
            return true;
        return fault(-1, std::to_string(m_cursor.cellCount()) + " cells, the header has " + std::to_string(wanted), kWrongColumnCount);
    }

    bool readCells()
    {
        const auto cells = m_cursor.cells();
        const bool plain = m_format.encoding != Encoding::Windows1252 && m_format.encoding != Encoding::Latin1
            && isValidUtf8(m_cursor.original()) && m_cursor.original().find('\0') == std::string_view::npos;
        for (size_t i = 0; i < m_values.cells.size(); ++i) {
            const std::string_view cell = i < cells.size() ? cells[i] : std::string_view();
            std::string_view decoded = cell;
            if (!plain && !decodeCell(cell, m_format.encoding, m_scratch[i], decoded)) {
                if (!fault(static_cast<int>(i), cell, kInvalidEncoding))
                    return false;
                decoded = {};
                m_emptied = true;
            }
            m_values.cells[i] = normaliseText(decoded);
        }
        return true;
    }

    /// False: there are values, but only in columns that nothing is taken from.
    bool checkMapped()
    {
        if (m_emptied || !m_values.first(m_mapped).empty())
            return true;
        m_faults.reject(m_cursor, -1, {}, kNoValues);
        return false;
    }

    bool checkKeys()
    {
        for (const auto *sources : {&m_plan.uuidSources, &m_plan.companyUuidSources, &m_plan.companyIdSources}) {
            for (const int source : *sources) {
                std::string_view &cell = m_values.cells[static_cast<size_t>(source)];
                const int broken = brokenTextLimit(m_keyLimit, cell);
                if (broken > 0 && !fault(source, cell, kTextTooLong, broken))
                    return false;
                if (broken > 0)
                    cell = {};
            }
        }
        return true;
    }

    bool checkValues(const std::vector<StagedColumn> &columns, std::vector<std::string_view> &texts)
    {
        for (size_t i = 0; i < columns.size(); ++i) {
            int from = -1;
            std::string_view text = partOf(m_values.first(columns[i].sources, &from), columns[i].part);
            const char *reason = text.empty() ? nullptr : faultOf(columns[i].kind, text);
            const int limit = reason ? 0 : brokenLimit(columns[i], text);
            if (limit > 0)
                reason = kTextTooLong;
            if (reason) {
                // A cell that feeds two columns is one warning.
                if (m_faultColumn != from && !fault(from, text, reason, limit))
                    return false;
                m_faultColumn = from;
                text = {};
            }
            texts[i] = text;
        }
        return true;
    }

    RecordCursor m_cursor;
    const CsvFormat &m_format;
    const ImportPlan &m_plan;
    const bool m_lenient;
    RejectList m_faults;
    const KeyMaker m_keyMaker;
    const contacts::TextLimit m_keyLimit = contacts::textLimit(contacts::Table::Contacts, "company_id"); // uuids likewise
    StagingRows m_rows;
    RecordValues m_values;
    RowKeys m_keys;
    std::vector<std::vector<char>> m_scratch; // decoded cells
    std::vector<int> m_mapped;                // columns that something is taken from
    int m_faultColumn = -1;                   // of the last fault in this record
    bool m_emptied = false;                   // a cell of it was no text
};

} // namespace

ParsedChunk parseImportChunk(const RecordChunk &chunk, const CsvFormat &format, const ImportPlan &plan, bool lenient)
{
    return ChunkParser(chunk, format, plan, lenient).run();
}

} // namespace a360::transfer
