// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

class QApplication;
class QWidget;

namespace a360::ui {

struct Tokens;

enum class ThemeMode { System, Light, Dark };
std::optional<ThemeMode> themeModeByName(QStringView name); ///< "system", "light", "dark"
QString themeModeName(ThemeMode mode);

/// Dresses the application: Fusion, the palette, the one style sheet, the icon theme that goes with it. Can be called
/// again at any time to change the theme. With System it follows later changes of the system where Qt reports them.
void applyTheme(QApplication &application, ThemeMode mode);
/// The style sheet of the whole window, made from the tokens.
QString styleSheet(const Tokens &tokens);

/// Roles the style sheet knows, set as the dynamic property "role".
namespace role {
inline constexpr char primary[] = "primary";      ///< the one main button of a page
inline constexpr char link[] = "link";            ///< a button that looks like text
inline constexpr char flat[] = "flat";            ///< an icon button without a border
inline constexpr char chip[] = "chip";
inline constexpr char card[] = "card";
inline constexpr char title[] = "title";          ///< page title, 13 pt
inline constexpr char heading[] = "heading";      ///< group heading
inline constexpr char secondary[] = "secondary";  ///< 8.5 pt, muted
inline constexpr char muted[] = "muted";
inline constexpr char ok[] = "ok";
inline constexpr char warning[] = "warning";
inline constexpr char bad[] = "bad";
inline constexpr char secondaryBad[] = "secondaryBad"; ///< 8.5 pt
inline constexpr char sideBar[] = "sideBar";
inline constexpr char statusLine[] = "statusLine";
inline constexpr char cardStrip[] = "cardStrip";
inline constexpr char banner[] = "banner";
inline constexpr char panel[] = "panel";
inline constexpr char plain[] = "plain";          ///< a table without a delegate of its own
inline constexpr char figure[] = "figure";        ///< a number that matters
inline constexpr char figureWarning[] = "figureWarning";
inline constexpr char figureBad[] = "figureBad";
inline constexpr char code[] = "code";            ///< SQL, plans, tokens: monospace
} // namespace role
void setRole(QWidget *widget, const char *role);

} // namespace a360::ui
