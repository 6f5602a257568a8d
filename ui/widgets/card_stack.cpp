// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/card_stack.h"

#include "theme/tokens.h"

#include <QEvent>
#include <QGraphicsDropShadowEffect>
#include <QVBoxLayout>

namespace a360::ui {

namespace {
constexpr int cardWidth = 376;
constexpr int distance = 16;
} // namespace

CardStack::CardStack(QWidget *parent) : QWidget(parent), m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(distance, distance, distance, distance);
    m_column->setSpacing(metrics::unit);
    parent->installEventFilter(this);
    setAccessibleName(tr("Running work"));
    hide();
}

void CardStack::addCard(QWidget *card)
{
    card->setFixedWidth(cardWidth);
    auto *shadow = new QGraphicsDropShadowEffect(card);
    shadow->setBlurRadius(16);
    shadow->setOffset(0, 2);
    QColor colour = Qt::black;
    colour.setAlpha(60);
    shadow->setColor(colour);
    card->setGraphicsEffect(shadow);
    m_column->addWidget(card);
    place();
}

void CardStack::removeCard(QWidget *card)
{
    m_column->removeWidget(card);
    card->deleteLater();
    place();
}

void CardStack::setCardShown(QWidget *card, bool shown)
{
    card->setVisible(shown);
    place();
}

int CardStack::cardCount() const
{
    return m_column->count();
}

void CardStack::setCollapsed(bool collapsed)
{
    m_collapsed = collapsed;
    place();
}

bool CardStack::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        place();
    return QWidget::eventFilter(watched, event);
}

bool CardStack::event(QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest)
        place();
    return QWidget::event(event);
}

void CardStack::place()
{
    bool visible = false;
    for (int i = 0; i < m_column->count(); ++i)
        visible = visible || !m_column->itemAt(i)->widget()->isHidden();
    visible = visible && !m_collapsed;
    setVisible(visible);
    if (!visible)
        return;
    const QSize size(cardWidth + 2 * distance, m_column->totalHeightForWidth(cardWidth + 2 * distance) > 0
                                                   ? m_column->totalHeightForWidth(cardWidth + 2 * distance)
                                                   : sizeHint().height());
    const QWidget *parent = parentWidget();
    setGeometry(parent->width() - size.width(), parent->height() - size.height(), size.width(), size.height());
    raise();
}

} // namespace a360::ui
