// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/icons.h"

#include <QList>
#include <QWidget>

class QButtonGroup;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace a360::ui {

/// The pages of the window, one below the other; icons only when narrow.
class SideBar : public QWidget
{
    Q_OBJECT

public:
    explicit SideBar(QWidget *parent = nullptr);

    void addPage(Icon symbol, const QString &text, const QString &shortcut);
    /// A button at the lower end that is no page.
    QToolButton *addTool(Icon symbol, const QString &text);
    void setCurrent(int page);
    int current() const;
    void setCollapsed(bool collapsed);
    bool isCollapsed() const { return m_collapsed; }

Q_SIGNALS:
    void pageChosen(int page);

private:
    QToolButton *makeButton(Icon symbol, const QString &text);
    QLabel *m_name;
    QVBoxLayout *m_pages, *m_tools;
    QButtonGroup *m_group;
    QList<QToolButton *> m_buttons;
    bool m_collapsed = false;
};

} // namespace a360::ui
