// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/length_rules.h"

#include "transfer/value_rules.h"

#include <cstring>
#include <string>

namespace a360::transfer {

namespace {

bool isOver(size_t size, int limit)
{
    return limit > 0 && size > static_cast<size_t>(limit);
}

} // namespace

int brokenTextLimit(const contacts::TextLimit &limit, std::string_view text)
{
    return isOver(text.size(), limit.bytes) ? limit.bytes : 0;
}

int brokenListLimit(const contacts::TextLimit &limit, std::string_view cell)
{
    constexpr size_t elementOverhead = 8;
    // A list costs most when its elements are single letters: 9 bytes for every 2 of the cell. Shorter cells, which is
    // nearly all of them, need not be taken apart.
    if (!isOver((cell.size() + 1) * (elementOverhead + 1) / 2, limit.bytes) && !isOver(cell.size(), limit.elementBytes))
        return 0;
    std::string list;
    appendList(cell, list);
    size_t stored = 0;
    for (size_t at = 0; at < list.size();) {
        qint32 size = 0;
        std::memcpy(&size, list.data() + at, sizeof size);
        if (isOver(static_cast<size_t>(size), limit.elementBytes))
            return limit.elementBytes;
        at += sizeof size + static_cast<size_t>(size);
        stored += elementOverhead + static_cast<size_t>(size);
    }
    return isOver(stored, limit.bytes) ? limit.bytes : 0;
}

} // namespace a360::transfer
