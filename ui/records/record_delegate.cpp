// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/record_delegate.h"

#include "records/record_model.h"
#include "theme/tokens.h"

#include <QAbstractItemView>
#include <QPainter>

namespace a360::ui {

namespace {

constexpr qreal staleOpacity = 0.45;

void paintSkeleton(QPainter *painter, const QRect &cell, const QModelIndex &index, const Tokens &tokens)
{
    // Widths that vary with row and column look like text and not like a wall.
    const int share = 35 + (index.row() * 31 + index.column() * 17) % 50;
    const QRect bar(cell.left() + metrics::unit, cell.center().y() - 3, (cell.width() - 2 * metrics::unit) * share / 100, 7);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(tokens.line);
    painter->setOpacity(0.6);
    painter->drawRoundedRect(bar, 3, 3);
}

} // namespace

void RecordDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Tokens &tokens = tokensFor(option.palette);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    painter->save();
    if (selected)
        painter->fillRect(option.rect, tokens.selection);
    else if (option.features.testFlag(QStyleOptionViewItem::Alternate))
        painter->fillRect(option.rect, tokens.alternate);
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    const bool currentRow = view && view->currentIndex().row() == index.row() && view->hasFocus();
    if (currentRow) {
        painter->setPen(tokens.accent);
        painter->drawLine(option.rect.topLeft(), option.rect.topRight());
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    }
    if (!index.data(RecordModel::LoadedRole).toBool()) {
        paintSkeleton(painter, option.rect, index, tokens);
        painter->restore();
        return;
    }
    if (m_stale)
        painter->setOpacity(staleOpacity);
    const QRect room = option.rect.adjusted(metrics::unit, 0, -metrics::unit, 0);
    const QString text = index.data(Qt::DisplayRole).toString();
    const auto alignment = index.data(Qt::TextAlignmentRole).value<Qt::Alignment>();
    painter->setFont(option.font);
    painter->setPen(tokens.text);
    painter->drawText(room, static_cast<int>(alignment) | Qt::TextSingleLine,
                      option.fontMetrics.elidedText(text, Qt::ElideRight, room.width()));
    painter->restore();
}

} // namespace a360::ui
