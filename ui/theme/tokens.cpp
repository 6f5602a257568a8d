// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/tokens.h"

#include <QPalette>

namespace a360::ui {

const Tokens &lightTokens()
{
    static const Tokens tokens{
        .window = QColor(0xF6, 0xF7, 0xF9),
        .surface = QColor(0xFF, 0xFF, 0xFF),
        .alternate = QColor(0xF1, 0xF4, 0xF8),
        .line = QColor(0xD5, 0xDB, 0xE3),
        .text = QColor(0x1B, 0x24, 0x30),
        .muted = QColor(0x56, 0x62, 0x73),
        .accent = QColor(0x1F, 0x5F, 0xBF),
        .onAccent = QColor(0xFF, 0xFF, 0xFF),
        .selection = QColor(0xDC, 0xE8, 0xFA),
        .ok = QColor(0x1B, 0x7A, 0x43),
        .warning = QColor(0x8A, 0x5A, 0x00),
        .bad = QColor(0xB3, 0x26, 0x1E),
    };
    return tokens;
}

const Tokens &darkTokens()
{
    static const Tokens tokens{
        .window = QColor(0x15, 0x19, 0x1F),
        .surface = QColor(0x1C, 0x21, 0x29),
        .alternate = QColor(0x22, 0x28, 0x33),
        .line = QColor(0x34, 0x3C, 0x48),
        .text = QColor(0xE7, 0xEC, 0xF2),
        .muted = QColor(0x9F, 0xAB, 0xBA),
        .accent = QColor(0x7F, 0xB2, 0xFF),
        .onAccent = QColor(0x0E, 0x1A, 0x2B),
        .selection = QColor(0x26, 0x3F, 0x63),
        .ok = QColor(0x63, 0xC9, 0x8B),
        .warning = QColor(0xE5, 0xB0, 0x4A),
        .bad = QColor(0xFF, 0x8A, 0x80),
    };
    return tokens;
}

const Tokens &tokensFor(const QPalette &palette)
{
    const bool dark = palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
    return dark ? darkTokens() : lightTokens();
}

QPalette paletteFrom(const Tokens &t)
{
    QPalette p;
    p.setColor(QPalette::Window, t.window);
    p.setColor(QPalette::WindowText, t.text);
    p.setColor(QPalette::Base, t.surface);
    p.setColor(QPalette::AlternateBase, t.alternate);
    p.setColor(QPalette::Text, t.text);
    p.setColor(QPalette::PlaceholderText, t.muted);
    p.setColor(QPalette::Button, t.surface);
    p.setColor(QPalette::ButtonText, t.text);
    p.setColor(QPalette::BrightText, t.bad);
    p.setColor(QPalette::Highlight, t.selection);
    p.setColor(QPalette::HighlightedText, t.text);
    p.setColor(QPalette::Link, t.accent);
    p.setColor(QPalette::LinkVisited, t.accent);
    p.setColor(QPalette::ToolTipBase, t.surface);
    p.setColor(QPalette::ToolTipText, t.text);
    p.setColor(QPalette::Light, t.surface);
    p.setColor(QPalette::Midlight, t.alternate);
    p.setColor(QPalette::Mid, t.line);
    p.setColor(QPalette::Dark, t.line);
    p.setColor(QPalette::Shadow, t.line);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, t.muted);
    p.setColor(QPalette::Disabled, QPalette::Base, t.window);
    return p;
}

} // namespace a360::ui
