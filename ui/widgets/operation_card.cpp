// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/operation_card.h"

#include "theme/theme.h"
#include "theme/tokens.h"
#include "widgets/close_button.h"
#include "widgets/icon_label.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace a360::ui {

namespace {
constexpr int barSteps = 1000;
}

OperationCard::OperationCard(Operation *operation, QWidget *parent)
    : QFrame(parent), m_operation(operation), m_symbol(new IconLabel(metrics::iconSmall, this)), m_title(new QLabel(this)),
      m_phase(new QLabel(this)), m_figures(new QLabel(this)), m_bar(new QProgressBar(this)),
      m_cancel(new QPushButton(tr("Cancel"), this)), m_dismiss(new CloseButton(QString(), this)), m_steps(new QWidget(this))
{
    setRole(this, role::card);
    setRole(m_title, role::heading);
    setRole(m_phase, role::secondary);
    setRole(m_figures, role::secondary);
    m_figures->setWordWrap(true);
    m_bar->setTextVisible(false);

    auto *head = new QHBoxLayout;
    head->setSpacing(metrics::unit);
    head->addWidget(m_symbol);
    head->addWidget(m_title, 1);
    head->addWidget(m_phase);
    head->addWidget(m_dismiss);
    auto *foot = new QHBoxLayout;
    foot->setSpacing(metrics::unit);
    foot->addWidget(m_figures, 1);
    foot->addWidget(m_cancel, 0, Qt::AlignVCenter);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(6);
    column->addLayout(head);
    column->addWidget(m_bar);
    column->addLayout(foot);
    column->addWidget(m_steps);
    auto *steps = new QHBoxLayout(m_steps);
    steps->setContentsMargins(0, 2, 0, 0);
    steps->setSpacing(metrics::unit);
    m_steps->hide();

    connect(m_cancel, &QPushButton::clicked, m_operation, &Operation::cancel);
    connect(m_dismiss, &QToolButton::clicked, this, &OperationCard::dismissRequested);
    connect(m_operation, &Operation::progressed, this, &OperationCard::update);
    connect(m_operation, &Operation::finished, this, &OperationCard::update);
    connect(m_operation, &Operation::titleChanged, this, &OperationCard::showTitle);
    showTitle();
    update();
}

void OperationCard::showTitle()
{
    const QString title = m_operation->title();
    m_title->setText(title);
    setAccessibleName(title);
    m_bar->setAccessibleName(tr("Progress of %1").arg(title));
    const QString dismiss = tr("Dismiss %1").arg(title);
    m_dismiss->setAccessibleName(dismiss);
    m_dismiss->setToolTip(dismiss);
}

void OperationCard::setNextSteps(const std::vector<StatePanel::Action> &steps)
{
    auto *row = static_cast<QHBoxLayout *>(m_steps->layout());
    while (QLayoutItem *item = row->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    QWidget *before = m_cancel;
    for (const StatePanel::Action &step : steps) {
        auto *button = new QPushButton(step.text, m_steps);
        setTabOrder(before, button);
        before = button;
        connect(button, &QPushButton::clicked, this, step.run);
        row->addWidget(button);
    }
    row->addStretch();
    m_steps->setVisible(!steps.empty() && !m_operation->isRunning());
}

void OperationCard::setDismissable(bool dismissable)
{
    m_dismissable = dismissable;
    update();
}

QString OperationCard::figures() const
{
    return m_figures->text();
}

void OperationCard::update()
{
    const bool running = m_operation->isRunning();
    m_bar->setVisible(running);
    m_cancel->setVisible(running);
    m_phase->setVisible(running);
    m_symbol->setVisible(!running);
    m_dismiss->setVisible(!running && m_dismissable);
    if (running) {
        const Progress progress = m_operation->progress();
        const double fraction = progressFraction(progress);
        // Without a total the bar moves by itself: it says "working", never a false share.
        m_bar->setRange(0, fraction < 0 ? 0 : barSteps);
        if (fraction >= 0)
            m_bar->setValue(static_cast<int>(fraction * barSteps));
        m_phase->setText(m_operation->isCancelling() ? tr("Cancelling…") : progress.phase);
        m_cancel->setEnabled(!m_operation->isCancelling());
        m_figures->setText(progressText(progress, std::chrono::steady_clock::now(), QLocale()));
        return;
    }
    Icon symbol = Icon::Success;
    if (m_operation->state() == Operation::State::Failed)
        symbol = Icon::Error;
    else if (m_operation->state() == Operation::State::Cancelled)
        symbol = Icon::Information;
    m_symbol->setIcon(icon(symbol));
    setRole(m_figures, m_operation->state() == Operation::State::Failed ? role::bad : role::secondary);
    m_figures->setText(m_operation->summary());
    m_steps->setVisible(m_steps->findChild<QPushButton *>() != nullptr);
}

} // namespace a360::ui
