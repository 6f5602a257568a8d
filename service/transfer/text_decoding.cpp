// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/text_decoding.h"

#include "core/text.h"
#include "transfer/byte_scan.h"
#include "transfer/csv_reader.h"

#include <algorithm>
#include <array>

namespace a360::transfer {

namespace {

constexpr bool isHighSurrogate(unsigned unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}
constexpr bool isLowSurrogate(unsigned unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

char byte(unsigned value)
{
    return static_cast<char>(static_cast<unsigned char>(value));
}

char *putUtf8(char *out, unsigned c)
{
    if (c < 0x80) {
        *out++ = byte(c);
    } else if (c < 0x800) {
        *out++ = byte(0xC0 | (c >> 6));
        *out++ = byte(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *out++ = byte(0xE0 | (c >> 12));
        *out++ = byte(0x80 | ((c >> 6) & 0x3F));
        *out++ = byte(0x80 | (c & 0x3F));
    } else {
        *out++ = byte(0xF0 | (c >> 18));
        *out++ = byte(0x80 | ((c >> 12) & 0x3F));
        *out++ = byte(0x80 | ((c >> 6) & 0x3F));
        *out++ = byte(0x80 | (c & 0x3F));
    }
    return out;
}

// Windows-1252 from 0x80 to 0x9F; 0 where the code page has a hole.
constexpr std::array<unsigned short, 32> windows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

bool decodeSingleByte(std::string_view cell, bool windows, std::vector<char> &scratch, std::string_view &out)
{
    scratch.resize(cell.size() * 3);
    char *to = scratch.data();
    for (const char c : cell) {
        unsigned value = static_cast<unsigned char>(c);
        if (windows && value >= 0x80 && value < 0xA0)
            value = windows1252[value - 0x80];
        if (value == 0)
            return false;
        to = putUtf8(to, value);
    }
    out = {scratch.data(), static_cast<size_t>(to - scratch.data())};
    return true;
}

} // namespace

char *Utf16Decoder::put(char *out, unsigned unit)
{
    if (m_high != 0) {
        const unsigned high = std::exchange(m_high, 0u);
        if (isLowSurrogate(unit))
            return putUtf8(out, 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
        *out++ = byte(0xFF);
    }
    if (isHighSurrogate(unit)) {
        m_high = unit;
        return out;
    }
    if (isLowSurrogate(unit)) {
        *out++ = byte(0xFF);
        return out;
    }
    return putUtf8(out, unit);
}

void Utf16Decoder::decode(std::string_view raw, QByteArray &utf8)
{
    if (raw.empty())
        return;
    const qsizetype start = utf8.size();
    // A unit takes three bytes at most; one more unit and one more 0xFF may have been waiting.
    utf8.resize(start + static_cast<qsizetype>(raw.size() / 2 + 2) * 3);
    char *out = utf8.data() + start;
    const auto *p = reinterpret_cast<const unsigned char *>(raw.data());
    const auto *end = p + raw.size();
    const auto unit = [this](unsigned first, unsigned second) {
        return m_bigEndian ? (first << 8) | second : (second << 8) | first;
    };
    if (m_hasOddByte) {
        m_hasOddByte = false;
        out = put(out, unit(m_oddByte, *p++));
    }
    while (end - p >= 2) {
        const unsigned u = unit(p[0], p[1]);
        p += 2;
        if (u < 0x80 && m_high == 0)
            *out++ = byte(u);
        else
            out = put(out, u);
    }
    if (p != end) {
        m_hasOddByte = true;
        m_oddByte = *p;
    }
    utf8.truncate(out - utf8.constData());
}

void Utf16Decoder::finish(QByteArray &utf8)
{
    if (std::exchange(m_high, 0u) != 0)
        utf8.append(byte(0xFF));
    if (std::exchange(m_hasOddByte, false))
        utf8.append(byte(0xFF));
}

qint64 utf16BytesOf(std::string_view decoded)
{
    qint64 units = 0;
    for (const char c : decoded) {
        const auto b = static_cast<unsigned char>(c);
        units += (b & 0xC0u) != 0x80u;            // each sequence is one unit …
        units += b >= 0xF0u && b <= 0xF4u ? 1 : 0; // … or two
    }
    return 2 * units;
}

bool decodeCell(std::string_view cell, Encoding encoding, std::vector<char> &scratch, std::string_view &out)
{
    const char *const end = cell.data() + cell.size();
    const char *const special = skipAscii(cell.data(), end);
    if (special == end) {
        out = cell;
        return true;
    }
    switch (encoding) {
    case Encoding::Windows1252:
        return decodeSingleByte(cell, true, scratch, out);
    case Encoding::Latin1:
        return decodeSingleByte(cell, false, scratch, out);
    case Encoding::Utf8:
    case Encoding::Utf16Le:
    case Encoding::Utf16Be:
        break;
    }
    // NUL is text nowhere: databases refuse it. It can only come from UTF-16 here.
    const std::string_view rest(special, static_cast<size_t>(end - special));
    if (!isValidUtf8(rest) || rest.find('\0') != std::string_view::npos)
        return false;
    out = cell;
    return true;
}

} // namespace a360::transfer
