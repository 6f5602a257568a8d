// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/card_grid.h"

#include <algorithm>

namespace a360::ui {

namespace {

/// A card that takes a row of its own.
class WideCard : public QWidgetItem
{
public:
    using QWidgetItem::QWidgetItem;
};

bool isWide(const QLayoutItem *item)
{
    return dynamic_cast<const WideCard *>(item) != nullptr;
}

} // namespace

CardGrid::CardGrid(QWidget *parent, int leastColumnWidth, int mostColumns, int gap)
    : ItemLayout(parent, gap), m_leastColumnWidth(leastColumnWidth), m_mostColumns(mostColumns)
{
}

void CardGrid::addCard(QWidget *card, bool wide)
{
    addChildWidget(card);
    addItem(wide ? new WideCard(card) : new QWidgetItem(card));
    invalidate();
}

int CardGrid::columnsAt(int width) const
{
    return std::clamp((width + spacing()) / (m_leastColumnWidth + spacing()), 1, m_mostColumns);
}

int CardGrid::arrange(const QRect &room, bool apply) const
{
    const QList<QLayoutItem *> cards = shownItems();
    const int columns = columnsAt(room.width());
    int y = room.top();
    for (qsizetype first = 0; first < cards.size();) {
        qsizetype next = first + 1;
        while (!isWide(cards[first]) && next < cards.size() && next - first < columns && !isWide(cards[next]))
            ++next;
        const int inRow = static_cast<int>(next - first);
        const int width = (room.width() - (inRow - 1) * spacing()) / inRow;
        int height = 0;
        for (qsizetype i = first; i < next; ++i) {
            const QLayoutItem &item = *cards[i];
            height = std::max(height, item.hasHeightForWidth() ? item.heightForWidth(width) : item.sizeHint().height());
        }
        for (qsizetype i = first; apply && i < next; ++i) {
            const int at = static_cast<int>(i - first);
            const int left = room.left() + at * (width + spacing());
            const int right = at == inRow - 1 ? room.left() + room.width() : left + width;
            cards[i]->setGeometry(QRect(left, y, right - left, height));
        }
        y += height + spacing();
        first = next;
    }
    return y - (cards.isEmpty() ? 0 : spacing()) - room.top();
}

} // namespace a360::ui
