// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/side_bar.h"

#include "theme/theme.h"
#include "theme/tokens.h"

#include <QButtonGroup>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace a360::ui {

SideBar::SideBar(QWidget *parent)
    : QWidget(parent), m_name(new QLabel(this)), m_pages(new QVBoxLayout), m_tools(new QVBoxLayout),
      m_group(new QButtonGroup(this))
{
    setRole(this, role::sideBar);
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(tr("Pages"));
    setRole(m_name, role::title);
    m_name->setFixedHeight(metrics::headerHeight);
    m_name->setContentsMargins(metrics::half, 0, 0, 0);
    m_pages->setSpacing(2);
    m_tools->setSpacing(2);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::half, 0, metrics::half + 1, metrics::unit);
    column->setSpacing(0);
    column->addWidget(m_name);
    column->addLayout(m_pages);
    column->addStretch();
    column->addLayout(m_tools);
    connect(m_group, &QButtonGroup::idClicked, this, &SideBar::pageChosen);
    setCollapsed(false);
}

QToolButton *SideBar::makeButton(Icon symbol, const QString &text)
{
    auto *button = new QToolButton(this);
    button->setIcon(icon(symbol));
    button->setIconSize(QSize(metrics::iconLarge, metrics::iconLarge));
    button->setText(QStringLiteral("  ") + text);
    button->setAccessibleName(text);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    button->setToolButtonStyle(m_collapsed ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
    m_buttons.append(button);
    return button;
}

void SideBar::addPage(Icon symbol, const QString &text, const QString &shortcut)
{
    QToolButton *button = makeButton(symbol, text);
    button->setCheckable(true);
    button->setToolTip(QStringLiteral("%1 (%2)").arg(text, shortcut));
    m_group->addButton(button, static_cast<int>(m_group->buttons().size()));
    m_pages->addWidget(button);
}

QToolButton *SideBar::addTool(Icon symbol, const QString &text)
{
    QToolButton *button = makeButton(symbol, text);
    button->setToolTip(text);
    m_tools->addWidget(button);
    return button;
}

void SideBar::setCurrent(int page)
{
    if (QAbstractButton *button = m_group->button(page))
        button->setChecked(true);
}

int SideBar::current() const
{
    return m_group->checkedId();
}

void SideBar::setCollapsed(bool collapsed)
{
    m_collapsed = collapsed;
    setFixedWidth(collapsed ? metrics::sideBarNarrow : metrics::sideBarWide);
    m_name->setText(collapsed ? QStringLiteral("A") : QStringLiteral("Appointment360"));
    m_name->setAlignment(collapsed ? Qt::AlignCenter : Qt::AlignLeft | Qt::AlignVCenter);
    for (QToolButton *button : std::as_const(m_buttons))
        button->setToolButtonStyle(collapsed ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
}

} // namespace a360::ui
