// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/item_layout.h"

namespace a360::ui {

/// Left to right, then the next line; all lines as high as their highest item. For chips.
class FlowLayout : public ItemLayout
{
    Q_OBJECT

public:
    using ItemLayout::ItemLayout;

protected:
    int arrange(const QRect &room, bool apply) const override;
};

} // namespace a360::ui
