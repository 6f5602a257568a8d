// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/state_panel.h"

#include "theme/theme.h"
#include "theme/tokens.h"
#include "widgets/icon_label.h"
#include "widgets/tab_chain.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace a360::ui {

namespace {
constexpr int textWidth = 520;
constexpr int symbolSize = 48;
} // namespace

StatePanel::StatePanel(QWidget *parent)
    : QWidget(parent), m_symbol(new IconLabel(symbolSize, this)), m_title(new QLabel(this)), m_text(new QLabel(this)),
      m_actions(new QWidget(this)), m_detailsToggle(new QPushButton(tr("Show details"), this)),
      m_details(new QPlainTextEdit(this))
{
    setRole(m_title, role::title);
    setRole(m_text, role::muted);
    setRole(m_detailsToggle, role::link);
    m_title->setAlignment(Qt::AlignCenter);
    m_title->setWordWrap(true);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_details->setReadOnly(true);
    m_details->setAccessibleName(tr("Technical details"));
    m_details->setMaximumHeight(96);

    auto *box = new QWidget(this);
    box->setFixedWidth(textWidth);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::unit);
    column->addWidget(m_symbol, 0, Qt::AlignHCenter);
    column->addSpacing(metrics::half);
    column->addWidget(m_title);
    column->addWidget(m_text);
    auto *outer = new QVBoxLayout(this);
    outer->setSpacing(metrics::unit);
    outer->addStretch(2);
    outer->addWidget(box, 0, Qt::AlignHCenter);
    outer->addSpacing(metrics::unit);
    outer->addWidget(m_actions, 0, Qt::AlignHCenter); // as wide as its buttons need
    outer->addWidget(m_detailsToggle, 0, Qt::AlignHCenter);
    outer->addWidget(m_details, 0, Qt::AlignHCenter);
    m_details->setFixedWidth(textWidth);
    outer->addStretch(3);
    auto *row = new QHBoxLayout(m_actions);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::unit);
    connect(m_detailsToggle, &QPushButton::clicked, this, [this] {
        m_details->setVisible(!m_details->isVisible());
        m_detailsToggle->setText(m_details->isVisible() ? tr("Hide details") : tr("Show details"));
    });
}

void StatePanel::show(Icon symbol, const QString &title, const QString &text, const std::vector<Action> &actions,
                      const QString &details)
{
    m_symbol->setIcon(icon(symbol));
    m_title->setText(title);
    m_text->setText(text);
    m_text->setVisible(!text.isEmpty());
    // A centred box asks wrapped labels for their height at another width than it gives them.
    for (QLabel *label : {m_title, m_text}) {
        label->ensurePolished();
        label->setFixedHeight(label->text().isEmpty() ? 0 : label->heightForWidth(textWidth));
    }
    for (QPushButton *button : std::as_const(m_buttons)) { // one of them may be the reason for this call
        m_actions->layout()->removeWidget(button);
        button->hide();
        button->setParent(nullptr);
        button->deleteLater();
    }
    m_buttons.clear();
    for (const Action &action : actions) {
        auto *button = new QPushButton(action.text, m_actions);
        if (action.primary)
            setRole(button, role::primary);
        connect(button, &QPushButton::clicked, this, action.run);
        m_actions->layout()->addWidget(button);
        m_buttons.append(button);
        chainTabs({m_detailsToggle, button, m_detailsToggle}); // the button takes the place before the link
    }
    m_actions->setVisible(!actions.empty());
    m_details->setPlainText(details);
    m_details->hide();
    m_detailsToggle->setText(tr("Show details"));
    m_detailsToggle->setVisible(!details.isEmpty());
    setAccessibleName(title);
    setAccessibleDescription(text);
}

void StatePanel::showError(const QString &title, const Error &error, const std::vector<Action> &actions)
{
    show(Icon::Error, title, error.message, actions, error.detail);
}

QList<QWidget *> StatePanel::tabAnchors() const
{
    return {m_detailsToggle, m_details};
}

QString StatePanel::title() const
{
    return m_title->text();
}

QString StatePanel::text() const
{
    return m_text->text();
}

} // namespace a360::ui
