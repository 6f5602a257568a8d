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

// The parts of the hot loop are inlined by force: as calls they would lose its state to memory.

/// Walks the quotes and newlines of a buffer, 64 bytes at a time.
struct RecordSplitter::Walk
{
    const char *data;
    size_t size;
    bool last;
    size_t at;              ///< behind the bytes looked at
    size_t base = 0;        ///< of the 64 bytes that `hits` is about
    std::uint64_t hits = 0; ///< a bit for each quote and newline that was not taken yet

    [[gnu::always_inline]] bool load(char quote)
    {
        if (at >= size)
            return false;
        base = at;
        const size_t left = size - base;
        if (left >= 64) {
            hits = matchMask64(data + base, quote, '\n', '\r');
        } else {
            char tail[64] = {};
            std::memcpy(tail, data + base, left);
            hits = matchMask64(tail, quote, '\n', '\r') & ((std::uint64_t{1} << left) - 1);
        }
        at = base + std::min<size_t>(64, left);
        return true;
    }
    [[gnu::always_inline]] size_t take()
    {
        const size_t hit = base + static_cast<size_t>(std::countr_zero(hits));
        hits &= hits - 1;
        return hit;
    }
    /// The next hit, which ends in front of `behind`, belongs to the one taken last.
    [[gnu::always_inline]] void pass(size_t behind)
    {
        if (hits != 0)
            hits &= hits - 1;
        else
            at = std::max(at, behind);
    }
    /// The byte behind a hit may decide what it means, and is not there yet.
    bool isCut(size_t hit) const { return hit + 1 == size && !last; }
};

/// False: only the next byte tells what this quote is.
[[gnu::always_inline]] inline bool RecordSplitter::quote(Walk &walk, size_t hit)
{
    if (!m_inQuotes) {
        // Only at the start of a cell does a quote open one; elsewhere it is text.
        if (hit == m_end || walk.data[hit - 1] == m_delimiter) {
            m_inQuotes = true;
            m_openQuote = hit;
            m_openQuoteLines = m_openLines;
        }
        return true;
    }
    if (walk.isCut(hit))
        return false;
    if (hit + 1 < walk.size && walk.data[hit + 1] == m_quote)
        walk.pass(hit + 2);
    else
        m_inQuotes = false;
    return true;
}

void RecordSplitter::scan(std::string_view buffer, bool last, size_t enough)
{
    Walk walk{buffer.data(), buffer.size(), last, m_at};
    while (walk.load(m_quote)) {
        while (walk.hits != 0) {
            const size_t hit = walk.take();
            const char c = walk.data[hit];
            if (c == m_quote) {
                if (!quote(walk, hit)) {
                    m_at = hit;
                    return;
                }
                continue;
            }
            if (m_inQuotes) {
                const bool secondHalf = c == '\n' && walk.data[hit - 1] == '\r';
                m_openLines += m_crLines ? !secondHalf : c == '\n';
                continue;
            }
            size_t next = hit + 1;
            if (c == '\r' && walk.isCut(hit)) {
                m_at = hit;
                return;
            }
            if (c == '\r' && next < walk.size && walk.data[next] == '\n')
                walk.pass(++next);
            recordEnds(walk.data, hit, next);
            if (next >= enough) {
                m_at = next;
                return;
            }
        }
    }
    m_at = walk.at;
    if (last && !m_inQuotes && m_end < walk.size)
        recordEnds(walk.data, walk.size, walk.size);
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
