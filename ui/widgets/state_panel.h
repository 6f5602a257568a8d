// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "theme/icons.h"

#include <QWidget>

#include <functional>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace a360::ui {

class IconLabel;

/// What a page shows instead of its content: empty, nothing matches, failed. One heading, one sentence, at most one main
/// action, technical details folded away.
class StatePanel : public QWidget
{
    Q_OBJECT

public:
    struct Action
    {
        QString text;
        std::function<void()> run;
        bool primary = false;
    };
    explicit StatePanel(QWidget *parent = nullptr);

    void show(Icon symbol, const QString &title, const QString &text, const std::vector<Action> &actions,
              const QString &details = {});
    void showError(const QString &title, const Error &error, const std::vector<Action> &actions);
    QString title() const;
    QString text() const;
    QList<QPushButton *> buttons() const { return m_buttons; }
    /// For the order of Tab: the buttons come right before these.
    QList<QWidget *> tabAnchors() const;

private:
    IconLabel *m_symbol;
    QLabel *m_title;
    QLabel *m_text;
    QWidget *m_actions;
    QPushButton *m_detailsToggle;
    QPlainTextEdit *m_details;
    QList<QPushButton *> m_buttons;
};

} // namespace a360::ui
