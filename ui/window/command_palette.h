// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QKeySequence>

#include <functional>
#include <vector>

class QLineEdit;
class QListWidget;

namespace a360::ui {

/// Something the window can do: with a shortcut, or from the palette, or both.
struct Command
{
    QString text;
    QKeySequence keys;
    std::function<void()> run;
};

/// Ctrl+K: type a few letters of what to do, Enter does it.
class CommandPalette : public QFrame
{
    Q_OBJECT

public:
    explicit CommandPalette(QWidget *parent);

    void openOver(const QWidget &window, const std::vector<Command> &commands);
    QLineEdit *edit() const { return m_edit; }
    QListWidget *list() const { return m_list; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fill(const QString &typed);
    void run();
    QLineEdit *m_edit;
    QListWidget *m_list;
    std::vector<Command> m_commands;
};

} // namespace a360::ui
