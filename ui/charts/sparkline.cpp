// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/sparkline.h"

#include <QPainter>
#include <QPolygonF>

#include <algorithm>

namespace a360::ui {

void paintSparkline(QPainter &painter, const QRect &area, const Series &samples, qint64 now, int seconds, const QColor &colour)
{
    std::vector<Column> columns;
    // A sparkline shows the shape: missing samples are left out only where a tenth of it is missing.
    columnsOf(samples, now - qint64(seconds) * 1000, now, area.width(), qint64(seconds) * 100, columns);
    if (columns.empty())
        return;
    double highest = 0;
    for (const Column &column : columns)
        highest = std::max(highest, column.high);
    const auto yOf = [&](double value) {
        return area.bottom() - (highest > 0 ? std::max(0.0, value) / highest : 0.0) * (area.height() - 1);
    };
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1.25));
    QPolygonF points;
    for (const Column &column : columns) {
        if (!column.joined && !points.isEmpty()) {
            painter.drawPolyline(points);
            points.clear();
        }
        points.append(QPointF(area.left() + column.x, yOf(column.high)));
        if (column.low != column.high)
            points.append(QPointF(area.left() + column.x, yOf(column.last)));
    }
    painter.drawPolyline(points);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(points.last(), 1.75, 1.75);
    painter.restore();
}

} // namespace a360::ui
