// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_painter.h"

#include <QDateTime>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace a360::ui {

namespace {

constexpr int pixelsPerStep = 36;
constexpr int labelGap = 6;
constexpr int leastGutter = 40;
constexpr qreal lineWidth = 1.75;
constexpr qreal dotRadius = 3;
constexpr int wordsGround = 200; // of 255

/// Distance of the time marks for a chart of so many minutes, in seconds.
int markSeconds(int minutes)
{
    return minutes <= 1 ? 15 : minutes <= 5 ? 60 : minutes <= 15 ? 300 : minutes <= 30 ? 600 : 900;
}

QString markText(int secondsAgo)
{
    if (secondsAgo == 0)
        return QStringLiteral("now");
    return secondsAgo % 60 == 0 ? QStringLiteral("−%1 min").arg(secondsAgo / 60) : QStringLiteral("−%1 s").arg(secondsAgo);
}

} // namespace

QString endLabel(const ChartModel &model, const ChartLine &line, const QLocale &locale)
{
    const double value = model.latest(line);
    if (std::isnan(value))
        return {};
    const QString text = valueText(value, model.unit, locale);
    return line.name.isEmpty() ? text : QStringLiteral("%1 %2").arg(line.name, text);
}

QRect ChartPainter::plotOf(const QRect &area, const ChartModel &model, const QFont &font, const QLocale &locale)
{
    prepare(area, model, font, locale);
    return m_plot;
}

void ChartPainter::prepare(const QRect &area, const ChartModel &model, const QFont &font, const QLocale &locale)
{
    const QFontMetrics metrics(font);
    const int bottom = metrics.height() + labelGap;
    const int top = metrics.height() / 2 + 1;
    const double highest = std::fmax(model.highest(), model.leastTop);
    m_scale = niceScale(highest, std::max(1, (area.height() - bottom - top) / pixelsPerStep), model.unit);
    int left = 0;
    for (int i = 0; i <= m_scale.steps(); ++i)
        left = std::max(left, metrics.horizontalAdvance(valueText(i * m_scale.step, model.unit, locale)));
    int right = leastGutter;
    for (const ChartLine &line : model.lines)
        right = std::max(right, metrics.horizontalAdvance(endLabel(model, line, locale)) + labelGap);
    m_plot = area.adjusted(left + labelGap, top, -right, -bottom);
}

int ChartPainter::yOf(double value) const
{
    const double share = std::clamp(value / m_scale.top, 0.0, 1.0);
    return m_plot.bottom() - static_cast<int>(std::lround(share * (m_plot.height() - 1)));
}

int ChartPainter::xOf(const ChartModel &model, qint64 time) const
{
    return m_plot.left() + static_cast<int>((time - model.from()) * (m_plot.width() - 1) / (model.now - model.from()));
}

void ChartPainter::paint(QPainter &painter, const QRect &area, const ChartModel &model, const Tokens &tokens,
                         const QFont &font, const QLocale &locale, std::optional<qint64> hover)
{
    prepare(area, model, font, locale);
    painter.setFont(font);
    if (m_plot.width() < 20 || m_plot.height() < 20)
        return;
    if (model.isEmpty()) {
        painter.setPen(tokens.line);
        painter.drawLine(area.left(), m_plot.bottom(), area.right(), m_plot.bottom());
        painter.setPen(tokens.muted);
        painter.drawText(area, Qt::AlignCenter | Qt::TextWordWrap, model.emptyText);
        return;
    }
    paintGrid(painter, model, tokens, locale);
    paintTimes(painter, model, tokens);
    paintThresholds(painter, model, tokens);
    painter.setRenderHint(QPainter::Antialiasing);
    for (const ChartLine &line : model.lines)
        paintLine(painter, model, line, tokens);
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintThresholdWords(painter, model, tokens);
    paintEndLabels(painter, model, tokens, locale);
    if (hover)
        paintHover(painter, model, tokens, locale, *hover);
}

void ChartPainter::paintGrid(QPainter &painter, const ChartModel &model, const Tokens &tokens, const QLocale &locale) const
{
    const int height = painter.fontMetrics().height();
    for (int i = 0; i <= m_scale.steps(); ++i) {
        const double value = i * m_scale.step;
        const int y = yOf(value);
        painter.setPen(tokens.line);
        painter.drawLine(m_plot.left(), y, m_plot.right(), y);
        painter.setPen(tokens.muted);
        painter.drawText(QRect(0, y - height / 2, m_plot.left() - labelGap, height), Qt::AlignRight | Qt::AlignVCenter,
                         valueText(value, model.unit, locale));
    }
}

void ChartPainter::paintTimes(QPainter &painter, const ChartModel &model, const Tokens &tokens) const
{
    const QFontMetrics metrics = painter.fontMetrics();
    const int total = model.minutes * 60;
    int freeUntil = m_plot.right() + metrics.horizontalAdvance(markText(0)) + labelGap;
    for (int ago = 0; ago <= total; ago += markSeconds(model.minutes)) {
        const int x = xOf(model, model.now - qint64(ago) * 1000);
        const QString text = markText(ago);
        const int width = metrics.horizontalAdvance(text);
        const int left = std::max(x - width / 2, 0);
        painter.setPen(tokens.line);
        painter.drawLine(x, m_plot.bottom(), x, m_plot.bottom() + 3);
        if (left + width + labelGap > freeUntil)
            continue;
        painter.setPen(tokens.muted);
        painter.drawText(left, m_plot.bottom() + labelGap + metrics.ascent(), text);
        freeUntil = left;
    }
}

void ChartPainter::paintThresholds(QPainter &painter, const ChartModel &model, const Tokens &tokens) const
{
    for (const Threshold &threshold : model.thresholds) {
        if (threshold.value > m_scale.top)
            continue;
        const int y = yOf(threshold.value);
        painter.setPen(QPen(inkColour(threshold.ink, tokens), 1, Qt::DashLine));
        painter.drawLine(m_plot.left(), y, m_plot.right(), y);
    }
}

/// Over the lines, on a ground that lets them shine through.
void ChartPainter::paintThresholdWords(QPainter &painter, const ChartModel &model, const Tokens &tokens) const
{
    const QFontMetrics metrics = painter.fontMetrics();
    QColor ground = tokens.surface;
    ground.setAlpha(wordsGround);
    QRect before;
    for (const Threshold &threshold : model.thresholds) {
        if (threshold.value > m_scale.top)
            continue;
        const int y = yOf(threshold.value);
        painter.setPen(inkColour(threshold.ink, tokens));
        QRect words(m_plot.left() + labelGap, y - metrics.height() / 2, metrics.horizontalAdvance(threshold.words) + 6,
                    metrics.height());
        if (words.intersects(before))
            words.moveLeft(before.right() + labelGap);
        before = words;
        painter.fillRect(words, ground);
        painter.drawText(words, Qt::AlignCenter, threshold.words);
    }
}

void ChartPainter::paintLine(QPainter &painter, const ChartModel &model, const ChartLine &line, const Tokens &tokens)
{
    columnsOf(line.samples, model.from(), model.now, m_plot.width(), model.gap, m_columns);
    const QColor colour = inkColour(line.ink, tokens);
    painter.setPen(QPen(colour, lineWidth, line.dashes, Qt::FlatCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    m_points.clear();
    const auto flush = [&] {
        if (m_points.size() == 1) { // alone between two gaps: a line of no length would not be seen
            painter.setBrush(colour);
            painter.drawEllipse(m_points.first(), 1, 1);
            painter.setBrush(Qt::NoBrush);
        } else if (m_points.size() > 1) {
            painter.drawPolyline(m_points);
        }
        m_points.clear();
    };
    const auto add = [&](int x, double value) { m_points.append(QPointF(m_plot.left() + x + 0.5, yOf(value) + 0.5)); };
    for (const Column &column : m_columns) {
        if (!column.joined)
            flush();
        add(column.x, column.first);
        if (column.low != column.high) {
            add(column.x, column.low);
            add(column.x, column.high);
            add(column.x, column.last);
        }
    }
    flush();
}

void ChartPainter::paintEndLabels(QPainter &painter, const ChartModel &model, const Tokens &tokens, const QLocale &locale) const
{
    const int height = painter.fontMetrics().height();
    std::vector<std::pair<int, const ChartLine *>> ends;
    for (const ChartLine &line : model.lines) {
        const double value = model.latest(line);
        if (!std::isnan(value))
            ends.emplace_back(yOf(value), &line);
    }
    // From above to below, pushed apart where two lines end close together, and back up at the lower edge.
    std::sort(ends.begin(), ends.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    for (size_t i = 1; i < ends.size(); ++i)
        ends[i].first = std::max(ends[i].first, ends[i - 1].first + height);
    int lowest = m_plot.bottom() + height / 2;
    for (auto end = ends.rbegin(); end != ends.rend(); ++end) {
        end->first = std::min(end->first, lowest);
        lowest = end->first - height;
    }
    for (const auto &[y, line] : ends) {
        painter.setPen(inkColour(line->ink, tokens));
        painter.drawText(QPoint(m_plot.right() + labelGap, y + painter.fontMetrics().ascent() - height / 2),
                         endLabel(model, *line, locale));
    }
}

void ChartPainter::paintHover(QPainter &painter, const ChartModel &model, const Tokens &tokens, const QLocale &locale,
                              qint64 time) const
{
    QStringList lines;
    qint64 exact = time;
    for (const ChartLine &line : model.lines) {
        if (const Sample *sample = model.nearest(line, time)) {
            exact = sample->time;
            lines.append((line.name.isEmpty() ? QString() : line.name + QLatin1Char(' ')) + valueText(sample->value, model.unit, locale));
        }
    }
    if (lines.isEmpty())
        lines.append(QStringLiteral("not measured"));
    lines.prepend(QDateTime::fromMSecsSinceEpoch(exact).toString(QStringLiteral("HH:mm:ss")));
    const int x = std::clamp(xOf(model, exact), m_plot.left(), m_plot.right());
    painter.setPen(tokens.muted);
    painter.drawLine(x, m_plot.top(), x, m_plot.bottom());
    painter.setRenderHint(QPainter::Antialiasing);
    for (const ChartLine &line : model.lines) {
        if (const Sample *sample = model.nearest(line, time)) {
            painter.setPen(QPen(tokens.surface, 1));
            painter.setBrush(inkColour(line.ink, tokens));
            painter.drawEllipse(QPointF(x + 0.5, yOf(sample->value) + 0.5), dotRadius, dotRadius);
        }
    }
    const QFontMetrics metrics = painter.fontMetrics();
    int width = 0;
    for (const QString &text : lines)
        width = std::max(width, metrics.horizontalAdvance(text));
    const int line = metrics.height();
    QRect box(0, m_plot.top(), width + 16, static_cast<int>(lines.size()) * line + 8);
    box.moveLeft(x + 10 + box.width() > m_plot.right() ? x - 10 - box.width() : x + 10);
    painter.setPen(tokens.line);
    painter.setBrush(tokens.surface);
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter.setPen(tokens.text);
    for (int i = 0; i < lines.size(); ++i)
        painter.drawText(QRect(box.left() + 8, box.top() + 4 + i * line, width, line), Qt::AlignLeft | Qt::AlignVCenter, lines[i]);
}

} // namespace a360::ui
