// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/dashboard_card.h"

#include "theme/theme.h"
#include "theme/tokens.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace a360::ui {

DashboardCard::DashboardCard(const QString &heading, QWidget *parent)
    : QFrame(parent), m_verdict(new VerdictLabel(this)), m_content(new QWidget(this)), m_body(new QVBoxLayout(m_content)),
      m_note(new QLabel(this)), m_instead(new QLabel(this))
{
    setRole(this, role::card);
    setAccessibleName(heading);
    auto *title = new QLabel(heading, this);
    setRole(title, role::heading);
    setRole(m_note, role::secondary);
    setRole(m_instead, role::muted);
    m_note->setWordWrap(true);
    m_instead->setWordWrap(true);
    m_instead->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_instead->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_note->hide();
    m_instead->hide();
    auto *head = new QHBoxLayout;
    head->setSpacing(metrics::unit);
    head->addWidget(title);
    head->addStretch();
    head->addWidget(m_verdict);
    m_body->setContentsMargins(0, 0, 0, 0);
    m_body->setSpacing(metrics::unit + metrics::half);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(metrics::unit);
    column->addLayout(head);
    column->addWidget(m_content, 1);
    column->addWidget(m_instead, 1);
    column->addWidget(m_note);
}

void DashboardCard::setNote(const QString &text)
{
    if (m_note->text() != text)
        m_note->setText(text);
    m_note->setVisible(!text.isEmpty());
}

QString DashboardCard::note() const
{
    return m_note->text();
}

void DashboardCard::setInstead(const QString &text)
{
    if (m_instead->text() != text)
        m_instead->setText(text);
    m_instead->setVisible(!text.isEmpty());
    m_content->setVisible(text.isEmpty());
}

bool DashboardCard::showsBody() const
{
    return !m_content->isHidden();
}

} // namespace a360::ui
