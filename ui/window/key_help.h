// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "window/command_palette.h"

#include <QDialog>

class QTableWidget;

namespace a360::ui {

/// F1: which key does what. The commands' own keys come from the commands, so this list cannot fall behind them.
class KeyHelp : public QDialog
{
    Q_OBJECT

public:
    KeyHelp(const std::vector<Command> &commands, QWidget *parent);
    QTableWidget *table() const { return m_table; }

private:
    void addRow(const QString &keys, const QString &words);
    QTableWidget *m_table;
};

} // namespace a360::ui
