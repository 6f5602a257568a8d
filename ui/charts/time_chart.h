// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_painter.h"

#include <QWidget>

namespace a360::ui {

/// Lines over the last minutes, with thresholds, labels at the lines' ends and the exact value under the mouse or, with
/// the arrow keys, at any time. Its accessible description says the same in words.
class TimeChart : public QWidget
{
    Q_OBJECT

public:
    /// What stays the same from one moment to the next: title, unit, names and dashes of the lines, thresholds.
    explicit TimeChart(ChartModel model, QWidget *parent = nullptr);

    /// Shows these samples, one series for each line, up to `now` (milliseconds since 1970 UTC).
    void setSamples(std::vector<Series> series, qint64 now);
    void setMinutes(int minutes);
    void setThresholds(std::vector<Threshold> thresholds);
    void setLeastTop(double top);
    void setEmptyText(const QString &text);
    const ChartModel &model() const { return m_model; }
    /// The time whose values are shown, if any.
    std::optional<qint64> readAt() const { return m_hover; }
    /// "14:03:07 · in use 7 · waiting 0", or empty when nothing is read.
    QString readout() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void setHover(std::optional<qint64> time);
    void describe();
    QFont labelFont() const;

    ChartModel m_model;
    ChartPainter m_painter;
    std::optional<qint64> m_hover;
};

} // namespace a360::ui
