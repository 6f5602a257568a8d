// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/theme.h"

#include "theme/tokens.h"

#include <QApplication>
#include <QFont>
#include <QIcon>
#include <QPalette>
#include <QStandardPaths>
#include <QStyle>
#include <QStyleFactory>
#include <QStyleHints>
#include <QWidget>

namespace a360::ui {

namespace {

/// What the system had before this program changed the palette.
bool systemIsDark(QApplication &application)
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    return application.styleHints()->colorScheme() == Qt::ColorScheme::Dark;
#else
    static constexpr char remembered[] = "a360SystemIsDark";
    const QVariant known = application.property(remembered);
    if (known.isValid())
        return known.toBool();
    const QPalette palette = application.palette();
    const bool dark = palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
    application.setProperty(remembered, dark);
    return dark;
#endif
}

/// Without a desktop's platform plugin Qt looks for themes in its resources only.
void findIconThemes()
{
    QStringList paths = QIcon::themeSearchPaths();
    for (const QString &path : QStandardPaths::locateAll(QStandardPaths::GenericDataLocation, QStringLiteral("icons"),
                                                         QStandardPaths::LocateDirectory)) {
        if (!paths.contains(path))
            paths.append(path);
    }
    QIcon::setThemeSearchPaths(paths);
}

void dress(QApplication &application, bool dark)
{
    const Tokens &tokens = dark ? darkTokens() : lightTokens();
    findIconThemes();
    QIcon::setFallbackThemeName(QStringLiteral("breeze"));
    QIcon::setThemeName(dark ? QStringLiteral("breeze-dark") : QStringLiteral("breeze"));
    application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    application.setPalette(paletteFrom(tokens));
    application.setStyleSheet(styleSheet(tokens));
}

} // namespace

std::optional<ThemeMode> themeModeByName(QStringView name)
{
    for (const ThemeMode mode : {ThemeMode::System, ThemeMode::Light, ThemeMode::Dark}) {
        if (name == themeModeName(mode))
            return mode;
    }
    return std::nullopt;
}

QString themeModeName(ThemeMode mode)
{
    switch (mode) {
    case ThemeMode::Light:
        return QStringLiteral("light");
    case ThemeMode::Dark:
        return QStringLiteral("dark");
    case ThemeMode::System:
        break;
    }
    return QStringLiteral("system");
}

void applyTheme(QApplication &application, ThemeMode mode)
{
    const bool systemDark = systemIsDark(application);
    QFont font = application.font();
    font.setPointSizeF(10);
    application.setFont(font);
    dress(application, mode == ThemeMode::Dark || (mode == ThemeMode::System && systemDark));
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    QStyleHints *hints = application.styleHints();
    QObject::disconnect(hints, &QStyleHints::colorSchemeChanged, &application, nullptr);
    if (mode == ThemeMode::System) {
        QObject::connect(hints, &QStyleHints::colorSchemeChanged, &application, [&application](Qt::ColorScheme scheme) {
            dress(application, scheme == Qt::ColorScheme::Dark);
        });
    }
#endif
}

void setRole(QWidget *widget, const char *role)
{
    widget->setProperty("role", QLatin1String(role));
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

} // namespace a360::ui
