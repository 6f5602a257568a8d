// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/flow_layout.h"

#include <algorithm>

namespace a360::ui {

int FlowLayout::arrange(const QRect &room, bool apply) const
{
    const QList<QLayoutItem *> items = shownItems();
    int lineHeight = 0;
    for (const QLayoutItem *item : items)
        lineHeight = std::max(lineHeight, item->sizeHint().height());
    int x = room.left(), y = room.top();
    for (QLayoutItem *item : items) {
        QSize size = item->sizeHint();
        size.setWidth(std::min(size.width(), room.width()));
        if (x > room.left() && x + size.width() > room.right() + 1) {
            x = room.left();
            y += lineHeight + spacing();
        }
        if (apply)
            item->setGeometry(QRect(QPoint(x, y + (lineHeight - size.height()) / 2), size));
        x += size.width() + spacing();
    }
    return y + lineHeight - room.top();
}

} // namespace a360::ui
