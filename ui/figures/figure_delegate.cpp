// SPDX-License-Identifier: GPL-3.0-or-later
#include "figures/figure_delegate.h"

#include "charts/sparkline.h"
#include "figures/figure_model.h"

#include <QPainter>

#include <algorithm>

namespace a360::ui {

namespace {

constexpr int barWidth = 48;
constexpr int barHeight = 6;
constexpr int sparkSeconds = 300;

void paintBar(QPainter &painter, const QRect &room, double share, const QColor &ground, const QColor &ink)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const QRectF bar(room.left(), room.center().y() - barHeight / 2 + 1, barWidth, barHeight);
    painter.setBrush(ground);
    painter.drawRoundedRect(bar, 3, 3);
    const double filled = std::clamp(share, 0.0, 1.0) * bar.width();
    if (filled > 0) {
        painter.setBrush(ink);
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), std::max<double>(filled, barHeight), bar.height()), 3, 3);
    }
}

} // namespace

void FigureDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto *model = qobject_cast<const FigureModel *>(index.model());
    const FigureCell *cell = model ? model->cellAt(index) : nullptr;
    const Tokens &tokens = tokensFor(option.palette);
    painter->save();
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, tokens.selection);
    else if (option.features.testFlag(QStyleOptionViewItem::Alternate))
        painter->fillRect(option.rect, tokens.alternate);
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(tokens.accent);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
    if (!cell) {
        painter->restore();
        return;
    }
    QRect room = option.rect.adjusted(metrics::unit, 0, -metrics::unit, 0);
    if (!cell->line.empty())
        paintSparkline(*painter, room.adjusted(0, 6, 0, -6), cell->line, m_now, sparkSeconds, inkColour(cell->ink, tokens));
    if (cell->share >= 0 && room.width() > 2 * barWidth) {
        paintBar(*painter, room, cell->share, tokens.line, inkColour(cell->ink, tokens));
        room.setLeft(room.left() + barWidth + metrics::half);
    }
    painter->setFont(option.font);
    painter->setPen(cell->bad ? tokens.bad : tokens.text);
    const auto alignment = index.data(Qt::TextAlignmentRole).value<Qt::Alignment>();
    painter->drawText(room, static_cast<int>(alignment) | Qt::TextSingleLine,
                      option.fontMetrics.elidedText(cell->text, Qt::ElideRight, room.width()));
    painter->restore();
}

} // namespace a360::ui
