// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/remembered.h"
#include "session/session.h"

#include <QPointer>
#include <QWidget>

class QLabel;
class QStackedWidget;
class QVBoxLayout;

namespace a360::ui {

class ImportOperation;
class ImportResult;
class ImportSetup;
class OperationCard;
class OperationList;
class StatePanel;

/// The import assistant, one step after the other on one page: choose a file (or drop it), check how it is read and where
/// its columns go, run, see what became of the rows. The rest of the window stays usable.
class ImportPage : public QWidget
{
    Q_OBJECT

public:
    ImportPage(Session &session, Remembered &remembered, OperationList &operations, QWidget *parent = nullptr);

    enum class Step { Choose, Problem, SetUp, Running, Result };
    Step step() const { return m_step; }
    ImportSetup *setup() const { return m_setup; }
    ImportResult *result() const { return m_result; }
    StatePanel *statePanel() const { return m_state; }
    ImportOperation *operation() const; ///< the last one; nullptr before the first

    void chooseFile();
    void openFile(const QString &path);
    /// Makes 10,000 invented contacts and imports them through the same road.
    void importSample();

Q_SIGNALS:
    void databaseRequested();
    void showContactsRequested();
    void showCompaniesRequested();
    void message(const QString &text);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void goTo(Step step);
    bool hasFocusInside() const;
    void focusStep();
    void showChoice();
    void leaveResult();
    void showProblem(const Error &error);
    void run(bool dryRun);
    void watch(ImportOperation *operation);
    void showResult();
    void fillResult();
    void saveRejects();

    Session &m_session;
    Remembered &m_remembered;
    OperationList &m_operations;
    Step m_step = Step::Choose;
    QStackedWidget *m_stack;
    StatePanel *m_state;
    ImportSetup *m_setup;
    QWidget *m_running;
    QVBoxLayout *m_runningColumn;
    ImportResult *m_result;
    QLabel *m_where;
    QPointer<ImportOperation> m_operation;
    QPointer<OperationCard> m_card;
    bool m_fromFile = false;
    contacts::Entity m_entity = contacts::Entity::Contact; ///< of the last operation
};

} // namespace a360::ui
