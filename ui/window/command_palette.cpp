// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/command_palette.h"

#include "theme/icons.h"
#include "theme/theme.h"
#include "theme/tokens.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace a360::ui {

namespace {

constexpr int paletteWidth = 440;
constexpr int paletteHeight = 320;
constexpr int fromTop = 72;

/// Every typed word occurs.
bool matches(const QString &text, const QString &typed)
{
    const QStringList words = typed.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(),
                       [&](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

} // namespace

CommandPalette::CommandPalette(QWidget *parent)
    : QFrame(parent, Qt::Popup), m_edit(new QLineEdit(this)), m_list(new QListWidget(this))
{
    setRole(this, role::card);
    setAccessibleName(tr("Commands"));
    m_edit->setPlaceholderText(tr("What to do?"));
    m_edit->setAccessibleName(tr("Find a command"));
    m_edit->addAction(icon(Icon::Search), QLineEdit::LeadingPosition);
    m_edit->installEventFilter(this);
    m_list->setAccessibleName(tr("Commands"));
    m_list->setFocusPolicy(Qt::NoFocus);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(metrics::unit);
    column->addWidget(m_edit);
    column->addWidget(m_list);
    connect(m_edit, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::run);
}

void CommandPalette::openOver(const QWidget &window, const std::vector<Command> &commands)
{
    m_commands = commands;
    m_edit->clear();
    fill({});
    resize(paletteWidth, paletteHeight);
    move(window.mapToGlobal(QPoint((window.width() - paletteWidth) / 2, fromTop)));
    show();
    m_edit->setFocus();
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_edit && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int step = key == Qt::Key_Down ? 1 : -1;
            m_list->setCurrentRow(std::clamp(m_list->currentRow() + step, 0, std::max(0, m_list->count() - 1)));
            return true;
        }
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            run();
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

void CommandPalette::fill(const QString &typed)
{
    m_list->clear();
    for (size_t i = 0; i < m_commands.size(); ++i) {
        const Command &command = m_commands[i];
        if (!matches(command.text, typed))
            continue;
        const QString keys = command.keys.toString(QKeySequence::NativeText);
        auto *item = new QListWidgetItem(keys.isEmpty() ? command.text : QStringLiteral("%1   %2").arg(command.text, keys), m_list);
        item->setData(Qt::UserRole, static_cast<int>(i));
    }
    if (m_list->count() == 0) {
        auto *nothing = new QListWidgetItem(tr("No command is called that"), m_list);
        nothing->setFlags(Qt::NoItemFlags);
        return;
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::run()
{
    const QListWidgetItem *item = m_list->currentItem();
    if (!item)
        return;
    const auto action = m_commands[static_cast<size_t>(item->data(Qt::UserRole).toInt())].run;
    hide(); // before the action, which may open something itself
    action();
}

} // namespace a360::ui
