// SPDX-License-Identifier: GPL-3.0-or-later
#include "figures/figure_strip.h"

#include "theme/theme.h"
#include "theme/tokens.h"
#include "widgets/flow_layout.h"

#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace a360::ui {

namespace {
constexpr int figureWidth = 76;
constexpr int figureGap = 16; // two figures must not read as one
}

FigureStrip::FigureStrip(const QStringList &names, QWidget *parent) : QWidget(parent)
{
    auto *flow = new FlowLayout(this, figureGap);
    for (const QString &name : names) {
        auto *box = new QWidget(this);
        box->setFixedWidth(figureWidth);
        auto *value = new QLabel(QStringLiteral("–"), box);
        auto *label = new QLabel(name, box);
        setRole(value, role::figure);
        setRole(label, role::secondary);
        auto *column = new QVBoxLayout(box);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        column->addWidget(value);
        column->addWidget(label);
        flow->addWidget(box);
        m_figures.push_back({box, value, name});
    }
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void FigureStrip::setFigure(int index, const QString &value, const QString &tip, const char *role)
{
    Figure &figure = m_figures[static_cast<size_t>(index)];
    if (figure.value->text() != value) {
        figure.value->setText(value);
        // Only ever wider: numbers that change every second must not push the others about.
        figure.box->setFixedWidth(std::max(figure.box->minimumWidth(), figure.value->sizeHint().width()));
        figure.box->setAccessibleName(QStringLiteral("%1: %2").arg(figure.name, value));
    }
    figure.box->setToolTip(tip);
    if (figure.role == role)
        return;
    figure.role = role;
    setRole(figure.value, role ? role : role::figure);
}

QString FigureStrip::figure(int index) const
{
    return m_figures[static_cast<size_t>(index)].value->text();
}

} // namespace a360::ui
