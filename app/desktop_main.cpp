// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/paths.h"
#include "db/database_url.h"
#include "window/main_window.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>

#include <cstdio>

namespace {

constexpr int usageError = 2;

QString themeName(const QCommandLineParser &parser, const QString &settingsFile)
{
    if (parser.isSet(QStringLiteral("theme")))
        return parser.value(QStringLiteral("theme"));
    const QString fromEnvironment = qEnvironmentVariable("A360_THEME");
    if (!fromEnvironment.isEmpty())
        return fromEnvironment;
    return QSettings(settingsFile, QSettings::IniFormat).value(QStringLiteral("window/theme"), QStringLiteral("system")).toString();
}

int refuse(const QString &message)
{
    std::fprintf(stderr, "a360-desktop: %s\n", qPrintable(message));
    return usageError;
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication::setApplicationName(QStringLiteral("a360-desktop"));
    QApplication::setApplicationDisplayName(QStringLiteral("Appointment360 Desk"));
    QApplication::setApplicationVersion(QStringLiteral(A360_VERSION));
    QApplication application(argc, argv);

    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Browse, filter, import and export contacts and companies."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({QStringLiteral("database"),
                      QStringLiteral("Database to open: postgresql://user@host/name or sqlite:////path/to/file.db."),
                      QStringLiteral("URL")});
    parser.addOption({QStringLiteral("theme"), QStringLiteral("system, light or dark; also in the variable A360_THEME."),
                      QStringLiteral("NAME")});
    parser.process(application);

    a360::ui::WindowOptions options;
    options.settingsFile = a360::desktopSettingsPath();
    options.defaultDatabaseFile = a360::defaultDatabasePath();
    QString database = parser.value(QStringLiteral("database"));
    if (database.isEmpty())
        database = qEnvironmentVariable("DATABASE_URL");
    if (!database.isEmpty()) {
        const a360::Result<a360::db::DatabaseUrl> url = a360::db::DatabaseUrl::parse(database);
        if (!url.ok())
            return refuse(url.error().message);
        options.database = *url;
    }
    const QString theme = themeName(parser, options.settingsFile);
    const auto mode = a360::ui::themeModeByName(theme);
    if (!mode)
        return refuse(QStringLiteral("theme must be system, light or dark, not %1").arg(theme));
    a360::ui::applyTheme(application, *mode);

    a360::ui::MainWindow window(options);
    QObject::connect(&window, &a360::ui::MainWindow::themeChosen, &application,
                     [&application](a360::ui::ThemeMode chosen) { a360::ui::applyTheme(application, chosen); });
    window.show();
    window.start();
    return QApplication::exec();
}
