// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

class QPalette;

namespace a360::ui {

/// The colours of the window, by purpose. The only place where colours are written down; each text colour reaches 4.5:1
/// on window, surface and alternate.
struct Tokens
{
    QColor window;     ///< chrome
    QColor surface;    ///< content
    QColor alternate;  ///< every other row, quiet panels
    QColor line;       ///< separators and borders
    QColor text, muted;
    QColor accent, onAccent; ///< primary button, links, focus ring
    QColor selection;  ///< selected rows and list items; their text stays `text`
    QColor ok, warning, bad; ///< never alone: with an icon or a word
};

const Tokens &lightTokens();
const Tokens &darkTokens();
/// The set that a widget with this palette is painted in.
const Tokens &tokensFor(const QPalette &palette);
QPalette paletteFrom(const Tokens &tokens);

/// Sizes in device-independent pixels, on a grid of 8 (4 inside controls).
namespace metrics {
inline constexpr int unit = 8;
inline constexpr int half = 4;
inline constexpr int radius = 6;
inline constexpr int rowHeight = 28;
inline constexpr int headerHeight = 48;
inline constexpr int statusHeight = 24;
inline constexpr int sideBarWide = 184;
inline constexpr int sideBarNarrow = 48;
inline constexpr int collapseBelow = 1100;
inline constexpr int iconSmall = 16;
inline constexpr int iconLarge = 20;
} // namespace metrics

} // namespace a360::ui
