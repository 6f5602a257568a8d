// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/ink.h"
#include "charts/scale.h"

#include <QRect>

class QPainter;

namespace a360::ui {

/// A line without axes, as small as a table cell: the last `seconds` up to `now` of `samples`, on a scale from 0 to its own
/// highest value, with a dot at its end.
void paintSparkline(QPainter &painter, const QRect &area, const Series &samples, qint64 now, int seconds, const QColor &colour);

} // namespace a360::ui
