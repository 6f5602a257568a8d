// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/encoding_detection.h"

#include "transfer/byte_scan.h"

namespace a360::transfer {

ByteOrderMark findByteOrderMark(std::string_view head)
{
    using namespace std::string_view_literals;
    if (head.starts_with("\xEF\xBB\xBF"sv))
        return {Encoding::Utf8, 3};
    if (head.starts_with("\xFF\xFE"sv))
        return {Encoding::Utf16Le, 2};
    if (head.starts_with("\xFE\xFF"sv))
        return {Encoding::Utf16Be, 2};
    return {};
}

/// Takes what belongs to one sequence, which may have begun in an earlier piece and go on in a later one.
const char *Utf8Census::sequence(const char *p, const char *end)
{
    if (m_missing == 0) {
        const auto lead = static_cast<unsigned char>(*p++);
        m_lowest = 0x80;
        m_highest = 0xBF;
        if (lead >= 0xC2 && lead <= 0xDF) {
            m_missing = 1;
        } else if (lead >= 0xE0 && lead <= 0xEF) {
            m_missing = 2;
            if (lead == 0xE0)
                m_lowest = 0xA0; // shorter forms exist
            else if (lead == 0xED)
                m_highest = 0x9F; // surrogates
        } else if (lead >= 0xF0 && lead <= 0xF4) {
            m_missing = 3;
            if (lead == 0xF0)
                m_lowest = 0x90;
            else if (lead == 0xF4)
                m_highest = 0x8F; // beyond U+10FFFF
        } else {
            ++m_invalid;
            return p;
        }
    }
    while (p != end) {
        const auto c = static_cast<unsigned char>(*p);
        if (c < m_lowest || c > m_highest) {
            ++m_invalid;
            m_missing = 0;
            return p;
        }
        ++p;
        m_lowest = 0x80;
        m_highest = 0xBF;
        if (--m_missing == 0) {
            ++m_valid;
            return p;
        }
    }
    return p;
}

void Utf8Census::add(std::string_view bytes)
{
    const char *const begin = bytes.data();
    const char *const end = begin + bytes.size();
    const char *p = begin;
    while (p != end) {
        if (m_missing == 0) {
            p = skipAscii(p, end);
            if (p == end)
                break;
            if (*p == '\0') {
                if (m_firstNul < 0)
                    m_firstNul = m_seen + (p - begin);
                ++p;
                continue;
            }
        }
        p = sequence(p, end);
    }
    m_seen += static_cast<qint64>(bytes.size());
}

void Utf8Census::finish()
{
    if (m_missing != 0)
        ++m_invalid;
    m_missing = 0;
}

} // namespace a360::transfer
