// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "figures/verdict_label.h"

#include <QFrame>

class QLabel;
class QVBoxLayout;

namespace a360::ui {

/// A framed part of a page: a heading, a verdict at the right, then whatever the card shows, then a note.
class DashboardCard : public QFrame
{
    Q_OBJECT

public:
    explicit DashboardCard(const QString &heading, QWidget *parent = nullptr);

    VerdictLabel *verdict() const { return m_verdict; }
    QVBoxLayout *body() const { return m_body; }
    /// A quiet sentence at the lower end; hidden when empty.
    void setNote(const QString &text);
    QString note() const;
    /// Shows this sentence instead of the body (the feature is off, nothing has happened yet); empty: the body.
    void setInstead(const QString &text);
    bool showsBody() const;

private:
    VerdictLabel *m_verdict;
    QWidget *m_content;
    QVBoxLayout *m_body;
    QLabel *m_note;
    QLabel *m_instead;
};

} // namespace a360::ui
