// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/meter.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace a360::ui {

namespace {
constexpr int barHeight = 10;
constexpr int markReach = 3;
} // namespace

Meter::Meter(const QString &name, QWidget *parent) : QWidget(parent)
{
    setAccessibleName(name);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void Meter::setMarks(std::vector<Mark> marks)
{
    m_marks = std::move(marks);
    updateGeometry();
    update();
}

void Meter::setShare(double share, Ink ink, const QString &words)
{
    m_share = share;
    m_ink = ink;
    if (words != accessibleDescription())
        setAccessibleDescription(words);
    update();
}

QFont Meter::markFont() const
{
    QFont small = font();
    small.setPointSizeF(8);
    return small;
}

QSize Meter::sizeHint() const
{
    const int words = m_marks.empty() ? 0 : QFontMetrics(markFont()).height();
    return {120, barHeight + 2 * markReach + words};
}

void Meter::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens &tokens = tokensFor(palette());
    const QRectF bar(0, markReach, width(), barHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.line);
    painter.drawRoundedRect(bar, metrics::half, metrics::half);
    const double share = std::clamp(std::isfinite(m_share) ? m_share : 0.0, 0.0, 1.0);
    if (share > 0) {
        painter.setBrush(inkColour(m_ink, tokens));
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), std::max(2.0 * metrics::half, bar.width() * share), bar.height()),
                                metrics::half, metrics::half);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setFont(markFont());
    const QFontMetrics fonts = painter.fontMetrics();
    int freeUntil = width();
    for (auto mark = m_marks.rbegin(); mark != m_marks.rend(); ++mark) {
        const int x = static_cast<int>(std::lround(mark->share * (width() - 1)));
        painter.setPen(tokens.text);
        painter.drawLine(x, 0, x, barHeight + 2 * markReach - 1);
        const int wide = fonts.horizontalAdvance(mark->words);
        const int left = std::min(x - wide / 2, freeUntil - wide);
        painter.setPen(tokens.muted);
        painter.drawText(left, barHeight + 2 * markReach + fonts.ascent(), mark->words);
        freeUntil = left - metrics::half;
    }
}

} // namespace a360::ui
