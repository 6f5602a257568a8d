// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>
#include <QList>

namespace a360::ui {

/// A layout whose height follows from its width: keeps the items and answers the questions a QLayout is asked. Who
/// inherits it only has to arrange().
class ItemLayout : public QLayout
{
    Q_OBJECT

public:
    ItemLayout(QWidget *parent, int spacing);
    ~ItemLayout() override;

    void addItem(QLayoutItem *item) override;
    int count() const override { return static_cast<int>(m_items.size()); }
    QLayoutItem *itemAt(int index) const override;
    QLayoutItem *takeAt(int index) override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return minimumSize(); }
    QSize minimumSize() const override;
    void setGeometry(const QRect &rect) override;

protected:
    /// Puts the items into the room, when `apply` says so; gives the height they need there.
    virtual int arrange(const QRect &room, bool apply) const = 0;
    /// Those that are to be seen, in order.
    QList<QLayoutItem *> shownItems() const;

private:
    QList<QLayoutItem *> m_items;
};

} // namespace a360::ui
