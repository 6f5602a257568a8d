// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/ink.h"
#include "charts/scale.h"

#include <QString>

namespace a360::ui {

/// One line of a chart. Its name stands at its end, beside its last value; empty when the chart's title says it.
struct ChartLine
{
    QString name;
    Ink ink = Ink::Accent;
    Qt::PenStyle dashes = Qt::SolidLine;
    Series samples;
};

/// A level that matters, drawn across the chart with its words on it.
struct Threshold
{
    double value = 0;
    QString words;
    Ink ink = Ink::Warning;
};

/// What a time chart shows: everything that its picture depends on but the size and the theme.
struct ChartModel
{
    QString title;             ///< for the accessible name: "Use of the pool"
    Unit unit = Unit::Count;
    double leastTop = 0;       ///< the scale reaches at least to here
    std::vector<ChartLine> lines;
    std::vector<Threshold> thresholds;
    QString emptyText;         ///< shown while there are no samples
    qint64 now = 0;            ///< right edge, milliseconds since 1970 UTC
    int minutes = 15;          ///< from the left edge to the right one
    qint64 gap = 3'500;        ///< samples further apart are not connected, milliseconds

    qint64 from() const { return now - qint64(minutes) * 60'000; }
    /// Highest value within the shown time over all lines; not a number when there is none.
    double highest() const;
    /// The last value of a line within the shown time; not a number when the line is empty or has ended.
    double latest(const ChartLine &line) const;
    bool isEmpty() const;
    /// The sample of a line nearest to a time, not further away than `gap`; nullptr when there is none.
    const Sample *nearest(const ChartLine &line, qint64 time) const;
    /// "Use 12 %, at most 64 % in the last 15 min": what the picture says, in words.
    QString summary(const QLocale &locale) const;
};

} // namespace a360::ui
