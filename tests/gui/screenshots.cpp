// SPDX-License-Identifier: GPL-3.0-or-later
// Paints every page and dialog of the window in its states, for people to look at:
//   a360_screenshots FOLDER [--theme light|dark] [--size 1440x900]
// QT_SCALE_FACTOR=2 with --size 1280x720 paints 2560x1440 at 200 %. Works on a database of its own with invented data.
#include "charts/time_chart.h"
#include "dashboard/dashboard_page.h"
#include "dashboard/pool_card.h"
#include "dashboard/queries_card.h"
#include "database/database_dialog.h"
#include "exchange/export_dialog.h"
#include "exchange/import_operation.h"
#include "exchange/import_page.h"
#include "exchange/import_setup.h"
#include "exchange/mapping_table.h"
#include "fake_dashboard.h"
#include "fake_server.h"
#include "fake_source.h"
#include "figures/figure_table.h"
#include "filters/filter_bar.h"
#include "filters/filter_editor.h"
#include "records/column_chooser.h"
#include "records/record_view.h"
#include "records/records_page.h"
#include "sample/sample_data.h"
#include "server/server_page.h"
#include "server/tokens_card.h"
#include "widgets/card_strip.h"
#include "window/key_help.h"
#include "window/main_window.h"

#include <QApplication>
#include <QBuffer>
#include <QCheckBox>
#include <QCommandLineParser>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QMessageBox>
#include <QPainter>
#include <QComboBox>
#include <QDateTime>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSpinBox>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace a360;
using namespace a360::ui;

namespace {

constexpr int patience = 60'000;

class Painter
{
public:
    Painter(QString folder, QString theme, QSize size) : m_folder(std::move(folder)), m_theme(std::move(theme)), m_size(size)
    {
        WindowOptions options;
        options.settingsFile = m_files.filePath(QStringLiteral("desktop.ini"));
        options.defaultDatabaseFile = m_files.filePath(QStringLiteral("contacts.db"));
        options.server = &m_server;
        options.service.stays = true;
        options.service.queries = db::QueryMonitorOptions{};
        m_window = std::make_unique<MainWindow>(options);
        m_window->resize(m_size);
        m_window->show();
        m_window->start();
    }

    bool paintAll()
    {
        return until([this] { return session().state() == Session::State::Open; }) && emptyPages() && busyPages()
               && quietEngine() && busyEngine() && serverScenes() && samplePages() && overlays() && filterScenes() && importScenes() && exportScenes()
               && databaseScenes();
    }

private:
    Session &session() { return m_window->session(); }
    RecordsPage &contacts() { return *m_window->contactsPage(); }

    template <typename Condition>
    bool until(Condition condition)
    {
        return QTest::qWaitFor(condition, patience);
    }
    void settle()
    {
        QTest::qWait(250); // rests of the window: debounce, layout, fading hints
    }
    void save(const QString &name, QWidget *widget = nullptr)
    {
        settle();
        QWidget *painted = widget ? widget : m_window.get();
        const QString file = QStringLiteral("%1/%2-%3-%4x%5.png")
                                 .arg(m_folder, name, m_theme)
                                 .arg(m_size.width())
                                 .arg(m_size.height());
        if (!painted->grab().save(file))
            std::fprintf(stderr, "cannot write %s\n", qPrintable(file));
    }
    /// The window with a popup or dialog at its place over it.
    void saveWith(const QString &name, QWidget *over)
    {
        settle();
        QPixmap picture = m_window->grab();
        QPainter painter(&picture);
        const QPoint place = over->isWindow() && over->windowType() == Qt::Popup
                                 ? m_window->mapFromGlobal(over->pos())
                                 : QPoint((m_window->width() - over->width()) / 2, (m_window->height() - over->height()) / 2);
        painter.drawPixmap(place, over->grab());
        painter.setPen(m_window->palette().color(QPalette::Mid)); // where the window manager's frame would be
        painter.drawRect(QRect(place, over->size()).adjusted(0, 0, -1, -1));
        painter.end();
        picture.save(QStringLiteral("%1/%2-%3-%4x%5.png").arg(m_folder, name, m_theme).arg(m_size.width()).arg(m_size.height()));
    }

    bool emptyPages()
    {
        m_window->setPage(MainWindow::Contacts);
        if (!until([this] { return contacts().showsState(); }))
            return false;
        save(QStringLiteral("contacts-empty"));
        m_window->setPage(MainWindow::Companies);
        save(QStringLiteral("companies-empty"));
        m_window->setPage(MainWindow::Imports);
        save(QStringLiteral("import-choose"));
        m_window->setPage(MainWindow::Exports);
        save(QStringLiteral("exports-empty"));
        return true;
    }

    bool busyPages()
    {
        auto slow = std::make_shared<test::FakeSource>(10'000);
        slow->closeGate();
        m_window->setPage(MainWindow::Contacts);
        contacts().model()->setSource(slow);
        save(QStringLiteral("contacts-loading"));
        auto broken = std::make_shared<test::FakeSource>(10'000);
        broken->failWith(makeError(ErrorCode::Unavailable,
                                   QStringLiteral("The database server does not answer. The network or the server may be "
                                                  "down. Try again, or choose another database."),
                                   {}, QStringLiteral("could not connect to server: Connection refused")));
        contacts().model()->setSource(broken);
        const bool failed = until([this] { return contacts().model()->state() == RecordModel::State::Failed; });
        save(QStringLiteral("contacts-failed"));
        slow->openGate();
        return failed && staleRows();
    }

    /// Rows that could be read once, and then no more.
    bool staleRows()
    {
        auto lost = std::make_shared<test::FakeSource>(10'000);
        contacts().model()->setSource(lost);
        if (!until([this] { return contacts().model()->isLoaded(20) && contacts().model()->totalIsKnown(); }))
            return false;
        lost->failWith(makeError(ErrorCode::Unavailable, QStringLiteral("The connection to the database was lost.")));
        contacts().model()->refresh();
        const bool stale = until([this] { return contacts().model()->hasError(); });
        save(QStringLiteral("contacts-stale"));
        contacts().model()->setSource(session().source());
        return stale;
    }

    bool quietEngine()
    {
        DashboardPage &page = *m_window->dashboardPage();
        m_window->setPage(MainWindow::Dashboard);
        save(QStringLiteral("dashboard-fresh"));
        page.setSource(std::make_shared<test::FakeDashboardSource>(test::quietSnapshot(QDateTime::currentMSecsSinceEpoch())));
        if (!until([&] { return page.poller().snapshot() != nullptr; }))
            return false;
        save(QStringLiteral("dashboard-quiet"));
        return true;
    }

    bool busyEngine()
    {
        DashboardPage &page = *m_window->dashboardPage();
        auto source = std::make_shared<test::FakeDashboardSource>(test::busySnapshot(QDateTime::currentMSecsSinceEpoch()));
        page.setSource(source);
        if (!until([&] { return page.poller().snapshot() != nullptr; }))
            return false;
        page.queriesCard()->table()->selectRow(0);
        TimeChart *chart = page.poolCard()->chart();
        QTest::mouseMove(chart, QPoint(chart->width() / 2, 40));
        save(QStringLiteral("dashboard"));
        auto *scroll = page.findChild<QScrollArea *>();
        scroll->verticalScrollBar()->setValue(scroll->verticalScrollBar()->maximum());
        save(QStringLiteral("dashboard-end"));
        scroll->verticalScrollBar()->setValue(0);
        source->failWith(makeError(ErrorCode::Unavailable, QStringLiteral("The database server does not answer. The network or the "
                                                                          "server may be down.")));
        if (!until([&] { return !page.staleReason().isEmpty(); }))
            return false;
        save(QStringLiteral("dashboard-lost"));
        return true;
    }

    bool serverScenes()
    {
        ServerPage &page = *m_window->serverPage();
        m_window->setPage(MainWindow::Server);
        save(QStringLiteral("server-stopped"));
        page.startButton()->click();
        m_server.becomeStopped(makeError(ErrorCode::Io, QStringLiteral("The service cannot listen on 127.0.0.1:8000. Another program may "
                                                                       "use this port already, or the address is none of this computer. "
                                                                       "Choose another port, or 0 for any free one.")));
        save(QStringLiteral("server-failed"));
        page.hostBox()->setEditText(QStringLiteral("0.0.0.0"));
        page.startButton()->click();
        m_server.becomeRunning();
        for (const char *name : {"nightly export", "reporting"}) {
            page.tokens()->nameEdit()->setText(QString::fromLatin1(name));
            const int before = page.tokens()->table()->figures()->rowCount();
            page.tokens()->createButton()->click();
            if (!until([&] { return page.tokens()->table()->figures()->rowCount() > before; }))
                return false;
        }
        page.tokens()->table()->selectRow(1);
        page.tokens()->revokeButton()->click();
        auto *question = page.tokens()->findChild<QMessageBox *>();
        saveWith(QStringLiteral("server-revoke"), question);
        question->reject();
        for (int i = 1; i <= 8; ++i) {
            m_server.setCounters({i * (90 + i * 12), 12, 2, i * 812'331, i * 91'004});
            QTest::qWait(1000);
        }
        save(QStringLiteral("server-running"));
        m_window->setPage(MainWindow::Dashboard);
        m_window->setPage(MainWindow::Server);
        page.startButton()->click();
        m_server.becomeStopped();
        return true;
    }

    bool samplePages()
    {
        m_window->setPage(MainWindow::Imports);
        m_window->importPage()->importSample();
        if (!until([this] { return m_window->importPage()->step() == ImportPage::Step::Result; }))
            return false;
        save(QStringLiteral("import-sample-result"));
        m_window->setPage(MainWindow::Contacts);
        m_window->operations().dismiss(m_window->importPage()->operation());
        if (!until([this] { return contacts().model()->total() == 10'000 && contacts().model()->isLoaded(20); }))
            return false;
        save(QStringLiteral("contacts"));
        contacts().view()->table()->selectRow(3);
        contacts().toggleDetails();
        until([this] { return contacts().model()->isLoaded(3); });
        QTest::qWait(300);
        save(QStringLiteral("contacts-details"));
        contacts().toggleDetails();
        m_window->setPage(MainWindow::Companies);
        until([this] { return m_window->companiesPage()->model()->isLoaded(20); });
        save(QStringLiteral("companies"));
        m_window->companiesPage()->view()->table()->selectRow(2);
        m_window->companiesPage()->toggleDetails();
        QTest::qWait(300);
        save(QStringLiteral("companies-details"));
        m_window->companiesPage()->toggleDetails();
        return true;
    }

    /// What lies over the window and goes again.
    bool overlays()
    {
        m_window->setPage(MainWindow::Contacts);
        contacts().openColumnPopup();
        auto *columns = contacts().findChild<ColumnChooser *>();
        saveWith(QStringLiteral("columns"), columns);
        columns->hide();
        m_window->openPalette();
        saveWith(QStringLiteral("palette"), m_window->commandPalette());
        QTest::keyClicks(m_window->commandPalette()->edit(), QStringLiteral("zzz"));
        saveWith(QStringLiteral("palette-nothing"), m_window->commandPalette());
        m_window->commandPalette()->hide();
        KeyHelp *keys = m_window->showKeys();
        saveWith(QStringLiteral("keys"), keys);
        keys->close();
        return true;
    }

    bool filterScenes()
    {
        m_window->setPage(MainWindow::Contacts);
        contacts().setFilters({{QStringLiteral("title"), QStringLiteral("manager, director")},
                               {QStringLiteral("country"), QStringLiteral("Germany")},
                               {QStringLiteral("employees_min"), QStringLiteral("50")}});
        until([this] { return !contacts().model()->isStale() && contacts().model()->totalIsKnown(); });
        contacts().view()->table()->selectRow(1);
        contacts().openFilterPopup();
        saveWith(QStringLiteral("contacts-filter"), contacts().filterBar()->editor());
        FilterEditor *editor = contacts().filterBar()->editor();
        for (auto *edit : editor->findChildren<QLineEdit *>())
            QTest::keyClicks(edit, edit->accessibleName() == QLatin1String("Value") ? QStringLiteral("many") : QStringLiteral("employees"));
        QTest::keyClick(editor->findChildren<QLineEdit *>().constLast(), Qt::Key_Return);
        saveWith(QStringLiteral("contacts-filter-refused"), editor);
        editor->hide();
        contacts().setFilters({{QStringLiteral("employees_min"), QStringLiteral("500")}, {QStringLiteral("employees_max"), QStringLiteral("5")}});
        until([this] { return contacts().showsState(); });
        save(QStringLiteral("contacts-filter-wrong"));
        contacts().setFilters({{QStringLiteral("title"), QStringLiteral("manager, director")}});
        contacts().searchEdit()->setText(QStringLiteral("zzz nobody"));
        until([this] { return contacts().showsState(); });
        save(QStringLiteral("contacts-nomatch"));
        contacts().searchEdit()->clear();
        contacts().setFilters({});
        return until([this] { return !contacts().showsState() && !contacts().model()->isStale(); });
    }

    QString makeDirtyFile(int rows)
    {
        QByteArray csv;
        QBuffer buffer(&csv);
        buffer.open(QIODevice::WriteOnly);
        if (!sample::writeContacts(buffer, rows).ok())
            return {};
        int at = 0;
        for (int i = 0; i < 40; ++i) { // some addresses lose their @
            at = static_cast<int>(csv.indexOf('@', at + 9000));
            if (at > 0)
                csv[at] = ' ';
        }
        QFile file(m_files.filePath(QStringLiteral("spring-leads.csv")));
        if (!file.open(QIODevice::WriteOnly) || file.write(csv) != csv.size())
            return {};
        return file.fileName();
    }

    bool importScenes()
    {
        ImportPage &page = *m_window->importPage();
        m_window->setPage(MainWindow::Imports);
        page.openFile(makeDirtyFile(60'000));
        if (!until([&] { return page.step() == ImportPage::Step::SetUp; }))
            return false;
        save(QStringLiteral("import-setup"));
        page.setup()->findChild<QTabWidget *>()->setCurrentIndex(1);
        save(QStringLiteral("import-preview"));
        page.setup()->findChild<QTabWidget *>()->setCurrentIndex(0);
        Q_EMIT page.setup()->runRequested(true);
        if (!until([&] { return page.step() == ImportPage::Step::Result; }))
            return false;
        save(QStringLiteral("import-dry-run"));
        Q_EMIT page.setup()->runRequested(false);
        QTest::qWait(300);
        page.operation()->cancel();
        if (!until([&] { return page.step() == ImportPage::Step::Result; }))
            return false;
        save(QStringLiteral("import-cancelled"));
        Q_EMIT page.setup()->runRequested(false);
        QTest::qWait(1500);
        save(QStringLiteral("import-running"));
        m_window->setPage(MainWindow::Contacts);
        save(QStringLiteral("contacts-import-running"));
        m_window->close();
        auto *question = m_window->findChild<QMessageBox *>();
        if (question) {
            saveWith(QStringLiteral("close-while-running"), question);
            question->reject();
        }
        m_window->setPage(MainWindow::Imports);
        if (!until([&] { return page.step() == ImportPage::Step::Result; }))
            return false;
        save(QStringLiteral("import-result"));
        QFile binary(m_files.filePath(QStringLiteral("photo.csv")));
        if (binary.open(QIODevice::WriteOnly)) {
            binary.write(QByteArray(4096, '\0'));
            binary.close();
        }
        page.openFile(binary.fileName());
        const bool refused = until([&] { return page.step() == ImportPage::Step::Problem; });
        save(QStringLiteral("import-problem"));
        return refused;
    }

    bool exportScenes()
    {
        m_window->setPage(MainWindow::Contacts);
        contacts().view()->table()->selectRow(2);
        ExportDialog *dialog = m_window->openExportDialog(&contacts());
        dialog->pathEdit()->setText(QDir::tempPath() + QStringLiteral("/contacts.csv"));
        saveWith(QStringLiteral("export-dialog"), dialog);
        dialog->pathEdit()->setText(QStringLiteral("/nowhere/contacts.csv"));
        saveWith(QStringLiteral("export-dialog-no-folder"), dialog);
        auto broken = dialog->request();
        if (broken.ok())
            Q_EMIT dialog->exportRequested(*broken, dialog->path());
        dialog->pathEdit()->setText(m_files.filePath(QStringLiteral("contacts.csv")));
        const auto made = dialog->request();
        if (!made.ok())
            return false;
        Q_EMIT dialog->exportRequested(*made, dialog->path());
        dialog->close();
        if (!until([this] { return m_window->operations().runningCount() == 0; }))
            return false;
        save(QStringLiteral("contacts-export-done"));
        m_window->setPage(MainWindow::Exports);
        m_window->cards()->setCollapsed(true);
        save(QStringLiteral("exports"));
        return true;
    }

    bool databaseScenes()
    {
        m_window->setPage(MainWindow::Contacts);
        DatabaseDialog *dialog = m_window->chooseDatabase();
        dialog->fileEdit()->setText(QStringLiteral("/home/ada/.local/share/appointment360/appointment360.db"));
        saveWith(QStringLiteral("database-file"), dialog);
        dialog->chooseServer();
        dialog->hostEdit()->setText(QStringLiteral("127.0.0.1"));
        dialog->portBox()->setValue(1);
        dialog->nameEdit()->setText(QStringLiteral("contacts"));
        dialog->userEdit()->setText(QStringLiteral("desk"));
        dialog->testButton()->click();
        until([&] { return dialog->openButton()->isEnabled(); });
        dialog->adjustSize();
        saveWith(QStringLiteral("database-server"), dialog);
        const auto url = dialog->url();
        dialog->close();
        if (!url.ok())
            return false;
        m_window->openDatabase(*url);
        const bool failed = until([this] { return session().state() == Session::State::Failed; });
        save(QStringLiteral("database-failed"));
        for (const auto &[page, name] : {std::pair(MainWindow::Imports, "import-no-database"), std::pair(MainWindow::Exports, "exports-no-database"),
                                         std::pair(MainWindow::Dashboard, "dashboard-no-database"), std::pair(MainWindow::Server, "server-no-database")}) {
            m_window->setPage(page);
            save(QString::fromLatin1(name));
        }
        return failed;
    }

    QTemporaryDir m_files{QDir::tempPath() + QStringLiteral("/desk-XXXXXX")}; // its name is in the pictures
    const QString m_folder, m_theme;
    const QSize m_size;
    test::FakeServerControl m_server;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addPositionalArgument(QStringLiteral("folder"), QStringLiteral("Where the pictures go."));
    parser.addOption({QStringLiteral("theme"), QStringLiteral("light or dark"), QStringLiteral("name"), QStringLiteral("light")});
    parser.addOption({QStringLiteral("size"), QStringLiteral("of the window"), QStringLiteral("WxH"), QStringLiteral("1440x900")});
    parser.addHelpOption();
    parser.process(application);
    const QStringList size = parser.value(QStringLiteral("size")).split(QLatin1Char('x'));
    const auto mode = themeModeByName(parser.value(QStringLiteral("theme")));
    if (parser.positionalArguments().size() != 1 || size.size() != 2 || !mode)
        parser.showHelp(2);
    applyTheme(application, *mode);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QDir().mkpath(parser.positionalArguments().constFirst());
    Painter painter(parser.positionalArguments().constFirst(), parser.value(QStringLiteral("theme")),
                    QSize(size[0].toInt(), size[1].toInt()));
    return painter.paintAll() ? 0 : 1;
}
