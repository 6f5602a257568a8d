// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

namespace a360::transfer {

/// The texts of one record: its normalised cells, and what the plan's columns take from them. Empty: NULL. Views into
/// the record and the parser's scratch memory, valid until the next record.
struct RecordValues
{
    std::vector<std::string_view> cells;
    std::vector<std::string_view> own, company; ///< parallel to the plan's lists

    /// The first of some cells that has a value; `from` gets its number.
    std::string_view first(const std::vector<int> &sources, int *from = nullptr) const
    {
        for (const int source : sources) {
            if (const std::string_view cell = cells[static_cast<size_t>(source)]; !cell.empty()) {
                if (from)
                    *from = source;
                return cell;
            }
        }
        return {};
    }
};

} // namespace a360::transfer
