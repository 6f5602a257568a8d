// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/item_layout.h"

namespace a360::ui {

/// Cards in as many columns of equal width as fit, all cards of a row equally high. A wide card takes a row of its own.
/// Cards keep their order; a row that is not full is spread over the whole width.
class CardGrid : public ItemLayout
{
    Q_OBJECT

public:
    CardGrid(QWidget *parent, int leastColumnWidth, int mostColumns, int gap);

    void addCard(QWidget *card, bool wide = false);
    int columnsAt(int width) const;

protected:
    int arrange(const QRect &room, bool apply) const override;

private:
    const int m_leastColumnWidth, m_mostColumns;
};

} // namespace a360::ui
