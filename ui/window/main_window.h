// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/remembered.h"
#include "session/session.h"
#include "theme/theme.h"
#include "transfer/exporter.h"
#include "window/command_palette.h"
#include "window/quit_question.h"
#include "work/operation_list.h"

#include <QHash>
#include <QMainWindow>
#include <QPointer>

class QStackedWidget;

namespace a360::ui {

class CardStrip;
class DashboardPage;
class DatabaseDialog;
class ExportDialog;
class ExportOperation;
class ExportsPage;
class ImportPage;
class IndexWatch;
class KeyHelp;
class OperationCard;
class PoolWatch;
class RecordsPage;
class ServerControl;
class ServerHistory;
class ServerPage;
class SideBar;
class StatusLine;

struct WindowOptions
{
    QString settingsFile;                     ///< ini file of the remembered things
    QString defaultDatabaseFile;              ///< opened when nothing else was asked for
    std::optional<db::DatabaseUrl> database;  ///< asked for by the caller; wins over the remembered one
    ServiceOptions service;                   ///< everything but the database
    ServerControl *server = nullptr; ///< the REST service; must outlive the window; without one there is no Server page
};

/// The window: side bar, pages, status line, cards of running work. Owns the session and the operations.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    enum Page { Contacts, Companies, Imports, Exports, Dashboard, Server };

    explicit MainWindow(const WindowOptions &options, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Opens the database of the options; call once, after show().
    void start();
    void openDatabase(const db::DatabaseUrl &url);
    /// As by Quit, but asks nothing: what runs is cancelled while the window goes.
    void closeUnasked();
    void setPage(int page);
    int page() const;

    Session &session() { return m_session; }
    OperationList &operations() { return m_operations; }
    RecordsPage *contactsPage() const { return m_contacts; }
    RecordsPage *companiesPage() const { return m_companies; }
    ImportPage *importPage() const { return m_import; }
    ExportsPage *exportsPage() const { return m_exports; }
    DashboardPage *dashboardPage() const { return m_dashboard; }
    /// nullptr without a REST service.
    ServerPage *serverPage() const { return m_server; }
    SideBar *sideBar() const { return m_sideBar; }
    StatusLine *statusLine() const { return m_status; }
    CardStrip *cards() const { return m_cards; }
    CommandPalette *commandPalette() const { return m_palette; }

    /// Opens the dialogs; they do not block. The returned dialog deletes itself when it is closed.
    ExportDialog *openExportDialog(RecordsPage *page);
    DatabaseDialog *chooseDatabase();
    KeyHelp *showKeys();
    void openPalette();
    /// Asks, then makes the indexes the database lacks. Nothing happens where none can be made.
    void offerIndexes();

Q_SIGNALS:
    void themeChosen(a360::ui::ThemeMode mode);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    void buildPages();
    void buildEnginePages();
    void buildSideBar();
    void addCommands();
    void connectRecords(RecordsPage *page);
    void connectStatus();
    RecordsPage *currentRecords() const;
    void startExport(contacts::Entity entity, const transfer::ExportRequest &request, const QString &path);
    void addCard(Operation *operation);
    bool pageShows(const Operation *operation) const;
    void showCards();
    void removeFinishedCards();
    void finishCard(Operation *operation, OperationCard *card);
    void removeCard(Operation *operation);
    void followSession();
    void updateStatus();
    void refresh();
    void importFile();
    void followUrl();
    EndingWork endingWork() const;
    bool createsIndexes() const;
    void createIndexes(const db::DatabaseUrl &asked);

    Remembered m_remembered;
    const WindowOptions m_options;
    OperationList m_operations;
    Session m_session; // before the widgets go, its destructor has waited for all workers
    QHash<Operation *, OperationCard *> m_operationCards;
    SideBar *m_sideBar = nullptr;
    QStackedWidget *m_pages = nullptr;
    RecordsPage *m_contacts = nullptr, *m_companies = nullptr;
    ImportPage *m_import = nullptr;
    ExportsPage *m_exports = nullptr;
    DashboardPage *m_dashboard = nullptr;
    ServerPage *m_server = nullptr;
    ServerHistory *m_serverHistory = nullptr;
    PoolWatch *m_poolWatch = nullptr;
    IndexWatch *m_indexWatch = nullptr;
    StatusLine *m_status = nullptr;
    CardStrip *m_cards = nullptr;
    CommandPalette *m_palette = nullptr;
    bool m_mayStopWork = false;
    QPointer<Operation> m_indexOperation;
    std::vector<Command> m_commands; ///< all that shortcuts and the palette offer
    QPointer<DatabaseDialog> m_databaseDialog;
    QPointer<ExportDialog> m_exportDialog;
    QPointer<KeyHelp> m_keyHelp;
};

} // namespace a360::ui
