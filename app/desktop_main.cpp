// SPDX-License-Identifier: GPL-3.0-or-later
#include "api_server_control.h"
#include "composition.h"
#include "core/logging.h"
#include "core/paths.h"
#include "interrupt.h"
#include "server_options.h"
#include "window/main_window.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <unistd.h>

namespace {

constexpr int usageError = 2;
constexpr std::chrono::seconds closingLimit{2}; // beyond what the window itself has waited

int refuse(const QString &message)
{
    std::fprintf(stderr, "a360-desktop: %s\n", qPrintable(message));
    return usageError;
}

void addOptions(QCommandLineParser &parser)
{
    parser.setApplicationDescription(QStringLiteral("Browse, filter, import and export contacts and companies."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({QStringLiteral("database"),
                      QStringLiteral("Database to open: postgresql://user@host/name or sqlite:////path/to/file.db."),
                      QStringLiteral("URL")});
    parser.addOption({QStringLiteral("theme"), QStringLiteral("system, light or dark; also in the variable A360_THEME."),
                      QStringLiteral("NAME")});
}

/// Reads the command line; the exit code when the program ends here. QCommandLineParser::process() would end it with 1.
std::optional<int> endsWithOptions(QCommandLineParser &parser)
{
    if (!parser.parse(QCoreApplication::arguments()))
        return refuse(parser.errorText());
    if (parser.isSet(QStringLiteral("help")) || parser.isSet(QStringLiteral("help-all")))
        parser.showHelp();
    if (parser.isSet(QStringLiteral("version")))
        parser.showVersion();
    if (!parser.positionalArguments().isEmpty())
        return refuse(QStringLiteral("There is nothing to do with '%1'.").arg(parser.positionalArguments().constFirst()));
    return std::nullopt;
}

/// The same sources in the same order as the command line program.
a360::Result<a360::Settings> loadSettings(const QCommandLineParser &parser)
{
    a360::SettingsSources sources;
    sources.environment = QProcessEnvironment::systemEnvironment();
    sources.envFile = QStringLiteral(".env");
    sources.desktopFile = a360::desktopSettingsPath();
    if (parser.isSet(QStringLiteral("database")))
        sources.commandLine.insert(QStringLiteral("DATABASE_URL"), parser.value(QStringLiteral("database")));
    return a360::Settings::load(sources);
}

struct DesktopOptions
{
    a360::ui::WindowOptions window;
    a360::rest::ApiOptions server;
};

a360::Result<DesktopOptions> desktopOptions(const a360::Settings &settings)
{
    A360_TRY_ASSIGN(const a360::ServiceOptions service, a360::app::serviceOptions(settings, a360::app::Access::Serve));
    DesktopOptions made;
    A360_TRY_ASSIGN(made.server, a360::app::serverOptions(settings, {}));
    a360::ui::WindowOptions &options = made.window;
    options.settingsFile = a360::desktopSettingsPath();
    options.defaultDatabaseFile = a360::defaultDatabasePath();
    options.service = service;
    // A default is no wish: the window then opens what it had open last.
    if (settings.source(a360::SettingKey<a360::SettingType::Text>("DATABASE_URL")) != a360::SettingSource::Default)
        options.database = service.database;
    return made;
}

QString themeName(const QCommandLineParser &parser, const QString &settingsFile)
{
    if (parser.isSet(QStringLiteral("theme")))
        return parser.value(QStringLiteral("theme"));
    const QString fromEnvironment = qEnvironmentVariable("A360_THEME");
    if (!fromEnvironment.isEmpty())
        return fromEnvironment;
    return QSettings(settingsFile, QSettings::IniFormat)
        .value(QStringLiteral("window/theme"), QStringLiteral("system"))
        .toString();
}

/// From the window's start to its end; `closer` is what its databases are closed by.
int runWindow(QApplication &application, DesktopOptions &options, std::shared_ptr<a360::ui::ServiceCloser> &closer)
{
    const a360::app::Interrupt interrupt;
    a360::app::ApiServerControl server(options.server);
    options.window.server = &server;
    a360::ui::MainWindow window(options.window);
    closer = window.session().closer();
    QObject::connect(&window, &a360::ui::MainWindow::themeChosen, &application,
                     [&application](a360::ui::ThemeMode chosen) { a360::ui::applyTheme(application, chosen); });
    // Comes from the thread that waits for signals. Dialogs and menus that are open are no reason to stay.
    const auto ended = interrupt.token().onCancel([&window] {
        QMetaObject::invokeMethod(
            &window,
            [&window] {
                window.closeUnasked();
                QCoreApplication::exit();
            },
            Qt::QueuedConnection);
    });
    window.show();
    window.start();
    return QApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication::setApplicationName(QStringLiteral("a360-desktop"));
    QApplication::setApplicationDisplayName(QStringLiteral("Appointment360 Desk"));
    QApplication::setApplicationVersion(QStringLiteral(A360_VERSION));
    QApplication application(argc, argv);
    QCommandLineParser parser;
    addOptions(parser);
    if (const std::optional<int> code = endsWithOptions(parser))
        return *code;

    const a360::Result<a360::Settings> settings = loadSettings(parser);
    if (!settings.ok())
        return refuse(settings.error().message);
    const auto logging = a360::Logging::install(a360::LogOptions::from(*settings, ::isatty(STDERR_FILENO) == 1));
    if (!logging.ok())
        return refuse(logging.error().message);
    qCInfo(a360::lcApp) << "a360-desktop" << A360_VERSION << "started";
    a360::Result<DesktopOptions> options = desktopOptions(*settings);
    if (!options.ok())
        return refuse(options.error().message);
    const QString theme = themeName(parser, options->window.settingsFile);
    const auto mode = a360::ui::themeModeByName(theme);
    if (!mode)
        return refuse(QStringLiteral("The theme is system, light or dark, not '%1'.").arg(theme));
    a360::ui::applyTheme(application, *mode);

    std::shared_ptr<a360::ui::ServiceCloser> closer;
    const int code = runWindow(application, *options, closer);
    if (!closer->waitForDone(closingLimit)) {
        qCWarning(a360::lcApp) << "a database does not let itself be closed in time; it is left as it is";
        std::_Exit(code); // a thread still uses what would be taken down now
    }
    return code;
}
