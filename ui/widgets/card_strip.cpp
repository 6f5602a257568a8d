// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/card_strip.h"

#include "theme/theme.h"
#include "theme/tokens.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QScrollBar>
#include <QTimer>

namespace a360::ui {

namespace {

constexpr int cardWidth = 376;
constexpr int line = 1;
constexpr std::chrono::seconds usualRest{12};

bool isInUse(const QWidget &card)
{
    const QWidget *focused = card.window()->focusWidget();
    return card.underMouse() || (focused && card.isAncestorOf(focused) && focused->hasFocus());
}

} // namespace

CardStrip::CardStrip(QWidget *parent)
    : QScrollArea(parent), m_content(new QWidget(this)), m_row(new QHBoxLayout(m_content)), m_rest(usualRest)
{
    setRole(this, role::cardStrip);
    setAccessibleName(tr("Running work"));
    setFocusPolicy(Qt::NoFocus); // the cards take the focus, and scroll
    setWidgetResizable(true);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_row->setContentsMargins(metrics::unit, metrics::unit, metrics::unit, metrics::unit);
    m_row->setSpacing(metrics::unit);
    m_row->addStretch();
    setWidget(m_content);
    m_content->installEventFilter(this);
    connect(horizontalScrollBar(), &QScrollBar::rangeChanged, this,
            [this](int, int end) { horizontalScrollBar()->setValue(end); });
    hide();
}

void CardStrip::addCard(QWidget *card)
{
    card->setFixedWidth(cardWidth);
    m_row->addWidget(card);
    fit();
}

void CardStrip::removeCard(QWidget *card)
{
    m_row->removeWidget(card);
    card->hide();
    card->deleteLater();
    fit();
}

void CardStrip::letRest(QWidget *card)
{
    QTimer::singleShot(m_rest, card, [this, card] {
        if (isInUse(*card))
            letRest(card);
        else
            Q_EMIT restedEnough(card);
    });
}

void CardStrip::setCardShown(QWidget *card, bool shown)
{
    card->setVisible(shown);
    fit();
}

int CardStrip::cardCount() const
{
    return m_row->count() - 1; // the stretch
}

void CardStrip::setCollapsed(bool collapsed)
{
    m_collapsed = collapsed;
    fit();
}

bool CardStrip::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_content && event->type() == QEvent::LayoutRequest)
        fit(); // a card that has ended shows other things
    return QScrollArea::eventFilter(watched, event);
}

void CardStrip::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    fit();
}

/// As high as the highest card, and the scroll bar where one is needed.
void CardStrip::fit()
{
    int shown = 0;
    for (int i = 0; i < m_row->count(); ++i) {
        const QWidget *card = m_row->itemAt(i)->widget();
        shown += card && !card->isHidden() ? 1 : 0;
    }
    setVisible(shown > 0 && !m_collapsed);
    if (isHidden())
        return;
    const int wanted = m_row->totalMinimumSize().width();
    const int height = std::max(m_row->totalHeightForWidth(wanted), m_row->totalSizeHint().height());
    const int bar = wanted > width() ? horizontalScrollBar()->sizeHint().height() : 0;
    setFixedHeight(height + bar + line);
}

} // namespace a360::ui
