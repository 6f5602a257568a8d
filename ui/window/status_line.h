// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "figures/verdict_label.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QToolButton;

namespace a360::ui {

/// The line at the bottom: rows, time, passing messages; database and running jobs at the right. Every item does something.
class StatusLine : public QWidget
{
    Q_OBJECT

public:
    explicit StatusLine(QWidget *parent = nullptr);

    void setCount(const QString &text, bool estimated);
    void setTime(const QString &text);
    void setSelection(const QString &text);
    /// Offers to make those that are missing, or tells how far a rebuilding is; nothing is shown for 0 and an empty text.
    void setIndexes(qsizetype missing, const QString &rebuilding);
    void setDatabase(const QString &text, const QString &tip, bool trouble);
    /// An empty text hides the item.
    void setPool(VerdictLabel::Kind kind, const QString &text, const QString &tip);
    void setJobs(int running, int shown);
    /// Shows a text for a few seconds.
    void say(const QString &text);

    QToolButton *countItem() const { return m_count; }
    QToolButton *databaseItem() const { return m_database; }
    QToolButton *jobsItem() const { return m_jobs; }
    QToolButton *indexesItem() const { return m_indexes; }
    QToolButton *poolItem() const { return m_pool; }
    QString message() const;

Q_SIGNALS:
    void countClicked();
    void timeClicked();
    void selectionClicked();
    void databaseClicked();
    void indexesClicked();
    void jobsClicked();
    void poolClicked();

private:
    QToolButton *makeItem(const QString &name);
    QToolButton *m_count, *m_time, *m_selection, *m_database, *m_jobs, *m_indexes, *m_pool;
    QLabel *m_message;
    QTimer m_messageTime;
};

} // namespace a360::ui
