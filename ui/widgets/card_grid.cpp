// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/card_grid.h"

#include <QWidget>

#include <algorithm>

namespace a360::ui {

CardGrid::CardGrid(QWidget *parent, int leastColumnWidth, int mostColumns, int gap)
    : QLayout(parent), m_leastColumnWidth(leastColumnWidth), m_mostColumns(mostColumns)
{
    setContentsMargins(0, 0, 0, 0);
    setSpacing(gap);
}

CardGrid::~CardGrid()
{
    for (const Card &card : m_cards)
        delete card.item;
}

void CardGrid::addCard(QWidget *card, bool wide)
{
    addChildWidget(card);
    m_cards.push_back({new QWidgetItem(card), wide});
    invalidate();
}

void CardGrid::addItem(QLayoutItem *item)
{
    m_cards.push_back({item, false});
}

QLayoutItem *CardGrid::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_cards[static_cast<size_t>(index)].item : nullptr;
}

QLayoutItem *CardGrid::takeAt(int index)
{
    QLayoutItem *item = itemAt(index);
    if (item)
        m_cards.erase(m_cards.begin() + index);
    return item;
}

int CardGrid::columnsAt(int width) const
{
    return std::clamp((width + spacing()) / (m_leastColumnWidth + spacing()), 1, m_mostColumns);
}

int CardGrid::heightForWidth(int width) const
{
    return arrange(QRect(0, 0, width, 0), false);
}

QSize CardGrid::sizeHint() const
{
    return minimumSize();
}

QSize CardGrid::minimumSize() const
{
    int width = 0;
    for (const Card &card : m_cards) {
        if (!card.item->isEmpty())
            width = std::max(width, card.item->minimumSize().width());
    }
    const QMargins margins = contentsMargins();
    return {width + margins.left() + margins.right(), 0}; // the height depends on the width
}

void CardGrid::setGeometry(const QRect &rect)
{
    QLayout::setGeometry(rect);
    arrange(rect, true);
}

int CardGrid::arrange(const QRect &rect, bool apply) const
{
    const QMargins margins = contentsMargins();
    const QRect room = rect.marginsRemoved(margins);
    const auto columns = static_cast<size_t>(columnsAt(room.width()));
    std::vector<const Card *> shown;
    for (const Card &card : m_cards) {
        if (!card.item->isEmpty())
            shown.push_back(&card);
    }
    int y = room.top();
    for (size_t first = 0; first < shown.size();) {
        size_t next = first + 1;
        while (!shown[first]->wide && next < shown.size() && next - first < columns && !shown[next]->wide)
            ++next;
        const int inRow = static_cast<int>(next - first);
        const int width = (room.width() - (inRow - 1) * spacing()) / inRow;
        int height = 0;
        for (size_t i = first; i < next; ++i) {
            const QLayoutItem &item = *shown[i]->item;
            height = std::max(height, item.hasHeightForWidth() ? item.heightForWidth(width) : item.sizeHint().height());
        }
        for (size_t i = first; apply && i < next; ++i) {
            const int at = static_cast<int>(i - first);
            const int left = room.left() + at * (width + spacing());
            const int right = at == inRow - 1 ? room.left() + room.width() : left + width;
            shown[i]->item->setGeometry(QRect(left, y, right - left, height));
        }
        y += height + spacing();
        first = next;
    }
    return y - (shown.empty() ? 0 : spacing()) - rect.top() + margins.bottom();
}

} // namespace a360::ui
