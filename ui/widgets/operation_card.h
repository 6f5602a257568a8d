// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/state_panel.h"
#include "work/operation.h"

#include <QFrame>

class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace a360::ui {

class IconLabel;

/// One operation: its name, a bar, true figures and Cancel while it runs; its result and the next steps afterwards. The
/// operation must outlive the card or dismiss it.
class OperationCard : public QFrame
{
    Q_OBJECT

public:
    OperationCard(Operation *operation, QWidget *parent = nullptr);

    Operation *operation() const { return m_operation; }
    /// Buttons offered once the operation has ended.
    void setNextSteps(const std::vector<StatePanel::Action> &steps);
    /// Cards that belong to a page cannot be dismissed.
    void setDismissable(bool dismissable);
    QString figures() const;

Q_SIGNALS:
    void dismissRequested();

private:
    void update();
    void showTitle();
    Operation *m_operation;
    IconLabel *m_symbol;
    QLabel *m_title;
    QLabel *m_phase;
    QLabel *m_figures;
    QProgressBar *m_bar;
    QPushButton *m_cancel;
    QToolButton *m_dismiss;
    QWidget *m_steps;
    bool m_dismissable = true;
};

} // namespace a360::ui
