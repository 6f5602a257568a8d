// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/session.h"

#include <QHash>
#include <QWidget>

class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace a360::ui {

class ExportOperation;
class Operation;
class OperationCard;
class OperationList;
class StatePanel;

/// The exports of this window, newest first, each with its receipt.
class ExportsPage : public QWidget
{
    Q_OBJECT

public:
    ExportsPage(OperationList &operations, QWidget *parent = nullptr);
    /// Without an open database there is nothing to export.
    void follow(Session::State state);
    int cardCount() const { return static_cast<int>(m_cards.size()); }
    QString receiptText(const ExportOperation *operation) const;

Q_SIGNALS:
    void contactsExportRequested();
    void companiesExportRequested();
    void databaseRequested();
    void message(const QString &text);

private:
    void add(Operation *operation);
    void remove(Operation *operation);
    QWidget *makeHeader();
    void showPlace();

    OperationList &m_operations;
    QStackedWidget *m_stack;
    StatePanel *m_state;
    QVBoxLayout *m_column;
    QPushButton *m_new;
    Session::State m_session;
    QHash<Operation *, QWidget *> m_cards;
};

} // namespace a360::ui
