// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/import_page.h"

#include "exchange/import_operation.h"
#include "exchange/import_result.h"
#include "exchange/import_setup.h"
#include "sample/sample_data.h"
#include "session/database_name.h"
#include "theme/theme.h"
#include "theme/tokens.h"
#include "widgets/operation_card.h"
#include "widgets/state_panel.h"
#include "work/operation_list.h"

#include <QDragEnterEvent>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QVBoxLayout>

namespace a360::ui {

namespace {

const QString lastFolderKey = QStringLiteral("lastFolder");
constexpr int sampleContacts = 10'000;
constexpr int runningWidth = 640;

/// The sample as an import request; its file lives as long as the request.
Result<transfer::ImportRequest> sampleRequest(const std::shared_ptr<QTemporaryDir> &folder, const CancelToken &cancel)
{
    QFile file(folder->filePath(QStringLiteral("sample-contacts.csv")));
    if (!file.open(QIODevice::WriteOnly))
        return makeError(ErrorCode::Io, QStringLiteral("The sample cannot be written: %1.").arg(file.errorString()));
    A360_TRY(sample::writeContacts(file, sampleContacts));
    file.close();
    transfer::ImportRequest request;
    A360_TRY_ASSIGN(request.file, transfer::InputFile::open(file.fileName(), cancel));
    return request;
}

} // namespace

ImportPage::ImportPage(Session &session, Remembered &remembered, OperationList &operations, QWidget *parent)
    : QWidget(parent), m_session(session), m_remembered(remembered), m_operations(operations),
      m_stack(new QStackedWidget(this)), m_state(new StatePanel(this)), m_setup(new ImportSetup(session, this)),
      m_running(new QWidget(this)), m_runningColumn(new QVBoxLayout(m_running)), m_result(new ImportResult(this)),
      m_where(new QLabel(this))
{
    setAcceptDrops(true);
    auto *header = new QWidget(this);
    header->setFixedHeight(metrics::headerHeight);
    auto *title = new QLabel(tr("Import"), header);
    setRole(title, role::title);
    setRole(m_where, role::secondary);
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(16, 0, 16, 0);
    row->setSpacing(12);
    row->addWidget(title);
    row->addWidget(m_where, 1, Qt::AlignVCenter);
    m_runningColumn->setContentsMargins(16, metrics::unit, 16, 16);
    m_runningColumn->addStretch(1);
    for (QWidget *step : {static_cast<QWidget *>(m_state), static_cast<QWidget *>(m_setup), m_running,
                          static_cast<QWidget *>(m_result)})
        m_stack->addWidget(step);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header);
    column->addWidget(m_stack, 1);

    connect(m_setup, &ImportSetup::ready, this, [this] { goTo(Step::SetUp); });
    connect(m_setup, &ImportSetup::failed, this, &ImportPage::showProblem);
    connect(m_setup, &ImportSetup::changeFileRequested, this, &ImportPage::chooseFile);
    connect(m_setup, &ImportSetup::runRequested, this, &ImportPage::run);
    connect(&m_session, &Session::stateChanged, this, [this] {
        if (m_step == Step::Choose || m_step == Step::Problem)
            showChoice();
    });
    connect(&m_session, &Session::urlChanged, this, &ImportPage::leaveResult);
    showChoice();
}

ImportOperation *ImportPage::operation() const
{
    return m_operation;
}

bool ImportPage::hasFocusInside() const
{
    const QWidget *focused = window()->focusWidget();
    return focused && (focused == this || isAncestorOf(focused));
}

void ImportPage::goTo(Step step)
{
    const bool moveFocus = step != m_step && hasFocusInside();
    m_step = step;
    QWidget *const widgets[] = {m_state, m_state, m_setup, m_running, m_result};
    m_stack->setCurrentWidget(widgets[static_cast<int>(step)]);
    const QString texts[] = {tr("Choose a file"), tr("Choose a file"), tr("Check how the file is read"), tr("Running"),
                             tr("Result")};
    m_where->setText(texts[static_cast<int>(step)]);
    if (moveFocus)
        focusStep();
}

/// What had the focus is gone with the step before, and Qt would give it to something far away.
void ImportPage::focusStep()
{
    if (m_step == Step::Result)
        m_result->focusActions();
    else if (m_step == Step::SetUp)
        m_setup->importButton()->setFocus();
    else if (m_step == Step::Problem)
        m_state->buttons().constFirst()->setFocus();
    else
        setFocus();
}

void ImportPage::showChoice()
{
    if (m_session.state() == Session::State::Opening) {
        m_state->show(Icon::Import, tr("Opening the database…"), {}, {});
    } else if (m_session.state() != Session::State::Open) {
        m_state->show(Icon::Import, tr("No database is open"), tr("An import needs a database to go into."),
                      {{tr("Choose database…"), [this] { Q_EMIT databaseRequested(); }, true}});
    } else if (m_session.isReadOnly()) {
        m_state->show(Icon::Import, tr("This database is read only"),
                      tr("The login may look at the data and export it, but not change it."), {});
    } else {
        m_state->show(Icon::Import, tr("Import a CSV file"),
                      tr("Drop a file here, or choose one. Comma, semicolon, tab or bar; any usual encoding; plain, gzip or "
                         "Zstandard. Nothing is written before you have seen how it is read."),
                      {{tr("Choose a file…"), [this] { chooseFile(); }, true},
                       {tr("Load sample data"), [this] { importSample(); }}});
    }
    goTo(Step::Choose);
}

/// What became of a file in another database is no matter of the one that is opened now.
void ImportPage::leaveResult()
{
    if (m_step == Step::Result && m_operation && !isSameDatabase(m_operation->database(), m_session.url()))
        showChoice();
}

void ImportPage::showProblem(const Error &error)
{
    m_state->showError(tr("%1 cannot be imported").arg(QFileInfo(m_setup->path()).fileName()), error,
                       {{tr("Choose another file…"), [this] { chooseFile(); }, true},
                        {tr("Read it again"), [this] { openFile(m_setup->path()); }}});
    goTo(Step::Problem);
}

void ImportPage::chooseFile()
{
    auto *dialog = new QFileDialog(this, tr("Import a CSV file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("CSV files (*.csv *.tsv *.txt *.csv.gz *.csv.zst)"), tr("All files (*)")});
    const QString folder = m_remembered.databaseValue(lastFolderKey).toString();
    dialog->setDirectory(folder.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation) : folder);
    connect(dialog, &QFileDialog::fileSelected, this, &ImportPage::openFile);
    dialog->open();
}

void ImportPage::openFile(const QString &path)
{
    if (m_session.state() != Session::State::Open) {
        Q_EMIT message(tr("No database is open. An import needs one to go into."));
        return;
    }
    if (m_operation && m_operation->isRunning()) {
        Q_EMIT message(tr("One import at a time: wait for the running one or cancel it."));
        return;
    }
    m_remembered.setDatabaseValue(lastFolderKey, QFileInfo(path).path());
    m_fromFile = true;
    if (hasFocusInside())
        setFocus(); // the button that has it goes
    m_state->show(Icon::Import, tr("Reading %1…").arg(QFileInfo(path).fileName()), {}, {});
    goTo(Step::Choose);
    m_setup->open(path);
}

void ImportPage::importSample()
{
    if (m_session.state() != Session::State::Open || (m_operation && m_operation->isRunning()))
        return;
    m_fromFile = false;
    m_entity = contacts::Entity::Contact;
    auto folder = std::make_shared<QTemporaryDir>();
    watch(new ImportOperation(tr("Sample data"), m_session,
                              [folder](const CancelToken &cancel) { return sampleRequest(folder, cancel); }));
}

void ImportPage::run(bool dryRun)
{
    if (m_session.state() != Session::State::Open) {
        Q_EMIT message(tr("No database is open that it could go to."));
        return;
    }
    const transfer::ImportRequest request = m_setup->request(dryRun);
    m_entity = request.entity;
    const QString name = QFileInfo(m_setup->path()).fileName();
    watch(new ImportOperation(dryRun ? tr("Dry run of %1").arg(name) : tr("Import of %1").arg(name), m_session,
                              [request](const CancelToken &) -> Result<transfer::ImportRequest> { return request; }));
}

void ImportPage::watch(ImportOperation *operation)
{
    if (m_operation)
        m_operations.dismiss(m_operation);
    m_operation = operation;
    delete m_card;
    m_card = new OperationCard(operation, m_running);
    m_card->setDismissable(false);
    m_card->setMaximumWidth(runningWidth);
    m_runningColumn->insertWidget(0, m_card);
    connect(operation, &Operation::finished, this, &ImportPage::showResult);
    connect(operation, &Operation::titleChanged, this, [this, operation] {
        if (m_operation == operation && m_step == Step::Result && !m_operation->isElsewhere())
            fillResult(); // the window is back in its database
    });
    m_operations.add(operation);
    goTo(Step::Running);
}

void ImportPage::showResult()
{
    if (!m_operation)
        return;
    fillResult();
    goTo(Step::Result);
    const bool done = m_operation->state() == Operation::State::Done;
    const bool dryRun = done && m_operation->report().dryRun;
    if (!m_operation->isElsewhere() && ((done && !dryRun) || m_operation->report().cancelled))
        m_session.announceDataChange();
}

/// What it says and offers depends on whether its database is the one that is open.
void ImportPage::fillResult()
{
    const bool hadFocus = m_result->isAncestorOf(window()->focusWidget());
    m_result->show(*m_operation);
    const bool done = m_operation->state() == Operation::State::Done;
    const bool dryRun = done && m_operation->report().dryRun;
    const bool here = !m_operation->isElsewhere();
    std::vector<StatePanel::Action> actions;
    if (dryRun && here)
        actions.push_back({tr("Import now"), [this] { run(false); }, true});
    else if (done && here && m_entity == contacts::Entity::Company)
        actions.push_back({tr("Show companies"), [this] { Q_EMIT showCompaniesRequested(); }, true});
    else if (done && here)
        actions.push_back({tr("Show contacts"), [this] { Q_EMIT showContactsRequested(); }, true});
    if (m_operation->report().rejected + m_operation->report().warnings > 0)
        actions.push_back({tr("Save rejects…"), [this] { saveRejects(); }});
    if (m_fromFile)
        actions.push_back({tr("Back to the file"), [this] { goTo(Step::SetUp); }, !done});
    actions.push_back({tr("Import another file…"), [this] { chooseFile(); }, !done && !m_fromFile});
    m_result->setActions(actions);
    if (hadFocus)
        m_result->focusActions(); // the button that had it is gone
}

void ImportPage::saveRejects()
{
    auto *dialog = new QFileDialog(this, tr("Save the rejected rows"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDirectory(m_remembered.databaseValue(lastFolderKey).toString());
    const QString name = m_fromFile ? QFileInfo(m_setup->path()).completeBaseName() : QStringLiteral("sample");
    dialog->selectFile(name + QStringLiteral("-rejects.csv"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        if (!m_operation)
            return;
        m_operation->saveRejects(m_session, path, [this, path](const QString &trouble) {
            Q_EMIT message(trouble.isEmpty() ? tr("Rejects saved to %1").arg(path) : trouble);
        });
    });
    dialog->open();
}

void ImportPage::dragEnterEvent(QDragEnterEvent *event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.first().isLocalFile())
        event->acceptProposedAction();
}

void ImportPage::dropEvent(QDropEvent *event)
{
    openFile(event->mimeData()->urls().first().toLocalFile());
    event->acceptProposedAction();
}

} // namespace a360::ui
