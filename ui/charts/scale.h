// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/sample.h"
#include "charts/value_text.h"

namespace a360::ui {

/// The vertical scale of a chart: from 0 to `top`, a line every `step`.
struct Scale
{
    double top = 1;
    double step = 1;
    int steps() const { return static_cast<int>(top / step + 0.5); }
};

/// The smallest scale of at most `mostSteps` (>= 1) round steps that holds `largest`: steps of 1, 2 or 5 times a power of
/// ten; of 1,024 for bytes; not below 1 for counts.
Scale niceScale(double largest, int mostSteps, Unit unit);

/// The lowest and highest value that fall on one column of pixels, with the first and the last of them: enough to draw a
/// line through any number of samples as it would look with all of them.
struct Column
{
    int x = 0;
    double first = 0, last = 0, low = 0, high = 0;
    bool joined = false; ///< connected with the column before: no sample is missing in between
};

/// Samples of [from, to] (milliseconds) on `width` columns of pixels; samples further apart than `gap` milliseconds, and
/// values that are no numbers, leave a gap. `columns` is overwritten; its memory is used again.
void columnsOf(const Series &samples, qint64 from, qint64 to, int width, qint64 gap, std::vector<Column> &columns);

} // namespace a360::ui
