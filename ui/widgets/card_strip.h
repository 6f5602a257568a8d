// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

#include <chrono>

class QHBoxLayout;

namespace a360::ui {

/// Cards side by side, the newest at the right, in a strip that takes room of its own: nothing lies under it. Without a
/// card to show it is not there. More cards than fit are scrolled to.
class CardStrip : public QScrollArea
{
    Q_OBJECT

public:
    explicit CardStrip(QWidget *parent);
    void addCard(QWidget *card);
    void removeCard(QWidget *card);
    /// Asks for the card to be removed (restedEnough) once it was shown for a while and neither mouse nor focus is on it.
    void letRest(QWidget *card);
    /// How long letRest() waits; twelve seconds unless told otherwise.
    void setRest(std::chrono::milliseconds rest) { m_rest = rest; }
    /// Hides a card without removing it (its page shows the same).
    void setCardShown(QWidget *card, bool shown);
    int cardCount() const;
    /// Collapsed: the status line says how many run.
    void setCollapsed(bool collapsed);
    bool isCollapsed() const { return m_collapsed; }

Q_SIGNALS:
    void restedEnough(QWidget *card);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fit();
    QWidget *m_content;
    QHBoxLayout *m_row;
    std::chrono::milliseconds m_rest;
    bool m_collapsed = false;
};

} // namespace a360::ui
