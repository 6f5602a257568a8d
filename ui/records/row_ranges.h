// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <vector>

namespace a360::ui {

/// A set of row numbers as few ranges: ascending, apart from each other, both ends included.
class RowRanges
{
public:
    struct Range
    {
        qint64 first, last;
        bool operator==(const Range &) const = default;
    };

    RowRanges() = default;
    /// In any order, also overlapping; a range whose last row is before its first is none.
    explicit RowRanges(std::vector<Range> ranges);

    bool isEmpty() const { return m_ranges.empty(); }
    qint64 count() const;
    const std::vector<Range> &ranges() const { return m_ranges; }
    RowRanges with(const RowRanges &others) const;
    RowRanges within(qint64 first, qint64 last) const;
    RowRanges without(qint64 first, qint64 last) const;

private:
    std::vector<Range> m_ranges;
};

} // namespace a360::ui
