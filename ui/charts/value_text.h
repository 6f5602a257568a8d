// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>
#include <QString>

namespace a360::ui {

/// What the numbers of a chart or a table count.
enum class Unit {
    Count,     ///< things: "1,204"
    Percent,   ///< 0 to 100 and above: "12.5 %"
    Seconds,   ///< "0.4 ms", "120 ms", "2.35 s"
    PerSecond, ///< "61/s", "1.2 k/s"
    Bytes,     ///< "41.3 MiB"
};

/// A value as people read it, with its unit and about three significant digits; a dash when it is not a number.
QString valueText(double value, Unit unit, const QLocale &locale);
/// "81.2 %" of a share from 0 to 1; a dash when `whole` is 0.
QString shareText(double part, double whole, const QLocale &locale);

} // namespace a360::ui
