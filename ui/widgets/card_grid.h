// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>

#include <vector>

namespace a360::ui {

/// Cards in as many columns of equal width as fit, all cards of a row equally high. A wide card takes a row of its own.
/// Cards keep their order; a row that is not full is spread over the whole width.
class CardGrid : public QLayout
{
    Q_OBJECT

public:
    CardGrid(QWidget *parent, int leastColumnWidth, int mostColumns, int gap);
    ~CardGrid() override;

    void addCard(QWidget *card, bool wide = false);
    int columnsAt(int width) const;

    void addItem(QLayoutItem *item) override;
    int count() const override { return static_cast<int>(m_cards.size()); }
    QLayoutItem *itemAt(int index) const override;
    QLayoutItem *takeAt(int index) override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSize() const override;
    void setGeometry(const QRect &rect) override;

private:
    struct Card
    {
        QLayoutItem *item = nullptr;
        bool wide = false;
    };
    int arrange(const QRect &rect, bool apply) const;

    const int m_leastColumnWidth, m_mostColumns;
    std::vector<Card> m_cards;
};

} // namespace a360::ui
