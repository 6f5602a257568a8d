// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/importer.h"
#include "widgets/state_panel.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;

namespace a360::ui {

class IconLabel;
class ImportOperation;
class RejectsModel;

/// What an import did: the sum that must add up, shown as a sum, and the rejected rows with their reasons.
class ImportResult : public QWidget
{
    Q_OBJECT

public:
    explicit ImportResult(QWidget *parent = nullptr);

    void show(const ImportOperation &operation);
    void setActions(const std::vector<StatePanel::Action> &actions);
    void focusActions();
    /// "10,000 read = 9,800 inserted + 0 updated + …"
    QString sumText() const { return m_sumText; }
    QString heading() const;
    QString factsText() const;
    QTableView *rejectsView() const { return m_rejects; }

private:
    void showSum(const transfer::ImportReport &report);
    void showRejects(const transfer::ImportReport &report, bool listed);
    IconLabel *m_symbol;
    QLabel *m_heading, *m_facts, *m_rejectsHeading, *m_rejectsFacts;
    QWidget *m_sum;
    QWidget *m_actions;
    QTableView *m_rejects;
    RejectsModel *m_model;
    QString m_sumText;
};

} // namespace a360::ui
