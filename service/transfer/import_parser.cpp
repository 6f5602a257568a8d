// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/import_parser.h"

#include "core/bytes.h"
#include "core/text.h"
#include "transfer/json_text.h"
#include "transfer/row_encoder.h"
#include "transfer/value_rules.h"

#include <QHash>

#include <algorithm>

namespace a360::transfer {

using contacts::Entity;
using contacts::Table;

namespace {

constexpr char kWrongColumnCount[] = "wrong_column_count";
constexpr char kInvalidEncoding[] = "invalid_encoding";
constexpr char kInvalidEmail[] = "invalid_email";
constexpr char kInvalidNumber[] = "invalid_number";
constexpr char kInvalidDate[] = "invalid_date";
constexpr char kUnterminatedQuote[] = "unterminated_quote";
constexpr char kNoIdentity[] = "no_identity";

db::ColumnType stagedType(ValueKind kind)
{
    switch (kind) {
    case ValueKind::Number: return db::ColumnType::Integer;
    case ValueKind::Timestamp: return db::ColumnType::Timestamp;
    case ValueKind::List: return db::ColumnType::TextList;
    case ValueKind::Text:
    case ValueKind::Email:
    case ValueKind::Date: break;
    }
    return db::ColumnType::Text;
}

int indexOf(const std::vector<StagedColumn> &columns, Table table, std::string_view name)
{
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const StagedColumn &c) {
        return c.target->table == table && c.target->name == name;
    });
    return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

/// A LinkedIn address without what differs between spellings of the same profile.
QByteArray linkedInKey(std::string_view url)
{
    QByteArray key = foldCase(url);
    for (const char *prefix : {"https://", "http://", "www."}) {
        if (key.startsWith(prefix))
            key.remove(0, static_cast<qsizetype>(qstrlen(prefix)));
    }
    while (key.endsWith('/'))
        key.chop(1);
    return key;
}

class ChunkParser
{
public:
    ChunkParser(const RecordChunk &chunk, const CsvFormat &format, const ImportPlan &plan, bool lenient)
        : m_cursor(chunk, format), m_format(format), m_plan(plan), m_lenient(lenient)
    {
        m_out.rows = db::RowBatch(stagingColumnTypes(plan));
        m_scratch.resize(static_cast<size_t>(plan.fileColumns));
        m_cells.resize(static_cast<size_t>(plan.fileColumns));
        m_ownText.resize(plan.own.size());
        m_companyText.resize(plan.company.size());
        locateKeys();
    }

    ParsedChunk run()
    {
        while (m_cursor.next()) {
            ++m_out.read;
            m_faultColumn = -1;
            if (readCells() && checkValues(m_plan.own, m_ownText) && checkValues(m_plan.company, m_companyText))
                emitRow();
        }
        return std::move(m_out);
    }

private:
    void locateKeys()
    {
        const bool contact = m_plan.entity == Entity::Contact;
        const auto &companyColumns = contact ? m_plan.company : m_plan.own;
        m_first = indexOf(m_plan.own, Table::Contacts, "first_name");
        m_last = indexOf(m_plan.own, Table::Contacts, "last_name");
        m_email = indexOf(m_plan.own, Table::Contacts, "email");
        m_linkedIn = indexOf(m_plan.own, contact ? Table::ContactsMetadata : Table::CompaniesMetadata, "linkedin_url");
        m_companyName = indexOf(companyColumns, Table::Companies, "name");
        m_companyLinkedIn = indexOf(companyColumns, Table::CompaniesMetadata, "linkedin_url");
        m_companyShort = indexOf(companyColumns, Table::CompaniesMetadata, "company_name_for_emails");
    }

    // ---- one record's cells

    bool readCells()
    {
        const auto cells = m_cursor.cells();
        const auto wanted = static_cast<size_t>(m_plan.fileColumns);
        if (m_cursor.unterminated())
            return reject(-1, m_cursor.original(), kUnterminatedQuote);
        const bool surplus = std::any_of(cells.begin() + static_cast<qsizetype>(std::min(wanted, cells.size())),
                                         cells.end(), [](std::string_view c) { return !trimmed(c).empty(); });
        if (cells.size() < wanted || surplus) {
            const std::string count =
                std::to_string(cells.size()) + " cells, the header has " + std::to_string(wanted);
            if (!m_lenient)
                return reject(-1, count, kWrongColumnCount);
            warn(-1, count, kWrongColumnCount);
        }
        const bool plain = m_format.encoding != Encoding::Windows1252 && m_format.encoding != Encoding::Latin1
            && isValidUtf8(m_cursor.original()) && m_cursor.original().find('\0') == std::string_view::npos;
        for (size_t i = 0; i < wanted; ++i) {
            const std::string_view cell = i < cells.size() ? cells[i] : std::string_view();
            std::string_view decoded = cell;
            if (!plain && !decodeCell(cell, m_format.encoding, m_scratch[i], decoded)) {
                if (!m_lenient)
                    return reject(static_cast<int>(i), cell, kInvalidEncoding);
                warn(static_cast<int>(i), cell, kInvalidEncoding);
                decoded = {};
            }
            m_cells[i] = normaliseText(decoded);
        }
        return true;
    }

    std::string_view firstValue(const std::vector<int> &sources, int *from = nullptr) const
    {
        for (const int source : sources) {
            if (const std::string_view cell = m_cells[static_cast<size_t>(source)]; !cell.empty()) {
                if (from)
                    *from = source;
                return cell;
            }
        }
        return {};
    }

    static std::string_view part(std::string_view text, StagedColumn::Part which)
    {
        if (which == StagedColumn::Part::Whole)
            return text;
        const size_t space = text.find(' ');
        if (which == StagedColumn::Part::FirstName)
            return text.substr(0, space);
        return space == std::string_view::npos ? std::string_view() : trimmed(text.substr(space));
    }

    bool checkValues(const std::vector<StagedColumn> &columns, std::vector<std::string_view> &texts)
    {
        for (size_t i = 0; i < columns.size(); ++i) {
            int from = -1;
            std::string_view text = part(firstValue(columns[i].sources, &from), columns[i].part);
            if (const char *fault = text.empty() ? nullptr : faultOf(columns[i].kind, text)) {
                if (!m_lenient)
                    return reject(from, text, fault);
                if (m_faultColumn != from) // a cell that feeds two columns is one warning
                    warn(from, text, fault);
                m_faultColumn = from;
                text = {};
            }
            texts[i] = text;
        }
        return true;
    }

    static const char *faultOf(ValueKind kind, std::string_view text)
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

    // ---- keys

    std::string_view textAt(const std::vector<std::string_view> &texts, int index) const
    {
        return index < 0 ? std::string_view() : texts[static_cast<size_t>(index)];
    }

    /// The company's key (contract §5.4); empty when nothing names one (decision 1).
    std::string companyKey(const std::vector<std::string_view> &texts) const
    {
        std::string name(textAt(texts, m_companyName));
        name += textAt(texts, m_companyLinkedIn);
        name += textAt(texts, m_companyShort);
        return name.empty() ? std::string() : uuid5Url(name);
    }

    void emitRow()
    {
        if (m_plan.entity == Entity::Contact)
            emitContact();
        else
            emitCompany();
    }

    void emitContact()
    {
        const bool anyCompanyValue = std::any_of(m_companyText.begin(), m_companyText.end(),
                                                 [](std::string_view t) { return !t.empty(); });
        const std::string_view givenUuid = firstValue(m_plan.companyUuidSources);
        const std::string_view givenId = firstValue(m_plan.companyIdSources);
        std::string company(!givenUuid.empty() ? givenUuid : givenId);
        bool companyGiven = !givenUuid.empty() || (anyCompanyValue && !givenId.empty() && m_plan.companyUuidSources.empty());
        if (company.empty()) {
            company = companyKey(m_companyText);
            companyGiven = !company.empty();
            if (company.empty() && hasCompanyOnlyValue())
                ++m_out.companyWithoutIdentity;
        }
        static const std::string noCompany = uuid5Url({});
        std::string_view uuid = firstValue(m_plan.uuidSources);
        std::string made;
        if (uuid.empty()) {
            std::string name(textAt(m_ownText, m_first));
            name += textAt(m_ownText, m_last);
            name += textAt(m_ownText, m_email);
            name += company.empty() ? noCompany : company;
            made = uuid5Url(name);
            uuid = made;
        }
        append(uuid, !givenId.empty() ? givenId : std::string_view(company), companyGiven ? std::string_view(company) : std::string_view());
    }

    /// True when a cell that only means something for a company has a value (website and the like mean the person too).
    bool hasCompanyOnlyValue() const
    {
        for (size_t i = 0; i < m_plan.company.size(); ++i) {
            if (m_companyText[i].empty())
                continue;
            const auto &sources = m_plan.company[i].sources;
            const bool shared = std::any_of(m_plan.own.begin(), m_plan.own.end(),
                                            [&](const StagedColumn &own) { return own.sources == sources; });
            if (!shared)
                return true;
        }
        return false;
    }

    void emitCompany()
    {
        std::string made;
        std::string_view uuid = firstValue(m_plan.uuidSources);
        if (uuid.empty()) {
            made = companyKey(m_ownText);
            uuid = made;
        }
        if (uuid.empty()) {
            reject(-1, "neither name nor LinkedIn URL nor uuid", kNoIdentity);
            return;
        }
        append(uuid, {}, {});
    }

    // ---- the staging row

    /// `companyId` goes to contacts.company_id; `companyUuid` is empty when the row brings no company of its own.
    void append(std::string_view uuid, std::string_view companyId, std::string_view companyUuid)
    {
        db::RowBatch &rows = m_out.rows;
        rows.appendInteger(m_cursor.row());
        rows.appendText(uuid);
        appendMatchKey(uuid);
        companyId.empty() ? rows.appendNull() : rows.appendText(companyId);
        companyUuid.empty() ? rows.appendNull() : rows.appendText(companyUuid);
        appendValues(m_plan.own, m_ownText);
        appendValues(m_plan.company, m_companyText);

        CompanyDigest digest;
        if (!companyUuid.empty()) {
            digest.key = qHashBits(companyUuid.data(), companyUuid.size(), 1) | 1u;
            m_payload.clear();
            for (const std::string_view text : m_companyText) {
                m_payload += std::to_string(text.size());
                m_payload += ':';
                m_payload += text;
            }
            digest.payload = qHashBits(m_payload.data(), m_payload.size(), 2);
        }
        m_out.companies.push_back(digest);
    }

    void appendMatchKey(std::string_view uuid)
    {
        QByteArray key;
        if (m_plan.match == MatchBy::Email)
            key = foldCase(textAt(m_ownText, m_email));
        else if (m_plan.match == MatchBy::LinkedIn)
            key = linkedInKey(textAt(m_ownText, m_linkedIn));
        m_out.rows.appendText(key.isEmpty() ? uuid : viewOf(key));
    }

    void appendValues(const std::vector<StagedColumn> &columns, const std::vector<std::string_view> &texts)
    {
        db::RowBatch &rows = m_out.rows;
        for (size_t i = 0; i < columns.size(); ++i) {
            if (texts[i].empty()) {
                rows.appendNull();
                continue;
            }
            switch (columns[i].kind) {
            case ValueKind::Number: rows.appendInteger(*parseNumber(texts[i])); break;
            case ValueKind::Timestamp: rows.appendTimestamp(*parseTimestamp(texts[i])); break;
            case ValueKind::List:
                m_list.clear();
                appendList(texts[i], m_list);
                m_list.empty() ? rows.appendNull() : rows.appendListBytes(m_list);
                break;
            case ValueKind::Text:
            case ValueKind::Email:
            case ValueKind::Date: rows.appendText(texts[i]); break;
            }
        }
    }

    // ---- what is wrong with a record

    Reject describe(int column, std::string_view value, const char *reason) const
    {
        return {m_cursor.row(), m_cursor.line(), m_cursor.offset(),
                column < 0 ? QString() : m_plan.headers[static_cast<size_t>(column)],
                QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size())), QLatin1String(reason)};
    }

    bool reject(int column, std::string_view value, const char *reason)
    {
        ++m_out.rejected;
        m_out.rejects.push_back(describe(column, value, reason));
        std::string &csv = m_out.rejectsCsv;
        for (const qint64 number : {m_cursor.row(), m_cursor.line(), m_cursor.offset()}) {
            appendInteger(csv, number);
            csv += ',';
        }
        appendCsvCell(csv, viewOf(m_out.rejects.back().column.toUtf8()));
        csv += ',';
        appendOriginal(csv, value);
        csv += ',';
        csv += reason;
        if (m_cursor.unterminated()) {
            csv += ',';
            appendOriginal(csv, m_cursor.original());
        } else {
            // As many cells as the record had, so that a row with the wrong number stays wrong until it is mended.
            const auto cells = m_cursor.cells();
            for (size_t i = static_cast<size_t>(m_plan.rejectColumns); i < cells.size(); ++i) {
                csv += ',';
                appendOriginal(csv, cells[i]);
            }
        }
        csv += '\n';
        return false;
    }

    /// The file's own bytes where they are not text in its encoding, UTF-8 otherwise.
    void appendOriginal(std::string &csv, std::string_view cell)
    {
        std::string_view decoded = cell;
        if (m_format.encoding == Encoding::Windows1252 || m_format.encoding == Encoding::Latin1) {
            if (!decodeCell(cell, m_format.encoding, m_originalScratch, decoded))
                decoded = cell;
        }
        appendCsvCell(csv, decoded);
    }

    void warn(int column, std::string_view value, const char *reason)
    {
        ++m_out.warnings;
        m_out.warningList.push_back(describe(column, value, reason));
    }

    RecordCursor m_cursor;
    const CsvFormat &m_format;
    const ImportPlan &m_plan;
    const bool m_lenient;
    ParsedChunk m_out;
    std::vector<std::vector<char>> m_scratch;
    std::vector<std::string_view> m_cells;      ///< normalised cells of the record
    std::vector<std::string_view> m_ownText, m_companyText; ///< values of the plan's columns; empty: NULL
    std::vector<char> m_originalScratch;
    std::string m_list, m_payload;
    int m_faultColumn = -1;
    int m_first = -1, m_last = -1, m_email = -1, m_linkedIn = -1;
    int m_companyName = -1, m_companyLinkedIn = -1, m_companyShort = -1;
};

} // namespace

std::vector<QByteArray> stagingColumnNames(const ImportPlan &plan)
{
    std::vector<QByteArray> names{"rn", "u", "mk", "cid", "cu"};
    for (const StagedColumn &column : plan.own)
        names.push_back(column.stagingName);
    for (const StagedColumn &column : plan.company)
        names.push_back(column.stagingName);
    return names;
}

std::vector<db::ColumnType> stagingColumnTypes(const ImportPlan &plan)
{
    using enum db::ColumnType;
    std::vector<db::ColumnType> types{Integer, Text, Text, Text, Text};
    for (const StagedColumn &column : plan.own)
        types.push_back(stagedType(column.kind));
    for (const StagedColumn &column : plan.company)
        types.push_back(stagedType(column.kind));
    return types;
}

ParsedChunk parseImportChunk(const RecordChunk &chunk, const CsvFormat &format, const ImportPlan &plan, bool lenient)
{
    return ChunkParser(chunk, format, plan, lenient).run();
}

} // namespace a360::transfer
