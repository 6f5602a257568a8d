// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/cell.h"

#include <optional>
#include <string>
#include <string_view>

namespace a360::contacts {

/// How a stored text reads (contract §1.8, §5.3): the placeholder '_' and empty text are NULL, and a leading `'+`, left
/// by spreadsheets in front of phone numbers, loses its apostrophe. Every face shows texts through this.
inline std::optional<std::string_view> readText(db::Cell cell)
{
    std::string_view text = cell.text();
    if (cell.isNull() || text.empty() || text == "_")
        return std::nullopt;
    if (text.size() >= 2 && text[0] == '\'' && text[1] == '+')
        text.remove_prefix(1);
    return text;
}

/// A list as one text: its elements joined, without NULL, empty and placeholder ones. Replaces `joined`.
inline void readList(db::Cell cell, std::string_view separator, std::string &joined)
{
    joined.clear();
    for (db::TextListReader reader(cell); reader.next();) {
        if (reader.elementIsNull() || reader.element().empty() || reader.element() == "_")
            continue;
        if (!joined.empty())
            joined += separator;
        joined += reader.element();
    }
}

} // namespace a360::contacts
