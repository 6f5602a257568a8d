// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/csv_format.h"

#include <span>
#include <string_view>
#include <vector>

namespace a360::transfer {

/// Complete records, cut out of the file by ChunkReader; parsed by RecordCursor, on any thread.
struct RecordChunk
{
    QByteArray bytes;       ///< the file's own bytes; UTF-16 files are already UTF-8 here (a lone surrogate became 0xFF)
    qint64 firstRow = 1;    ///< data record number of the first record, from 1; blank records do not count
    qint64 firstLine = 2;   ///< physical line of the first byte, from 1
    qint64 firstOffset = 0; ///< byte offset of the first byte in the (decompressed) file
    qint64 rows = 0;        ///< records in the chunk, blank ones not counted
};

/// Sizes ChunkReader works with, in bytes of the decompressed file (of its UTF-8 form, for UTF-16).
struct ChunkSizes
{
    qint64 chunk = 1024 * 1024;            ///< a chunk ends with the first record that reaches this
    qint64 longestRecord = 16 * 1024 * 1024;
};

/// Splits a file into chunks of whole records (about 1 MiB each), quote-aware, in flat memory. One thread at a time.
///
/// A record ends with LF, CRLF or a lone CR outside quotes, in any mixture. A record of nothing but blanks is no record.
/// Physical lines end where records end, and at each LF in a quoted cell (in a file of lone CRs, at each CR as well).
class ChunkReader
{
public:
    /// Starts behind the header record. `lenient`: a quoted cell that is never closed costs only the physical line it
    /// begins in (handed out as a record in a chunk of its own, see RecordCursor::unterminated()); otherwise it is
    /// Error{UnusableInput} naming line and byte. A quoted cell that makes its record longer than 16 MiB counts as never
    /// closed; a physical line that long is an error either way.
    ChunkReader(std::unique_ptr<ByteSource> source, CsvFormat format, bool lenient, ChunkSizes sizes = {});
    ~ChunkReader();

    Result<bool> next(RecordChunk &chunk); ///< false at the end
    const ByteSource &source() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// Most columns a header may have: what a spreadsheet has. Each one costs memory in every row.
inline constexpr size_t mostColumns = 16'384;

/// Walks the records of a chunk (RFC 4180, and what real files do: quotes in mid-cell are text, so is what follows a
/// closing quote; LF, CRLF and lone CR end records, blank records are passed over). Chunk and format must outlive it.
class RecordCursor
{
public:
    RecordCursor(const RecordChunk &chunk, const CsvFormat &format);

    bool next();
    /// The cells of the record: unquoted, not yet trimmed or decoded, in the chunk's encoding. Valid until next(). The first
    /// `mostKept` of them; a record may be 16 MiB of delimiters, and no header has as many columns.
    std::span<const std::string_view> cells() const { return m_cells; }
    static constexpr size_t mostKept = 2 * mostColumns;
    size_t cellCount() const { return m_cells.size() + m_surplusCells; } ///< also of those that are not kept
    /// The cells that are not kept, as they stand in the file; empty where all are.
    std::string_view surplus() const { return m_surplus; }
    bool surplusHoldsText() const { return m_surplusHoldsText; } ///< one of them is more than blanks
    qint64 row() const { return m_row; }
    qint64 line() const { return m_line; }
    qint64 offset() const { return m_offset; }
    qint64 nextLine() const { return m_nextLine; } ///< the physical line behind the record
    /// The record's own bytes, without its newline.
    std::string_view original() const { return m_original; }
    /// A quoted cell was still open at the end of the chunk.
    bool unterminated() const { return m_unterminated; }

private:
    void skipTo(const char *to, qint64 lines);
    const char *quotedCell(const char *quote);
    void addCell(std::string_view cell);

    const CsvFormat &m_format;
    const char *m_at;  // the next record
    const char *m_end;
    std::vector<std::string_view> m_cells;
    std::vector<char> m_scratch; // unescaped quoted cells of the current record; never grows while they are in use
    std::string_view m_original, m_surplus;
    size_t m_surplusCells = 0;
    bool m_surplusHoldsText = false;
    qint64 m_row, m_line, m_offset, m_nextLine, m_nextOffset;
    qint64 m_linesInCells = 0; // of the current record
    bool m_unterminated = false;
};

/// Decodes a cell to UTF-8. Returns false when its bytes are invalid in the encoding, or hold a NUL. Valid UTF-8 and
/// ASCII are not copied: `out` then views the input; otherwise it views `scratch`.
bool decodeCell(std::string_view cell, Encoding encoding, std::vector<char> &scratch, std::string_view &out);

} // namespace a360::transfer
