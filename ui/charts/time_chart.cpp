// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/time_chart.h"

#include <QDateTime>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStringList>

#include <algorithm>

namespace a360::ui {

namespace {
constexpr QSize usualSize(360, 132);
constexpr QSize leastSize(200, 88);
constexpr qreal labelPoints = 8.5;
constexpr qint64 second = 1000;
} // namespace

TimeChart::TimeChart(ChartModel model, QWidget *parent) : QWidget(parent), m_model(std::move(model))
{
    setMouseTracking(true);
    setFocusPolicy(Qt::TabFocus);
    setAccessibleName(m_model.title);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    if (m_model.emptyText.isEmpty())
        m_model.emptyText = tr("Nothing measured yet");
    describe();
}

void TimeChart::setSamples(std::vector<Series> series, qint64 now)
{
    for (size_t i = 0; i < m_model.lines.size(); ++i)
        m_model.lines[i].samples = i < series.size() ? std::move(series[i]) : Series{};
    m_model.now = now;
    if (m_hover && *m_hover < m_model.from())
        m_hover.reset();
    describe();
    update();
}

void TimeChart::setMinutes(int minutes)
{
    m_model.minutes = std::clamp(minutes, 1, 60);
    describe();
    update();
}

void TimeChart::setThresholds(std::vector<Threshold> thresholds)
{
    m_model.thresholds = std::move(thresholds);
    update();
}

void TimeChart::setLeastTop(double top)
{
    m_model.leastTop = top;
    update();
}

void TimeChart::setEmptyText(const QString &text)
{
    m_model.emptyText = text;
    describe();
    update();
}

void TimeChart::describe()
{
    const QString words = m_model.summary(locale());
    if (words != accessibleDescription())
        setAccessibleDescription(words);
}

QString TimeChart::readout() const
{
    if (!m_hover)
        return {};
    QStringList parts;
    for (const ChartLine &line : m_model.lines) {
        const Sample *sample = m_model.nearest(line, *m_hover);
        if (!sample)
            continue;
        if (parts.isEmpty())
            parts.append(QDateTime::fromMSecsSinceEpoch(sample->time).toString(QStringLiteral("HH:mm:ss")));
        const QString value = valueText(sample->value, m_model.unit, locale());
        parts.append(line.name.isEmpty() ? value : QStringLiteral("%1 %2").arg(line.name, value));
    }
    return parts.join(QStringLiteral(" · "));
}

QSize TimeChart::sizeHint() const
{
    return usualSize;
}

QSize TimeChart::minimumSizeHint() const
{
    return leastSize;
}

QFont TimeChart::labelFont() const
{
    QFont small = font();
    small.setPointSizeF(labelPoints);
    return small;
}

void TimeChart::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensFor(palette());
    m_painter.paint(painter, rect(), m_model, tokens, labelFont(), locale(), m_hover);
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(tokens.accent, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), metrics::half, metrics::half);
    }
}

void TimeChart::setHover(std::optional<qint64> time)
{
    if (m_hover == time)
        return;
    m_hover = time;
    update();
}

void TimeChart::mouseMoveEvent(QMouseEvent *event)
{
    const QRect plot = m_painter.plotOf(rect(), m_model, labelFont(), locale());
    const int x = static_cast<int>(event->position().x());
    if (plot.width() < 2 || x < plot.left() || x > plot.right() || m_model.isEmpty()) {
        setHover(std::nullopt);
        return;
    }
    setHover(m_model.from() + (m_model.now - m_model.from()) * (x - plot.left()) / (plot.width() - 1));
}

void TimeChart::leaveEvent(QEvent *event)
{
    setHover(std::nullopt);
    QWidget::leaveEvent(event);
}

void TimeChart::keyPressEvent(QKeyEvent *event)
{
    const qint64 step = std::max<qint64>(second, m_model.minutes * second);
    const qint64 at = m_hover.value_or(m_model.now);
    switch (event->key()) {
    case Qt::Key_Left:
        setHover(std::max(m_model.from(), at - step));
        return;
    case Qt::Key_Right:
        setHover(std::min(m_model.now, at + step));
        return;
    case Qt::Key_Home:
        setHover(m_model.from());
        return;
    case Qt::Key_End:
        setHover(m_model.now);
        return;
    case Qt::Key_Escape:
        if (m_hover) {
            setHover(std::nullopt);
            return;
        }
        break;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

void TimeChart::focusOutEvent(QFocusEvent *event)
{
    setHover(std::nullopt);
    QWidget::focusOutEvent(event);
}

} // namespace a360::ui
