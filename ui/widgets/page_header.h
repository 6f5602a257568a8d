// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"
#include "theme/tokens.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QWidget>

namespace a360::ui {

/// The strip at the top of a page: its title at the left, whatever add() brings at the right.
class PageHeader : public QWidget
{
    Q_OBJECT

public:
    PageHeader(const QString &title, QWidget *parent) : QWidget(parent), m_row(new QHBoxLayout(this))
    {
        setFixedHeight(metrics::headerHeight);
        auto *label = new QLabel(title, this);
        setRole(label, role::title);
        m_row->setContentsMargins(16, 0, 16, 0);
        m_row->setSpacing(metrics::unit);
        m_row->addWidget(label);
        m_row->addStretch();
    }
    void add(QWidget *widget) { m_row->addWidget(widget); }

private:
    QHBoxLayout *m_row;
};

} // namespace a360::ui
