// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/row_ranges.h"

#include <algorithm>

namespace a360::ui {

RowRanges::RowRanges(std::vector<Range> ranges)
{
    std::sort(ranges.begin(), ranges.end(), [](const Range &a, const Range &b) { return a.first < b.first; });
    for (const Range &range : ranges) {
        if (range.last < range.first)
            continue;
        if (!m_ranges.empty() && range.first <= m_ranges.back().last + 1)
            m_ranges.back().last = std::max(m_ranges.back().last, range.last);
        else
            m_ranges.push_back(range);
    }
}

qint64 RowRanges::count() const
{
    qint64 rows = 0;
    for (const Range &range : m_ranges)
        rows += range.last - range.first + 1;
    return rows;
}

RowRanges RowRanges::with(const RowRanges &others) const
{
    std::vector<Range> all = m_ranges;
    all.insert(all.end(), others.m_ranges.begin(), others.m_ranges.end());
    return RowRanges(std::move(all));
}

RowRanges RowRanges::within(qint64 first, qint64 last) const
{
    std::vector<Range> parts;
    for (const Range &range : m_ranges)
        parts.push_back({std::max(range.first, first), std::min(range.last, last)});
    return RowRanges(std::move(parts));
}

RowRanges RowRanges::without(qint64 first, qint64 last) const
{
    if (last < first)
        return *this;
    std::vector<Range> parts;
    for (const Range &range : m_ranges) {
        if (range.first < first)
            parts.push_back({range.first, std::min(range.last, first - 1)});
        if (range.last > last)
            parts.push_back({std::max(range.first, last + 1), range.last});
    }
    return RowRanges(std::move(parts));
}

} // namespace a360::ui
