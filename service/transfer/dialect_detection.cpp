// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/dialect_detection.h"

#include "core/text.h"
#include "transfer/byte_scan.h"
#include "transfer/csv_reader.h"
#include "transfer/record_splitter.h"
#include "transfer/text_decoding.h"

#include <algorithm>
#include <array>
#include <map>

namespace a360::transfer {

namespace {

constexpr std::array candidates = {',', ';', '\t', '|'};
constexpr int sampledRecords = 100;

/// Walks the head from where the header (or the hint in front of it) begins.
struct Position
{
    const char *at;
    const char *end;
    qint64 line = 1;

    void skipBlankLines()
    {
        for (;;) {
            const char *p = at;
            // A tab may be the delimiter, but then a header of tabs alone would be useless too.
            while (p != end && (*p == ' ' || *p == '\t'))
                ++p;
            const char *const next = skipNewline(p, end);
            if (next == p)
                return;
            at = next;
            ++line;
        }
    }
};

/// `sep=;` as spreadsheets write it, perhaps in quotes, alone on its line. 0: the line is none.
char separatorHint(Position &position)
{
    const char *const lineEnd = findAny(position.at, position.end, '\n', '\r');
    std::string_view line(position.at, static_cast<size_t>(lineEnd - position.at));
    // The delimiter itself may be a blank: only ordinary spaces at the end go.
    while (line.ends_with(' ') && line.size() > 5)
        line.remove_suffix(1);
    if (line.size() == 7 && line.front() == '"' && line.back() == '"')
        line = line.substr(1, 5);
    const bool isHint = line.size() == 5 && (line[0] == 's' || line[0] == 'S') && (line[1] == 'e' || line[1] == 'E') &&
                        (line[2] == 'p' || line[2] == 'P') && line[3] == '=' && static_cast<signed char>(line[4]) > 0 &&
                        line[4] != '"';
    if (!isHint || lineEnd == position.end)
        return 0;
    position.at = skipNewline(lineEnd, position.end);
    ++position.line;
    return line[4];
}

RecordChunk chunkFrom(const Position &position)
{
    RecordChunk chunk;
    chunk.bytes = QByteArray::fromRawData(position.at, position.end - position.at);
    chunk.firstRow = 0; // the header
    chunk.firstLine = position.line;
    return chunk;
}

/// How well a delimiter explains the first records: many columns, and the same number in many records.
qint64 score(const Position &position, const FileHead &head, CsvFormat format, char delimiter)
{
    format.delimiter = delimiter;
    const RecordChunk chunk = chunkFrom(position);
    RecordCursor cursor(chunk, format);
    if (!cursor.next())
        return 0;
    const size_t columns = cursor.cellCount();
    qint64 alike = 1;
    for (int i = 1; i < sampledRecords && cursor.next(); ++i) {
        const bool cutOff = !head.whole && cursor.original().data() + cursor.original().size() == position.end;
        if (!cutOff && cursor.cellCount() == columns)
            ++alike;
    }
    return alike * static_cast<qint64>(columns - 1);
}

char chooseDelimiter(const Position &position, const FileHead &head, const CsvFormat &format)
{
    char best = ',';
    qint64 bestScore = 0;
    for (const char candidate : candidates) {
        const qint64 s = score(position, head, format, candidate);
        if (s > bestScore) {
            bestScore = s;
            best = candidate;
        }
    }
    return best;
}

/// Apostrophes quote a file only when every cell of its first line is in them: elsewhere they are ordinary text.
bool quotedByApostrophes(const Position &position)
{
    const char *const lineEnd = findAny(position.at, position.end, '\n', '\r');
    const std::string_view line(position.at, static_cast<size_t>(lineEnd - position.at));
    if (line.size() < 3 || line.front() != '\'' || line.back() != '\'' || line.find('"') != std::string_view::npos)
        return false;
    return std::any_of(candidates.begin(), candidates.end(), [&](char delimiter) {
        size_t cells = 1;
        const char joint[] = {'\'', delimiter, '\'', '\0'};
        for (size_t at = line.find(joint); at != std::string_view::npos; at = line.find(joint, at + 2))
            ++cells;
        const auto delimiters = static_cast<size_t>(std::count(line.begin(), line.end(), delimiter));
        return cells > 1 && cells == delimiters + 1;
    });
}

Newline newlineAt(const char *p, const char *end)
{
    if (p == end || *p == '\n')
        return Newline::Lf;
    return p + 1 != end && p[1] == '\n' ? Newline::CrLf : Newline::Cr;
}

QString decodeHeaderCell(std::string_view cell, Encoding encoding)
{
    std::vector<char> scratch;
    std::string_view text;
    if (!decodeCell(cell, encoding, scratch, text))
        text = cell; // replacement characters will show where it is broken
    text = trimmed(text);
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// Names that differ in case only would mean the same to the mapping, so they are duplicates too.
Result<void> refuseDuplicates(const QStringList &header)
{
    std::map<QByteArray, qsizetype> seen;
    for (qsizetype i = 0; i < header.size(); ++i) {
        if (header[i].isEmpty())
            continue;
        const QByteArray utf8 = header[i].toUtf8();
        const auto [other, isNew] = seen.emplace(foldCase(asView(utf8)), i);
        if (isNew)
            continue;
        const QString &first = header[other->second];
        const QString what = first == header[i]
                                 ? QStringLiteral("The header \"%1\" comes twice").arg(first)
                                 : QStringLiteral("The headers \"%1\" and \"%2\" differ in case only").arg(first, header[i]);
        return makeError(ErrorCode::UnusableInput,
                         QStringLiteral("%1: in column %2 and in column %3. Rename or remove one of them.")
                             .arg(what)
                             .arg(other->second + 1)
                             .arg(i + 1),
                         first);
    }
    return {};
}

Result<void> takeHeader(const RecordCursor &cursor, CsvFormat &format)
{
    const auto cells = cursor.cells();
    if (cursor.cellCount() > mostColumns)
        return makeError(ErrorCode::UnusableInput,
                         QStringLiteral("The header, in line %1, has %2 columns; more than %3 are not taken. Is this a CSV file?")
                             .arg(format.headerLine)
                             .arg(cursor.cellCount())
                             .arg(mostColumns));
    format.header.clear();
    for (const std::string_view cell : cells)
        format.header.append(decodeHeaderCell(cell, format.encoding));
    return refuseDuplicates(format.header);
}

} // namespace

Result<void> detectDialect(const FileHead &head, const CsvOverrides &overrides, CsvFormat &format)
{
    const auto offsetOf = [&](const char *p) {
        const std::string_view before(head.text.constData(), static_cast<size_t>(p - head.text.constData()));
        return head.offset +
               (isUtf16(format.encoding) ? utf16BytesOf(before) : static_cast<qint64>(before.size()));
    };
    Position position{head.text.constData(), head.text.constData() + head.text.size()};
    position.skipBlankLines();
    if (const char hint = separatorHint(position)) {
        format.delimiter = hint;
        position.skipBlankLines();
    } else {
        format.delimiter = 0;
    }
    if (overrides.quote)
        format.quote = *overrides.quote;
    else if (quotedByApostrophes(position))
        format.quote = '\'';
    if (overrides.delimiter)
        format.delimiter = *overrides.delimiter;
    else if (format.delimiter == 0)
        format.delimiter = chooseDelimiter(position, head, format);

    const RecordChunk chunk = chunkFrom(position);
    RecordCursor cursor(chunk, format);
    if (!cursor.next())
        return makeError(ErrorCode::UnusableInput, QStringLiteral("The file has no header: it holds nothing but blank lines."));
    const char *const headerEnd = cursor.original().data() + cursor.original().size();
    format.headerOffset = offsetOf(position.at);
    format.headerLine = position.line;
    if (cursor.unterminated() || (headerEnd == position.end && !head.whole))
        return makeError(ErrorCode::UnusableInput,
                         QStringLiteral("The header, which begins in line %1 (byte %2), does not end: %3.")
                             .arg(format.headerLine)
                             .arg(format.headerOffset)
                             .arg(cursor.unterminated() ? QStringLiteral("a quoted cell is never closed")
                                                        : QStringLiteral("no newline follows")));
    format.newline = newlineAt(headerEnd, position.end);
    A360_TRY(takeHeader(cursor, format));

    const char *const rows = skipNewline(headerEnd, position.end);
    format.firstRowOffset = offsetOf(rows);
    const Position behind{rows, position.end, 1};
    RecordChunk rest = chunkFrom(behind);
    RecordCursor restCursor(rest, format);
    if (!restCursor.next() && head.whole)
        return makeError(ErrorCode::UnusableInput,
                         QStringLiteral("The file has a header but no data row."));
    // Lines in a multi-line header: counted as everywhere, now that the newline is known.
    RecordCursor again(chunk, format);
    again.next();
    format.firstRowLine = again.nextLine();
    return {};
}

} // namespace a360::transfer
