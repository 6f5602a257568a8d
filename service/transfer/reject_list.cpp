// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/reject_list.h"

#include "core/bytes.h"
#include "transfer/json_text.h"
#include "transfer/row_encoder.h"

namespace a360::transfer {

namespace {

/// The beginning of a value, as a list of a thousand of them must not hold a thousand giant cells.
QString shown(std::string_view value)
{
    constexpr qsizetype longest = 200;
    const std::string_view front = value.substr(0, 4 * longest);
    QString text = QString::fromUtf8(front.data(), static_cast<qsizetype>(front.size()));
    if (text.size() <= longest && front.size() == value.size())
        return text;
    text.truncate(text.at(longest - 1).isHighSurrogate() ? longest - 1 : longest);
    return text + QChar(0x2026);
}

} // namespace

Reject RejectList::describe(const RecordCursor &at, int column, std::string_view value, const char *reason,
                            int limit) const
{
    return {at.row(), at.line(), at.offset(), column < 0 ? QString() : m_plan.headers[static_cast<size_t>(column)],
            shown(value), QLatin1String(reason), limit};
}

void RejectList::warn(const RecordCursor &at, int column, std::string_view value, const char *reason, int limit)
{
    warnings.push_back(describe(at, column, value, reason, limit));
}

void RejectList::reject(const RecordCursor &at, int column, std::string_view value, const char *reason, int limit)
{
    rejects.push_back(describe(at, column, value, reason, limit));
    for (const qint64 number : {at.row(), at.line(), at.offset()}) {
        appendInteger(csv, number);
        csv += ',';
    }
    appendCsvCell(csv, viewOf(rejects.back().column.toUtf8()));
    csv += ',';
    appendOriginal(value);
    csv += ',';
    csv += reason;
    if (at.unterminated()) {
        csv += ',';
        appendOriginal(at.original());
    } else {
        // As many cells as the record had, so that a row with the wrong number stays wrong until it is mended.
        const auto cells = at.cells();
        for (size_t i = static_cast<size_t>(m_plan.rejectColumns); i < cells.size(); ++i) {
            csv += ',';
            appendOriginal(cells[i]);
        }
        if (!at.surplus().empty()) {
            csv += ',';
            appendOriginal(at.surplus());
        }
    }
    csv += '\n';
}

/// The file's own bytes where they are not text in its encoding, UTF-8 otherwise.
void RejectList::appendOriginal(std::string_view cell)
{
    std::string_view decoded = cell;
    if (m_format.encoding == Encoding::Windows1252 || m_format.encoding == Encoding::Latin1) {
        if (!decodeCell(cell, m_format.encoding, m_scratch, decoded))
            decoded = cell;
    }
    appendCsvCell(csv, decoded);
}

} // namespace a360::transfer
