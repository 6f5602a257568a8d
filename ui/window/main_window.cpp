// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/main_window.h"

#include "dashboard/dashboard_page.h"
#include "dashboard/pool_watch.h"
#include "database/database_dialog.h"
#include "database/index_operation.h"
#include "exchange/export_dialog.h"
#include "exchange/export_operation.h"
#include "exchange/exports_page.h"
#include "exchange/import_operation.h"
#include "exchange/import_page.h"
#include "records/records_page.h"
#include "records/record_view.h"
#include "server/server_control.h"
#include "server/server_page.h"
#include "session/database_name.h"
#include "session/index_watch.h"
#include "theme/icons.h"
#include "theme/tokens.h"
#include "widgets/card_strip.h"
#include "widgets/operation_card.h"
#include "widgets/question.h"
#include "window/command_palette.h"
#include "window/key_help.h"
#include "window/side_bar.h"
#include "window/status_line.h"

#include <QActionGroup>
#include <QCloseEvent>
#include <QDesktopServices>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QPushButton>
#include <QScreen>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

namespace a360::ui {

namespace {
const QString geometryKey = QStringLiteral("geometry");
const QString pageKey = QStringLiteral("page");
const QString themeKey = QStringLiteral("theme");
constexpr QSize firstSize(1280, 800);
constexpr QSize leastSize(720, 480);
} // namespace

MainWindow::MainWindow(const WindowOptions &options, QWidget *parent)
    : QMainWindow(parent), m_remembered(options.settingsFile), m_options(options), m_session(options.service)
{
    setWindowTitle(tr("Appointment360 Desk"));
    setMinimumSize(leastSize);
    resize(firstSize);
    auto *central = new QWidget(this);
    m_sideBar = new SideBar(central);
    m_pages = new QStackedWidget(central);
    m_cards = new CardStrip(central);
    m_status = new StatusLine(central);
    auto *right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(m_pages, 1);
    right->addWidget(m_cards);
    right->addWidget(m_status);
    auto *row = new QHBoxLayout(central);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_sideBar);
    row->addLayout(right, 1);
    setCentralWidget(central);
    buildPages();
    buildSideBar();
    m_palette = new CommandPalette(this);
    addCommands();
    connectStatus();
    connect(&m_session, &Session::urlChanged, this, &MainWindow::followUrl);
    connect(&m_session, &Session::stateChanged, this, &MainWindow::followSession);
    connect(&m_session, &Session::indexesChanged, this, &MainWindow::updateStatus);
    connect(&m_operations, &OperationList::added, this, &MainWindow::addCard);
    connect(&m_operations, &OperationList::dismissed, this, &MainWindow::removeCard);
    connect(&m_operations, &OperationList::changed, this, &MainWindow::updateStatus);
    connect(m_cards, &CardStrip::restedEnough, this, [this](QWidget *card) {
        removeCard(static_cast<OperationCard *>(card)->operation());
    });
    restoreGeometry(m_remembered.value(geometryKey).toByteArray());
    setPage(m_remembered.value(pageKey).toInt());
    followSession();
}

MainWindow::~MainWindow()
{
    // Pages that go tell nobody any more. Widgets hold references to the session: they go first, then the members in
    // reverse order.
    for (QObject *sender : {static_cast<QObject *>(m_contacts), static_cast<QObject *>(m_companies),
                            static_cast<QObject *>(&m_operations), static_cast<QObject *>(&m_session)})
        sender->blockSignals(true);
    delete m_databaseDialog;
    delete m_exportDialog;
    delete takeCentralWidget();
}

void MainWindow::buildPages()
{
    m_contacts = new RecordsPage(contacts::Entity::Contact, m_session, m_remembered, m_pages);
    m_companies = new RecordsPage(contacts::Entity::Company, m_session, m_remembered, m_pages);
    m_import = new ImportPage(m_session, m_remembered, m_operations, m_pages);
    m_exports = new ExportsPage(m_operations, m_pages);
    for (QWidget *widget : {static_cast<QWidget *>(m_contacts), static_cast<QWidget *>(m_companies),
                            static_cast<QWidget *>(m_import), static_cast<QWidget *>(m_exports)})
        m_pages->addWidget(widget);
    buildEnginePages();
    connectRecords(m_contacts);
    connectRecords(m_companies);
    connect(m_import, &ImportPage::showContactsRequested, this, [this] { setPage(Contacts); });
    connect(m_import, &ImportPage::showCompaniesRequested, this, [this] { setPage(Companies); });
    connect(m_import, &ImportPage::databaseRequested, this, &MainWindow::chooseDatabase);
    connect(m_exports, &ExportsPage::databaseRequested, this, &MainWindow::chooseDatabase);
    connect(m_import, &ImportPage::message, m_status, &StatusLine::say);
    connect(m_exports, &ExportsPage::contactsExportRequested, this, [this] { openExportDialog(m_contacts); });
    connect(m_exports, &ExportsPage::companiesExportRequested, this, [this] { openExportDialog(m_companies); });
    connect(m_exports, &ExportsPage::message, m_status, &StatusLine::say);
}

void MainWindow::buildEnginePages()
{
    m_dashboard = new DashboardPage(m_session, m_remembered, m_pages);
    m_pages->addWidget(m_dashboard);
    connect(m_dashboard, &DashboardPage::databaseRequested, this, &MainWindow::chooseDatabase);
    connect(m_dashboard, &DashboardPage::message, m_status, &StatusLine::say);
    m_poolWatch = new PoolWatch(m_session, this);
    connect(m_poolWatch, &PoolWatch::changed, this, [this] {
        m_status->setPool(m_poolWatch->kind(), m_poolWatch->text(), m_poolWatch->tip());
    });
    m_indexWatch = new IndexWatch(m_session, this);
    connect(m_indexWatch, &IndexWatch::changed, this, &MainWindow::updateStatus);
    connect(m_status, &StatusLine::poolClicked, this, [this] { setPage(Dashboard); });
    if (!m_options.server)
        return;
    m_serverHistory = new ServerHistory(*m_options.server, this);
    m_dashboard->watchServer(*m_options.server, *m_serverHistory);
    m_server = new ServerPage(*m_options.server, *m_serverHistory, m_session, m_remembered, m_pages);
    m_pages->addWidget(m_server);
    connect(m_server, &ServerPage::message, m_status, &StatusLine::say);
}

void MainWindow::connectRecords(RecordsPage *page)
{
    connect(page, &RecordsPage::exportRequested, this, [this, page] { openExportDialog(page); });
    connect(page, &RecordsPage::importRequested, this, &MainWindow::importFile);
    connect(page, &RecordsPage::sampleRequested, this, [this] {
        setPage(Imports);
        m_import->importSample();
    });
    connect(page, &RecordsPage::databaseRequested, this, &MainWindow::chooseDatabase);
    connect(page, &RecordsPage::message, m_status, &StatusLine::say);
    connect(page, &RecordsPage::statusChanged, this, [this, page] {
        if (currentRecords() == page)
            updateStatus();
    });
}

void MainWindow::buildSideBar()
{
    m_sideBar->addPage(Icon::Contacts, tr("Contacts"), QStringLiteral("Ctrl+1"));
    m_sideBar->addPage(Icon::Companies, tr("Companies"), QStringLiteral("Ctrl+2"));
    m_sideBar->addPage(Icon::Import, tr("Imports"), QStringLiteral("Ctrl+3"));
    m_sideBar->addPage(Icon::Export, tr("Exports"), QStringLiteral("Ctrl+4"));
    m_sideBar->addPage(Icon::Dashboard, tr("Dashboard"), QStringLiteral("Ctrl+5"));
    if (m_server)
        m_sideBar->addPage(Icon::Server, tr("Server"), QStringLiteral("Ctrl+6"));
    connect(m_sideBar, &SideBar::pageChosen, this, &MainWindow::setPage);
    QToolButton *database = m_sideBar->addTool(Icon::Database, tr("Database…"));
    connect(database, &QToolButton::clicked, this, &MainWindow::chooseDatabase);
    QToolButton *keys = m_sideBar->addTool(Icon::Keys, tr("Keys"));
    keys->setToolTip(tr("Which key does what (F1)"));
    connect(keys, &QToolButton::clicked, this, &MainWindow::showKeys);

    QToolButton *theme = m_sideBar->addTool(Icon::Theme, tr("Appearance"));
    auto *menu = new QMenu(theme);
    auto *group = new QActionGroup(menu);
    const QString now = m_remembered.value(themeKey).toString();
    const std::pair<ThemeMode, QString> modes[] = {{ThemeMode::System, tr("As the system")},
                                                   {ThemeMode::Light, tr("Light")},
                                                   {ThemeMode::Dark, tr("Dark")}};
    for (const auto &[mode, text] : modes) {
        QAction *action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(themeModeName(mode) == now || (now.isEmpty() && mode == ThemeMode::System));
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, chosen = mode] {
            m_remembered.setValue(themeKey, themeModeName(chosen));
            Q_EMIT themeChosen(chosen);
        });
    }
    theme->setMenu(menu);
    theme->setPopupMode(QToolButton::InstantPopup);
}

void MainWindow::addCommands()
{
    const auto withRecords = [this](void (RecordsPage::*action)()) {
        return [this, action] {
            if (RecordsPage *records = currentRecords())
                (records->*action)();
        };
    };
    const QString pages[] = {tr("Contacts"), tr("Companies"), tr("Imports"), tr("Exports"), tr("Dashboard"), tr("Server")};
    for (int index = Contacts; index < m_pages->count(); ++index) {
        m_commands.push_back({tr("Go to %1").arg(pages[index]),
                              QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + index)),
                              [this, index] { setPage(index); }});
    }
    m_commands.push_back({tr("Search"), QKeySequence::Find, withRecords(&RecordsPage::focusSearch)});
    m_commands.push_back({tr("Add a filter"), QKeySequence(Qt::CTRL | Qt::Key_L), withRecords(&RecordsPage::openFilterPopup)});
    m_commands.push_back({tr("Clear search and filters"), {}, withRecords(&RecordsPage::clearFilters)});
    m_commands.push_back({tr("Show or hide the details"), QKeySequence(Qt::CTRL | Qt::Key_I),
                          withRecords(&RecordsPage::toggleDetails)});
    m_commands.push_back({tr("Choose columns"), {}, withRecords(&RecordsPage::openColumnPopup)});
    m_commands.push_back({tr("Refresh"), QKeySequence::Refresh, [this] { refresh(); }});
    m_commands.push_back({tr("Export what is shown"), QKeySequence(Qt::CTRL | Qt::Key_E), [this] {
                              openExportDialog(currentRecords() ? currentRecords() : m_contacts);
                          }});
    m_commands.push_back({tr("Import a CSV file"), QKeySequence::Open, [this] { importFile(); }});
    if (m_server)
        m_commands.push_back({tr("Start or stop the REST service"), {}, [this] { setPage(Server); m_server->startButton()->click(); }});
    m_commands.push_back({tr("Choose database"), {}, [this] { chooseDatabase(); }});
    m_commands.push_back({tr("Create missing indexes"), {}, [this] { offerIndexes(); }});
    m_commands.push_back({tr("Show the keys"), QKeySequence::HelpContents, [this] { showKeys(); }});
    m_commands.push_back({tr("Quit"), QKeySequence::Quit, [this] { close(); }});
    for (const Command &command : m_commands) {
        if (!command.keys.isEmpty())
            connect(new QShortcut(command.keys, this), &QShortcut::activated, this, command.run);
    }
    connect(new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_K), this), &QShortcut::activated, this, &MainWindow::openPalette);
    connect(new QShortcut(QKeySequence(Qt::Key_Escape), this), &QShortcut::activated, this,
            withRecords(&RecordsPage::escape));
}

void MainWindow::connectStatus()
{
    connect(m_status, &StatusLine::databaseClicked, this, &MainWindow::chooseDatabase);
    connect(m_status, &StatusLine::indexesClicked, this, &MainWindow::offerIndexes);
    connect(m_status, &StatusLine::jobsClicked, this, [this] { m_cards->setCollapsed(!m_cards->isCollapsed()); });
    connect(m_status, &StatusLine::countClicked, this, [this] {
        if (RecordsPage *records = currentRecords())
            records->model()->countExactly();
    });
    connect(m_status, &StatusLine::timeClicked, this, [this] {
        if (RecordsPage *records = currentRecords())
            records->refresh();
    });
    connect(m_status, &StatusLine::selectionClicked, this, [this] {
        if (RecordsPage *records = currentRecords())
            records->view()->copySelection();
    });
}

void MainWindow::start()
{
    db::DatabaseUrl url = db::DatabaseUrl::sqliteFile(m_options.defaultDatabaseFile);
    if (m_options.database)
        url = *m_options.database;
    else if (const auto last = m_remembered.lastDatabase())
        url = *last;
    openDatabase(url);
}

void MainWindow::openDatabase(const db::DatabaseUrl &url)
{
    m_session.open(url);
}

void MainWindow::setPage(int index)
{
    const int chosen = std::clamp(index, static_cast<int>(Contacts), m_pages->count() - 1);
    m_pages->setCurrentIndex(chosen);
    m_sideBar->setCurrent(chosen);
    showCards();
    if (RecordsPage *records = currentRecords())
        records->view()->setFocus();
    else
        m_pages->currentWidget()->setFocus();
    updateStatus();
}

int MainWindow::page() const
{
    return m_pages->currentIndex();
}

RecordsPage *MainWindow::currentRecords() const
{
    return qobject_cast<RecordsPage *>(m_pages->currentWidget());
}

void MainWindow::refresh()
{
    if (RecordsPage *records = currentRecords())
        records->refresh();
    else if (page() == Dashboard)
        m_dashboard->refresh();
}

void MainWindow::importFile()
{
    setPage(Imports);
    m_import->chooseFile();
}

ExportDialog *MainWindow::openExportDialog(RecordsPage *page)
{
    if (m_session.state() != Session::State::Open)
        return nullptr;
    if (page->hasWrongFilter()) {
        m_status->say(tr("The filter cannot be used. Change it before exporting."));
        return nullptr;
    }
    if (m_exportDialog)
        m_exportDialog->close(); // what it offered to export may no longer be what is shown
    auto *dialog = new ExportDialog(page->entity(), page->exportScope(), m_session, m_remembered, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_exportDialog = dialog;
    connect(dialog, &ExportDialog::exportRequested, this,
            [this, entity = page->entity()](const transfer::ExportRequest &request, const QString &path) {
                startExport(entity, request, path);
            });
    dialog->show();
    return dialog;
}

void MainWindow::startExport(contacts::Entity entity, const transfer::ExportRequest &request, const QString &path)
{
    const QString name = QFileInfo(path).fileName();
    const QString title = entity == contacts::Entity::Contact ? tr("Contacts to %1").arg(name)
                                                              : tr("Companies to %1").arg(name);
    m_operations.add(new ExportOperation(title, m_session, request, path));
}

void MainWindow::addCard(Operation *operation)
{
    auto *card = new OperationCard(operation, m_cards);
    m_operationCards.insert(operation, card);
    // An export keeps its receipt on the Exports page; only its card goes.
    connect(card, &OperationCard::dismissRequested, this, [this, operation] { removeCard(operation); });
    connect(operation, &Operation::finished, card, [this, operation, card] { finishCard(operation, card); });
    m_cards->addCard(card);
    showCards();
}

/// The page that shows what an operation became; a card below it would say the same twice.
bool MainWindow::pageShows(const Operation *operation) const
{
    return (page() == Imports && qobject_cast<const ImportOperation *>(operation))
           || (page() == Exports && qobject_cast<const ExportOperation *>(operation));
}

void MainWindow::showCards()
{
    const QList<Operation *> operations = m_operationCards.keys();
    for (Operation *operation : operations) {
        const Operation::State state = operation->state();
        const bool ended = state == Operation::State::Done || state == Operation::State::Cancelled;
        if (ended && pageShows(operation))
            removeCard(operation); // it has been seen
        else
            m_cards->setCardShown(m_operationCards.value(operation), !pageShows(operation));
    }
}

/// What went wrong in the database before is no matter of the next.
void MainWindow::removeFinishedCards()
{
    const QList<Operation *> operations = m_operationCards.keys();
    for (Operation *operation : operations) {
        if (!operation->isRunning())
            removeCard(operation);
    }
}

void MainWindow::finishCard(Operation *operation, OperationCard *card)
{
    if (const auto *exported = qobject_cast<ExportOperation *>(operation);
        exported && operation->state() == Operation::State::Done) {
        const QString path = exported->path();
        card->setNextSteps({{tr("Open file"), [path] { QDesktopServices::openUrl(QUrl::fromLocalFile(path)); }},
                            {tr("Open folder"),
                             [path] { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(path).absolutePath())); }},
                            {tr("Receipt"), [this] { setPage(Exports); }}});
    }
    if (qobject_cast<ImportOperation *>(operation))
        card->setNextSteps({{tr("Show the result"), [this] { setPage(Imports); }}});
    if (operation->state() != Operation::State::Failed)
        m_cards->letRest(card);
    showCards();
}

void MainWindow::removeCard(Operation *operation)
{
    if (OperationCard *card = m_operationCards.take(operation))
        m_cards->removeCard(card);
    updateStatus();
}

DatabaseDialog *MainWindow::chooseDatabase()
{
    if (m_databaseDialog) {
        m_databaseDialog->raise();
        m_databaseDialog->activateWindow();
        return m_databaseDialog;
    }
    m_databaseDialog = new DatabaseDialog(m_session, m_session.url(), m_options.defaultDatabaseFile, this);
    m_databaseDialog->setAttribute(Qt::WA_DeleteOnClose);
    m_databaseDialog->show();
    return m_databaseDialog;
}

void MainWindow::openPalette()
{
    m_palette->openOver(*this, m_commands);
}

KeyHelp *MainWindow::showKeys()
{
    if (m_keyHelp) {
        m_keyHelp->raise();
        m_keyHelp->activateWindow();
        return m_keyHelp;
    }
    m_keyHelp = new KeyHelp(m_commands, this);
    m_keyHelp->setAttribute(Qt::WA_DeleteOnClose);
    m_keyHelp->show();
    return m_keyHelp;
}

void MainWindow::offerIndexes()
{
    if (!m_indexWatch->text().isEmpty()) {
        m_status->say(tr("They are being made again; searches and filters work meanwhile."));
        return;
    }
    const qsizetype missing = m_session.missingIndexes();
    if (missing == 0 || createsIndexes()) {
        m_status->say(tr("There are no indexes to create."));
        return;
    }
    QMessageBox *question =
        makeQuestion(windowTitle(), missing == 1 ? tr("Create 1 missing index?") : tr("Create %1 missing indexes?").arg(missing),
                     tr("Searches and filters become faster. Others can go on working with the database meanwhile; its tables and "
                        "rows stay as they are. It takes disk space, and minutes for millions of rows."), this);
    question->addButton(QMessageBox::Cancel);
    QPushButton *create = question->addButton(tr("Create missing indexes"), QMessageBox::AcceptRole);
    question->setDefaultButton(create);
    connect(create, &QPushButton::clicked, this, [this, asked = m_session.url()] { createIndexes(asked); });
    question->open();
}

void MainWindow::createIndexes(const db::DatabaseUrl &asked)
{
    if (m_session.state() != Session::State::Open || !isSameDatabase(asked, m_session.url()))
        return; // the question was about another one
    m_indexOperation = new IndexOperation(m_session);
    connect(m_indexOperation, &Operation::finished, &m_session, [this, operation = m_indexOperation.data()] {
        if (operation->isElsewhere())
            return;
        m_session.recheckIndexes();
        m_session.announceDataChange();
    });
    m_operations.add(m_indexOperation);
}

/// In the database that is open; that of another one holds up nothing here.
bool MainWindow::createsIndexes() const
{
    return m_indexOperation && m_indexOperation->isRunning() && !m_indexOperation->isElsewhere();
}

void MainWindow::followUrl()
{
    m_remembered.chooseDatabase(m_session.url());
    m_operations.follow(m_session.url());
    if (m_exportDialog)
        m_exportDialog->close(); // it offers rows of the database before
}

void MainWindow::followSession()
{
    const Session::State state = m_session.state();
    if (state == Session::State::Open) {
        m_remembered.setLastDatabase(m_session.url());
        for (const QString &note : m_session.notes())
            m_status->say(note);
    }
    if (state == Session::State::Opening)
        removeFinishedCards();
    m_exports->follow(state);
    const db::DatabaseUrl &url = m_session.url();
    const QString name = databaseName(url);
    QString text = name;
    if (state == Session::State::Opening)
        text = tr("Opening %1…").arg(name);
    else if (state == Session::State::Failed)
        text = tr("%1: not open").arg(name);
    else if (m_session.isReadOnly())
        text = tr("%1 (read only)").arg(name);
    const QString notes = m_session.notes().join(QLatin1Char('\n'));
    m_status->setDatabase(text, tr("%1\nClick to choose another database.").arg(url.display()) + (notes.isEmpty() ? notes : QLatin1Char('\n') + notes),
                          state == Session::State::Failed);
    setWindowTitle(name.isEmpty() ? tr("Appointment360 Desk") : tr("%1 – Appointment360 Desk").arg(name));
    updateStatus();
}

void MainWindow::updateStatus()
{
    const RecordsPage *records = currentRecords();
    m_status->setCount(records ? records->countLine() : QString(), records && records->model()->totalIsEstimate());
    m_status->setTime(records ? records->timeLine() : QString());
    m_status->setSelection(records ? records->selectionLine() : QString());
    m_status->setJobs(m_operations.runningCount(), m_cards->cardCount());
    m_status->setIndexes(createsIndexes() ? 0 : m_session.missingIndexes(),
                         m_indexWatch->text());
}

void MainWindow::keyPressEvent(QKeyEvent *event)
{
    // Some platforms press a button by Space only, outside of dialogs.
    auto *button = qobject_cast<QAbstractButton *>(focusWidget());
    if (button && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        button->click();
        return;
    }
    QMainWindow::keyPressEvent(event);
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    m_sideBar->setCollapsed(width() < metrics::collapseBelow);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (const EndingWork ending = endingWork(); ending.any() && !m_mayStopWork) {
        event->ignore();
        askToQuit(ending, this, [this] { closeUnasked(); });
        return;
    }
    m_remembered.setValue(geometryKey, saveGeometry());
    m_remembered.setValue(pageKey, page());
    if (m_session.state() == Session::State::Open) {
        m_contacts->remember();
        m_companies->remember();
    }
    if (m_databaseDialog)
        m_databaseDialog->close(); // what it tries would keep the program
    event->accept();
}

EndingWork MainWindow::endingWork() const
{
    EndingWork ending;
    ending.jobs = m_operations.runningCount();
    if (m_options.server) {
        const ServerControl::State state = m_options.server->state();
        ending.service = state == ServerControl::State::Starting || state == ServerControl::State::Running;
    }
    return ending;
}

void MainWindow::closeUnasked()
{
    m_mayStopWork = true;
    close();
}

} // namespace a360::ui
