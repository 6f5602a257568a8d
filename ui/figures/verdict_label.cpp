// SPDX-License-Identifier: GPL-3.0-or-later
#include "figures/verdict_label.h"

#include "theme/theme.h"
#include "theme/tokens.h"
#include "widgets/icon_label.h"

#include <QHBoxLayout>
#include <QLabel>

namespace a360::ui {

VerdictLabel::VerdictLabel(QWidget *parent) : QWidget(parent), m_symbol(new IconLabel(metrics::iconSmall, this)), m_word(new QLabel(this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(m_symbol);
    row->addWidget(m_word);
}

void VerdictLabel::setVerdict(Kind kind, const QString &word, const QString &reason)
{
    m_word->setText(word);
    setToolTip(reason);
    setAccessibleName(word);
    setAccessibleDescription(reason);
    if (m_shown && kind == m_kind)
        return;
    m_kind = kind;
    m_shown = true;
    const Icon symbols[] = {Icon::Information, Icon::Success, Icon::Warning, Icon::Error};
    const char *const roles[] = {role::muted, role::ok, role::warning, role::bad};
    const auto index = static_cast<size_t>(kind);
    m_symbol->setIcon(icon(symbols[index]));
    m_symbol->setVisible(kind != Kind::Neutral);
    setRole(m_word, roles[index]);
}

QString VerdictLabel::word() const
{
    return m_word->text();
}

} // namespace a360::ui
