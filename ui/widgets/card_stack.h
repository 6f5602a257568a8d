// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QVBoxLayout;

namespace a360::ui {

/// Cards that float at the lower right of their parent, the newest below; keeps its place when the parent is resized.
class CardStack : public QWidget
{
    Q_OBJECT

public:
    explicit CardStack(QWidget *parent);
    void addCard(QWidget *card);
    void removeCard(QWidget *card);
    /// Hides a card without removing it (its page shows the same).
    void setCardShown(QWidget *card, bool shown);
    int cardCount() const;
    /// Collapsed: the status line says how many run.
    void setCollapsed(bool collapsed);
    bool isCollapsed() const { return m_collapsed; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    bool event(QEvent *event) override;

private:
    void place();
    QVBoxLayout *m_column;
    bool m_collapsed = false;
};

} // namespace a360::ui
