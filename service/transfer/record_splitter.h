// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/csv_format.h"

#include <string_view>

namespace a360::transfer {

/// Finds where records end in a buffer that grows, without looking at any byte twice. Positions count from the
/// buffer's start. It knows delimiters only as what may stand in front of an opening quote, so it looks at quotes and
/// newlines alone.
class RecordSplitter
{
public:
    explicit RecordSplitter(const CsvFormat &format)
        : m_delimiter(format.delimiter), m_quote(format.quote), m_crLines(format.newline == Newline::Cr)
    {
    }

    /// Goes on where the last call stopped; `last`: the buffer will not grow any more. Stops behind the first record
    /// that ends at or after `enough`.
    void scan(std::string_view buffer, bool last, size_t enough);

    size_t end() const { return m_end; }         ///< end of the last complete record
    qint64 rows() const { return m_rows; }       ///< complete records, blank ones not counted
    qint64 lines() const { return m_lines; }     ///< physical lines in the complete records
    bool inQuotes() const { return m_inQuotes; } ///< at the position reached
    size_t openQuote() const { return m_openQuote; } ///< where the cell began that is open now
    qint64 openQuoteLines() const { return m_openQuoteLines; } ///< physical lines of the open record in front of it

    void dropFront();            ///< the complete records have been taken out of the buffer
    void restart();              ///< begin anew at the start of the buffer

private:
    struct Walk;
    bool quote(Walk &walk, size_t hit);
    void recordEnds(const char *buffer, size_t contentEnd, size_t end);

    char m_delimiter, m_quote;
    bool m_crLines;
    bool m_inQuotes = false;
    size_t m_at = 0, m_end = 0, m_openQuote = 0;
    qint64 m_rows = 0, m_lines = 0;
    qint64 m_openLines = 0; // inside the quoted cells of the record that is not complete yet
    qint64 m_openQuoteLines = 0;
};

/// What a blank record may consist of.
inline bool isBlank(char c, char delimiter)
{
    return (c == ' ' || c == '\t') && c != delimiter;
}

/// Behind the newline (LF, CRLF, CR) at `p`; `p` itself when there is none.
inline const char *skipNewline(const char *p, const char *end)
{
    if (p != end && *p == '\r')
        return p + 1 != end && p[1] == '\n' ? p + 2 : p + 1;
    return p != end && *p == '\n' ? p + 1 : p;
}

} // namespace a360::transfer
