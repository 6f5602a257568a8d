// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/key_help.h"

#include "theme/theme.h"
#include "theme/tokens.h"

#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace a360::ui {

namespace {
constexpr QSize usualSize(520, 560);
constexpr int keysWidth = 168;
} // namespace

KeyHelp::KeyHelp(const std::vector<Command> &commands, QWidget *parent) : QDialog(parent), m_table(new QTableWidget(0, 2, this))
{
    setWindowTitle(tr("Keys"));
    setModal(false);
    auto *hint = new QLabel(tr("Everything can be done with the keyboard. Ctrl+K finds a command by a few letters of its name."), this);
    hint->setWordWrap(true);
    setRole(hint, role::muted);
    setRole(m_table, role::plain);
    m_table->setAccessibleName(tr("Keys and what they do"));
    m_table->setHorizontalHeaderLabels({tr("Key"), tr("Does")});
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setFixedHeight(metrics::rowHeight);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setColumnWidth(0, keysWidth);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(metrics::rowHeight);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);

    addRow(QStringLiteral("Ctrl+K"), tr("Find a command"));
    for (const Command &command : commands) {
        if (!command.keys.isEmpty())
            addRow(command.keys.toString(QKeySequence::NativeText), command.text);
    }
    addRow(tr("Esc"), tr("Close, clear the search, go to the rows"));
    addRow(tr("Home, End, Page Up, Page Down"), tr("Move through the rows"));
    addRow(tr("Shift or Ctrl with arrows, Space"), tr("Select rows"));
    addRow(QKeySequence(QKeySequence::Copy).toString(QKeySequence::NativeText), tr("Copy the selected rows"));
    m_table->setCurrentCell(0, 0);

    auto *close = new QPushButton(tr("Close"), this);
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(close);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(12);
    column->addWidget(hint);
    column->addWidget(m_table, 1);
    column->addLayout(buttons);
    resize(usualSize);
}

void KeyHelp::addRow(const QString &keys, const QString &words)
{
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    m_table->setItem(row, 0, new QTableWidgetItem(keys));
    m_table->setItem(row, 1, new QTableWidgetItem(words));
}

} // namespace a360::ui
