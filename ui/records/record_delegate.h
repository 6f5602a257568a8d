// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace a360::ui {

/// Paints the cells of a grid: text with room around it, bars where rows are still on their way, dimmed while stale, an
/// accent edge at the current row while the grid has the focus.
class RecordDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void setStale(bool stale) { m_stale = stale; }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    bool m_stale = false;
};

} // namespace a360::ui
