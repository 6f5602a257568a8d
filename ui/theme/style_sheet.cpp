// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/theme.h"
#include "theme/tokens.h"

#include <QColor>

namespace a360::ui {

namespace {

// Names in braces are tokens. Widths: one-pixel lines, 6 px corners, a focus ring of 2 px whose extra pixel is taken from
// the padding so that nothing moves.
constexpr char text[] = R"(
QLabel[role="title"] { font-size: 13pt; font-weight: 600; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="figure"] { font-size: 13pt; font-weight: 600; }
QLabel[role="figureWarning"] { font-size: 13pt; font-weight: 600; color: {warning}; }
QLabel[role="figureBad"] { font-size: 13pt; font-weight: 600; color: {bad}; }
QLabel[role="secondary"] { font-size: 8.5pt; color: {muted}; }
QLabel[role="muted"] { color: {muted}; }
QLabel[role="ok"] { color: {ok}; }
QLabel[role="warning"] { color: {warning}; }
QLabel[role="bad"] { color: {bad}; }
QLabel[role="secondaryBad"] { font-size: 8.5pt; color: {bad}; }
)";

constexpr char frames[] = R"(
QWidget[role="sideBar"] { background: {window}; border: none; border-right: 1px solid {line}; }
QWidget[role="statusLine"] { background: {window}; border: none; border-top: 1px solid {line}; }
QFrame[role="card"] { background: {surface}; border: 1px solid {line}; border-radius: 6px; }
QFrame[role="banner"] { background: {alternate}; border: none; border-bottom: 1px solid {line}; }
QFrame[role="panel"] { background: {surface}; border: none; border-left: 1px solid {line}; }
QFrame[role="chip"] { background: {selection}; border: none; border-radius: 12px; }
QFrame[role="line"] { background: {line}; border: none; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollArea[role="cardStrip"] { background: {window}; border-top: 1px solid {line}; }
QToolTip { background: {surface}; color: {text}; border: 1px solid {line}; padding: 4px; }
QSplitter::handle { background: {line}; }
QSplitter::handle:horizontal { width: 1px; }
)";

constexpr char buttons[] = R"(
QPushButton { background: {surface}; color: {text}; border: 1px solid {line}; border-radius: 6px;
              padding: 5px 12px; min-height: 18px; }
QPushButton:hover { border-color: {muted}; }
QPushButton:pressed { background: {alternate}; }
QPushButton:focus { border: 2px solid {accent}; padding: 4px 11px; }
QPushButton:disabled { color: {muted}; background: {window}; }
QPushButton[role="primary"] { background: {accent}; color: {onAccent}; border-color: {accent}; font-weight: 600; }
QPushButton[role="primary"]:focus { border: 2px solid {text}; }
QPushButton[role="primary"]:disabled { background: {line}; color: {muted}; border-color: {line}; }
QPushButton[role="link"] { background: transparent; color: {accent}; border: 1px solid transparent; padding: 1px 4px;
                           min-height: 16px; text-align: left; }
QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="link"]:focus { border: 1px solid {accent}; }
QPushButton[role="link"]:disabled { color: {muted}; }
QToolButton { background: transparent; color: {text}; border: 1px solid transparent; border-radius: 6px; padding: 4px; }
QToolButton:hover, QToolButton:checked { background: {selection}; }
QToolButton:focus { border: 1px solid {accent}; }
QToolButton[role="close"] { color: {muted}; font-size: 13pt; padding: 0 0 2px 0; }
QToolButton[role="close"]:hover { color: {text}; }
QToolButton::menu-indicator { image: none; width: 0; }
QWidget[role="sideBar"] QToolButton { text-align: left; padding: 6px 8px; font-weight: 500; }
QWidget[role="statusLine"] QToolButton { font-size: 8.5pt; color: {muted}; padding: 0 8px; border-radius: 0; }
QWidget[role="statusLine"] QToolButton:hover { color: {text}; background: {selection}; }
QWidget[role="statusLine"] QToolButton:disabled { color: {muted}; background: transparent; }
)";

constexpr char inputs[] = R"(
QLineEdit, QComboBox, QSpinBox, QDateEdit { background: {surface}; color: {text}; border: 1px solid {line};
    border-radius: 6px; padding: 5px 8px; min-height: 18px;
    selection-background-color: {accent}; selection-color: {onAccent}; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDateEdit:focus { border: 2px solid {accent}; padding: 4px 7px; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled { background: {window}; color: {muted}; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url(:/a360/icons/{variant}-down.svg); width: 10px; height: 10px; }
QComboBox QAbstractItemView { background: {surface}; border: 1px solid {line}; padding: 4px;
    selection-background-color: {selection}; selection-color: {text}; outline: 0; }
QTableView QComboBox { background: transparent; border-radius: 0; border: none; padding: 0 2px; }
QTableView QComboBox:focus { border: 2px solid {accent}; padding: 0; }
QCheckBox, QRadioButton { spacing: 8px; }
QCheckBox::indicator, QRadioButton::indicator, QListView::indicator { width: 14px; height: 14px;
    background: {surface}; border: 1px solid {muted}; }
QCheckBox::indicator, QListView::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked, QListView::indicator:checked { background: {accent}; border-color: {accent};
    image: url(:/a360/icons/{variant}-check.svg); }
QRadioButton::indicator:checked { background: {accent}; border-color: {accent};
    image: url(:/a360/icons/{variant}-dot.svg); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: {line}; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { width: 12px; height: 12px; border: 2px solid {accent}; }
QCheckBox::indicator:checked:focus, QRadioButton::indicator:checked:focus { border-color: {text}; }
QCheckBox:disabled, QRadioButton:disabled { color: {muted}; }
QPlainTextEdit[role="code"], QLineEdit[role="code"] { font-family: monospace; font-size: 9pt; }
QPlainTextEdit { background: {alternate}; border: 1px solid {line}; border-radius: 6px; padding: 4px; }
QProgressBar { background: {line}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: {accent}; border-radius: 3px; }
)";

constexpr char views[] = R"(
QTableView, QListView { background: {surface}; alternate-background-color: {alternate}; border: none;
    selection-background-color: {selection}; selection-color: {text}; gridline-color: {line}; outline: 0; }
QTableView[role="plain"]::item { border: none; padding: 0 5px; }
QTableView[role="plain"]::item:selected { background: {selection}; color: {text}; }
QListView::item { padding: 4px 8px; border-radius: 4px; }
QListView::item:selected { background: {selection}; color: {text}; }
QHeaderView { background: {window}; border: none; }
QHeaderView::section { background: {window}; color: {muted}; border: none; border-bottom: 1px solid {line};
    border-right: 1px solid {line}; padding: 0 8px; font-weight: 600; }
QTableView QTableCornerButton::section { background: {window}; border: none; }
QAbstractScrollArea::corner { background: {surface}; border: none; }
QTextBrowser { background: {surface}; border: none; }
QTabWidget::pane { border: none; border-top: 1px solid {line}; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: {muted}; border: none; border-bottom: 2px solid transparent;
    padding: 6px 2px; margin-right: 20px; }
QTabBar::tab:selected { color: {text}; border-bottom: 2px solid {accent}; }
QTabBar::tab:hover { color: {text}; }
QTabBar::tab:focus { background: {selection}; }
QMenu { background: {surface}; border: 1px solid {line}; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: {selection}; color: {text}; }
QMenu::item:disabled { color: {muted}; }
QMenu::separator { height: 1px; background: {line}; margin: 4px 8px; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: {line}; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: {muted}; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
)";

} // namespace

QString styleSheet(const Tokens &tokens)
{
    QString sheet = QLatin1String(text) + QLatin1String(frames) + QLatin1String(buttons) + QLatin1String(inputs)
                    + QLatin1String(views);
    const std::pair<const char *, const QColor &> names[] = {
        {"{window}", tokens.window},       {"{surface}", tokens.surface}, {"{alternate}", tokens.alternate},
        {"{line}", tokens.line},           {"{text}", tokens.text},       {"{muted}", tokens.muted},
        {"{accent}", tokens.accent},       {"{onAccent}", tokens.onAccent}, {"{selection}", tokens.selection},
        {"{ok}", tokens.ok},               {"{warning}", tokens.warning}, {"{bad}", tokens.bad},
    };
    for (const auto &[name, colour] : names)
        sheet.replace(QLatin1String(name), colour.name());
    const bool dark = tokens.window.lightness() < tokens.text.lightness();
    sheet.replace(QLatin1String("{variant}"), dark ? QLatin1String("dark") : QLatin1String("light"));
    return sheet;
}

} // namespace a360::ui
