// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/record_splitter.h"

#include "transfer/byte_scan.h"

#include <algorithm>
#include <cstring>

namespace a360::transfer {

void RecordSplitter::recordEnds(const char *buffer, size_t contentEnd, size_t end)
{
    size_t at = m_end;
    while (at < contentEnd && isBlank(buffer[at], m_delimiter))
        ++at;
    m_rows += at < contentEnd;
    m_lines += m_openLines + 1;
    m_openLines = 0;
    m_end = end;
}

// The hot loop: cut into functions it would lose its state to memory.
// NOLINTNEXTLINE(readability-function-size)
void RecordSplitter::scan(std::string_view buffer, bool last, size_t enough)
{
    const char *const data = buffer.data();
    const size_t size = buffer.size();
    size_t at = m_at;
    while (at < size) {
        const size_t base = at;
        std::uint64_t hits;
        if (size - base >= 64) {
            hits = matchMask64(data + base, m_quote, '\n', '\r');
        } else {
            char tail[64] = {};
            std::memcpy(tail, data + base, size - base);
            hits = matchMask64(tail, m_quote, '\n', '\r') & ((std::uint64_t{1} << (size - base)) - 1);
        }
        at = base + std::min<size_t>(64, size - base);
        while (hits != 0) {
            const size_t hit = base + static_cast<size_t>(std::countr_zero(hits));
            hits &= hits - 1;
            const char c = data[hit];
            if (c == m_quote) {
                if (!m_inQuotes) {
                    // Only at the start of a cell does a quote open one; elsewhere it is text.
                    if (hit == m_end || data[hit - 1] == m_delimiter) {
                        m_inQuotes = true;
                        m_openQuote = hit;
                        m_openQuoteLines = m_openLines;
                    }
                    continue;
                }
                if (hit + 1 == size && !last) {
                    m_at = hit; // a second quote may follow
                    return;
                }
                if (hit + 1 < size && data[hit + 1] == m_quote) {
                    if (hits != 0)
                        hits &= hits - 1;
                    else
                        at = std::max(at, hit + 2);
                    continue;
                }
                m_inQuotes = false;
                continue;
            }
            if (m_inQuotes) {
                const bool secondHalf = c == '\n' && data[hit - 1] == '\r';
                m_openLines += m_crLines ? !secondHalf : c == '\n';
                continue;
            }
            size_t next = hit + 1;
            if (c == '\r') {
                if (next == size && !last) {
                    m_at = hit; // a line feed may follow
                    return;
                }
                if (next < size && data[next] == '\n') {
                    ++next;
                    if (hits != 0)
                        hits &= hits - 1;
                    else
                        at = std::max(at, next);
                }
            }
            recordEnds(data, hit, next);
            if (next >= enough) {
                m_at = next;
                return;
            }
        }
    }
    m_at = at;
    if (last && !m_inQuotes && m_end < size)
        recordEnds(data, size, size);
}

void RecordSplitter::dropFront()
{
    m_at -= m_end;
    m_openQuote -= std::min(m_openQuote, m_end);
    m_end = 0;
    m_rows = 0;
    m_lines = 0;
}

void RecordSplitter::restart()
{
    m_at = m_end = m_openQuote = 0;
    m_rows = m_lines = m_openLines = m_openQuoteLines = 0;
    m_inQuotes = false;
}

} // namespace a360::transfer
