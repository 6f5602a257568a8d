// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_model.h"

#include <QFont>
#include <QPolygonF>
#include <QRect>

#include <optional>

class QPainter;

namespace a360::ui {

/// Draws a time chart. Kept by the widget from one picture to the next, so that its buffers are used again; a picture
/// costs what its pixels cost, however many samples there are.
class ChartPainter
{
public:
    /// The part of a widget of this size that the lines are drawn in.
    QRect plotOf(const QRect &area, const ChartModel &model, const QFont &font, const QLocale &locale);
    /// `hover`: a time to read the values at.
    void paint(QPainter &painter, const QRect &area, const ChartModel &model, const Tokens &tokens, const QFont &font,
               const QLocale &locale, std::optional<qint64> hover);
    const Scale &scale() const { return m_scale; }

private:
    void prepare(const QRect &area, const ChartModel &model, const QFont &font, const QLocale &locale);
    int yOf(double value) const;
    int xOf(const ChartModel &model, qint64 time) const;
    void paintGrid(QPainter &painter, const ChartModel &model, const Tokens &tokens, const QLocale &locale) const;
    void paintTimes(QPainter &painter, const ChartModel &model, const Tokens &tokens) const;
    void paintThresholds(QPainter &painter, const ChartModel &model, const Tokens &tokens) const;
    void paintThresholdWords(QPainter &painter, const ChartModel &model, const Tokens &tokens) const;
    void paintLine(QPainter &painter, const ChartModel &model, const ChartLine &line, const Tokens &tokens);
    void paintEndLabels(QPainter &painter, const ChartModel &model, const Tokens &tokens, const QLocale &locale) const;
    void paintHover(QPainter &painter, const ChartModel &model, const Tokens &tokens, const QLocale &locale, qint64 time) const;

    Scale m_scale;
    QRect m_plot;
    std::vector<Column> m_columns;
    QPolygonF m_points;
};

/// What stands at the end of a line: "waiting 3", or the value alone when the line has no name.
QString endLabel(const ChartModel &model, const ChartLine &line, const QLocale &locale);

} // namespace a360::ui
