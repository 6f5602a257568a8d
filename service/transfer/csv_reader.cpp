// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/csv_reader.h"

#include "core/text.h"
#include "transfer/byte_scan.h"
#include "transfer/record_splitter.h"
#include "transfer/text_decoding.h"

#include <algorithm>
#include <optional>

namespace a360::transfer {

namespace {

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<size_t>(bytes.size())};
}

constexpr qint64 smallestRead = 64 * 1024;

} // namespace

struct ChunkReader::Private
{
    Private(std::unique_ptr<ByteSource> from, CsvFormat how, bool forgiving, ChunkSizes limits)
        : source(std::move(from)), format(std::move(how)), lenient(forgiving), sizes(limits), splitter(format),
          line(format.firstRowLine), offset(format.firstRowOffset)
    {
        if (isUtf16(format.encoding))
            decoder.emplace(format.encoding);
    }

    Result<void> skipHeader();
    Result<void> fill();
    Result<void> readRaw(QByteArray &target, qint64 wanted, qint64 &taken);
    Result<bool> handOutOpenRecord(RecordChunk &chunk);
    void emitFront(RecordChunk &chunk, qsizetype size, qint64 rows, qint64 lines);
    Error tooLong() const;

    std::unique_ptr<ByteSource> source;
    CsvFormat format;
    bool lenient;
    ChunkSizes sizes;
    std::optional<Utf16Decoder> decoder;
    RecordSplitter splitter;
    QByteArray buffer; // starts with a record
    QByteArray raw;    // UTF-16 as read
    bool headerSkipped = false, atEnd = false;
    qint64 row = 1, line, offset; // of the buffer's first byte
};

ChunkReader::ChunkReader(std::unique_ptr<ByteSource> source, CsvFormat format, bool lenient, ChunkSizes sizes)
    : d(std::make_unique<Private>(std::move(source), std::move(format), lenient, sizes))
{
}

ChunkReader::~ChunkReader() = default;

const ByteSource &ChunkReader::source() const
{
    return *d->source;
}

Result<void> ChunkReader::Private::skipHeader()
{
    std::vector<char> scratch(static_cast<size_t>(std::clamp<qint64>(format.firstRowOffset, 1, smallestRead)));
    for (qint64 left = format.firstRowOffset; left > 0;) {
        A360_TRY_ASSIGN(const qint64 n,
                        source->read(scratch.data(), std::min<qint64>(left, static_cast<qint64>(scratch.size()))));
        if (n == 0)
            break; // the file became shorter: the reading below finds its end
        left -= n;
    }
    headerSkipped = true;
    return {};
}

Result<void> ChunkReader::Private::readRaw(QByteArray &target, qint64 wanted, qint64 &taken)
{
    const qsizetype old = target.size();
    target.resize(old + wanted);
    auto n = source->read(target.data() + old, wanted);
    target.truncate(old + (n.ok() ? n.value() : 0));
    A360_TRY_ASSIGN(taken, std::move(n));
    return {};
}

/// Adds to the buffer what is missing to a whole chunk; to a record that is longer than that, one more chunk.
Result<void> ChunkReader::Private::fill()
{
    const qint64 missing = sizes.chunk - buffer.size();
    const qint64 wanted = missing > 0 ? missing : sizes.chunk;
    if (buffer.capacity() < buffer.size() + wanted)
        buffer.reserve(std::max<qsizetype>(buffer.size() + wanted, buffer.size() + buffer.size() / 2));
    qint64 taken = 0;
    if (decoder) {
        raw.resize(0);
        A360_TRY(readRaw(raw, wanted, taken));
        decoder->decode(view(raw), buffer);
        if (taken == 0)
            decoder->finish(buffer);
    } else {
        A360_TRY(readRaw(buffer, wanted, taken));
    }
    atEnd = taken == 0;
    return {};
}

void ChunkReader::Private::emitFront(RecordChunk &chunk, qsizetype size, qint64 rows, qint64 lines)
{
    QByteArray rest;
    rest.reserve(std::max<qsizetype>(sizes.chunk, buffer.size() - size));
    rest.append(buffer.constData() + size, buffer.size() - size);
    buffer.truncate(size);
    chunk.bytes.swap(buffer);
    buffer.swap(rest);
    chunk.firstRow = row;
    chunk.firstLine = line;
    chunk.firstOffset = offset;
    chunk.rows = rows;
    row += rows;
    line += lines;
    offset += decoder ? utf16BytesOf(view(chunk.bytes)) : size;
}

Error ChunkReader::Private::tooLong() const
{
    return makeError(ErrorCode::UnusableInput,
                     QStringLiteral("The record in line %1 (byte %2) is longer than %3 MiB. Is this a CSV file?")
                         .arg(line)
                         .arg(offset)
                         .arg(sizes.longestRecord / (1024 * 1024)));
}

/// The buffer holds nothing but the start of a record with an open quote that does not end in time, or at all.
Result<bool> ChunkReader::Private::handOutOpenRecord(RecordChunk &chunk)
{
    const char *const data = buffer.constData();
    const char *const end = data + buffer.size();
    const char *const quote = data + splitter.openQuote();
    if (!lenient) {
        const qint64 before = decoder ? utf16BytesOf({data, splitter.openQuote()}) : quote - data;
        return makeError(ErrorCode::UnusableInput,
                         QStringLiteral("The quoted cell that begins in line %1 (byte %2) is never closed%3.")
                             .arg(line + splitter.openQuoteLines())
                             .arg(offset + before)
                             .arg(atEnd ? QString()
                                        : QStringLiteral(" within %1 MiB").arg(sizes.longestRecord / (1024 * 1024))));
    }
    const char *const newline = findAny(quote, end, '\n', '\r');
    const char *const next = skipNewline(newline, end);
    // The second half of a CRLF may not have been read yet.
    if (!atEnd && (newline == end || next == end))
        return tooLong();
    const qint64 lines = splitter.openQuoteLines() + 1;
    emitFront(chunk, next - data, 1, lines);
    splitter.restart();
    return true;
}

Result<bool> ChunkReader::next(RecordChunk &chunk)
{
    if (!d->headerSkipped)
        A360_TRY(d->skipHeader());
    for (;;) {
        d->splitter.scan(view(d->buffer), d->atEnd, static_cast<size_t>(d->sizes.chunk));
        const auto complete = static_cast<qsizetype>(d->splitter.end());
        if (complete > 0 && (d->atEnd || d->buffer.size() >= d->sizes.chunk)) {
            const qint64 rows = d->splitter.rows(), lines = d->splitter.lines();
            d->splitter.dropFront();
            d->emitFront(chunk, complete, rows, lines);
            if (rows == 0)
                continue; // nothing but blank records
            return true;
        }
        const bool tooLong = d->buffer.size() > d->sizes.longestRecord;
        if (d->buffer.isEmpty() && d->atEnd)
            return false;
        if (d->splitter.inQuotes() && (d->atEnd || tooLong))
            return d->handOutOpenRecord(chunk);
        if (tooLong)
            return d->tooLong();
        A360_TRY(d->fill());
    }
}

RecordCursor::RecordCursor(const RecordChunk &chunk, const CsvFormat &format)
    : m_format(format), m_at(chunk.bytes.constData()), m_end(m_at + chunk.bytes.size()), m_row(chunk.firstRow - 1),
      m_line(chunk.firstLine), m_offset(chunk.firstOffset), m_nextLine(chunk.firstLine),
      m_nextOffset(chunk.firstOffset)
{
    m_cells.reserve(64);
}

void RecordCursor::skipTo(const char *to, qint64 lines)
{
    const std::string_view passed(m_at, static_cast<size_t>(to - m_at));
    m_nextOffset += isUtf16(m_format.encoding) ? utf16BytesOf(passed) : to - m_at;
    m_nextLine += lines;
    m_at = to;
}

void RecordCursor::addCell(std::string_view cell)
{
    if (m_cells.size() < mostKept) {
        m_cells.push_back(cell);
        return;
    }
    ++m_surplusCells;
    m_surplusHoldsText = m_surplusHoldsText || !trimmed(cell).empty();
}

bool RecordCursor::next()
{
    m_cells.clear();
    m_scratch.clear();
    m_original = {};
    m_surplus = {};
    m_surplusCells = 0;
    m_surplusHoldsText = false;
    m_unterminated = false;
    for (;;) {
        const char *p = m_at;
        while (p != m_end && isBlank(*p, m_format.delimiter))
            ++p;
        if (p == m_end)
            return false;
        if (*p != '\n' && *p != '\r')
            break;
        skipTo(skipNewline(p, m_end), 1);
    }
    ++m_row;
    m_line = m_nextLine;
    m_offset = m_nextOffset;
    m_linesInCells = 0;
    const char delimiter = m_format.delimiter;
    const char *p = m_at;
    const char *surplus = nullptr;
    for (;;) {
        if (m_cells.size() == mostKept && !surplus)
            surplus = p;
        if (p != m_end && *p == m_format.quote) {
            p = quotedCell(p);
        } else {
            const char *const cell = p;
            p = findAny(p, m_end, delimiter, '\n', '\r');
            addCell({cell, static_cast<size_t>(p - cell)});
        }
        if (p == m_end || *p != delimiter)
            break;
        ++p;
    }
    const char *contentEnd = p;
    if (m_unterminated && contentEnd[-1] == '\n')
        --contentEnd;
    if (m_unterminated && contentEnd[-1] == '\r')
        --contentEnd;
    m_original = {m_at, static_cast<size_t>(contentEnd - m_at)};
    if (surplus)
        m_surplus = {surplus, static_cast<size_t>(contentEnd - surplus)};
    skipTo(skipNewline(p, m_end), m_linesInCells + 1);
    return true;
}

/// Parses the cell whose opening quote is at `quote`; returns where it ends.
const char *RecordCursor::quotedCell(const char *quote)
{
    const bool crLines = m_format.newline == Newline::Cr;
    const char q = m_format.quote;
    const char *segment = quote + 1;
    const char *p = segment;
    std::optional<size_t> unescapedFrom;
    const auto keep = [&](const char *from, const char *to) {
        if (!unescapedFrom) {
            // Enough for the rest of the chunk: the views into it stay valid.
            if (m_scratch.empty())
                m_scratch.reserve(static_cast<size_t>(m_end - m_at));
            unescapedFrom = m_scratch.size();
        }
        m_scratch.insert(m_scratch.end(), from, to);
    };
    const auto cellFrom = [&](const char *from, const char *to) {
        if (!unescapedFrom)
            return std::string_view(from, static_cast<size_t>(to - from));
        keep(from, to);
        return std::string_view(m_scratch.data() + *unescapedFrom, m_scratch.size() - *unescapedFrom);
    };
    for (;;) {
        p = findAny(p, m_end, q, '\n', '\r');
        if (p == m_end) {
            m_unterminated = true;
            addCell(cellFrom(segment, p));
            return p;
        }
        if (*p != q) {
            m_linesInCells += crLines ? !(*p == '\n' && p[-1] == '\r') : *p == '\n';
            ++p;
            continue;
        }
        if (p + 1 == m_end || p[1] != q)
            break;
        keep(segment, p + 1);
        p += 2;
        segment = p;
    }
    const char *const behind = p + 1;
    const char *const cellEnd = findAny(behind, m_end, m_format.delimiter, '\n', '\r');
    if (cellEnd != behind) {
        keep(segment, p);
        segment = behind;
        p = cellEnd;
    }
    addCell(cellFrom(segment, p));
    return cellEnd;
}

} // namespace a360::transfer
