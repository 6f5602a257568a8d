// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/csv_format.h"

#include <string_view>

namespace a360::transfer {

/// A byte order mark at the start of `head`.
struct ByteOrderMark
{
    std::optional<Encoding> encoding;
    int size = 0;
};
ByteOrderMark findByteOrderMark(std::string_view head);

/// Counts the valid and the invalid UTF-8 sequences of a byte stream handed over piece by piece, and notes the first
/// NUL byte. Of an invalid sequence the longest start that could have become a valid one counts as one, as decoders
/// that put U+FFFD in its place do it. One thread.
class Utf8Census
{
public:
    void add(std::string_view bytes);
    void finish(); ///< a sequence cut off by the end counts as invalid

    qint64 valid() const { return m_valid; }
    qint64 invalid() const { return m_invalid; }
    qint64 firstNul() const { return m_firstNul; } ///< offset from the start of the stream; -1: none
    /// Decision 9, for a file without byte order mark.
    Encoding verdict() const { return m_valid >= m_invalid ? Encoding::Utf8 : Encoding::Windows1252; }

private:
    const char *sequence(const char *p, const char *end);

    qint64 m_valid = 0, m_invalid = 0, m_seen = 0, m_firstNul = -1;
    int m_missing = 0;                              // continuation bytes the open sequence still needs
    unsigned char m_lowest = 0x80, m_highest = 0xBF; // bounds of the next one
};

} // namespace a360::transfer
