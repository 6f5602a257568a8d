// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/csv_format.h"

#include <QByteArray>

#include <string_view>

namespace a360::transfer {

inline bool isUtf16(Encoding encoding)
{
    return encoding == Encoding::Utf16Le || encoding == Encoding::Utf16Be;
}

/// Turns UTF-16 into UTF-8 piece by piece. Each unit that is half of no pair, and an odd byte at the end, becomes the
/// byte 0xFF: it is never valid UTF-8, so the cell that holds it is told apart, and it stands for exactly one unit, so
/// that offsets can be counted back. One thread.
class Utf16Decoder
{
public:
    explicit Utf16Decoder(Encoding encoding) : m_bigEndian(encoding == Encoding::Utf16Be) {}
    void decode(std::string_view raw, QByteArray &utf8);
    void finish(QByteArray &utf8); ///< what is still waiting for its other half

private:
    char *put(char *out, unsigned unit);

    bool m_bigEndian;
    bool m_hasOddByte = false;
    unsigned char m_oddByte = 0;
    unsigned m_high = 0; // a first surrogate waiting for its second
};

/// How many bytes of UTF-16 the output of Utf16Decoder came from.
qint64 utf16BytesOf(std::string_view decoded);

} // namespace a360::transfer
