// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/status_line.h"

#include "theme/icons.h"
#include "theme/theme.h"
#include "theme/tokens.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace a360::ui {

namespace {
constexpr int messageMilliseconds = 6000;
}

StatusLine::StatusLine(QWidget *parent)
    : QWidget(parent), m_count(makeItem(tr("Number of rows"))), m_time(makeItem(tr("Time of the last reading"))),
      m_selection(makeItem(tr("Selected rows"))), m_database(makeItem(tr("Database"))), m_jobs(makeItem(tr("Running work"))),
      m_indexes(makeItem(tr("Indexes"))), m_pool(makeItem(tr("Connection pool"))), m_message(new QLabel(this))
{
    setRole(this, role::statusLine);
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(metrics::statusHeight + 1);
    setRole(m_message, role::secondary);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(metrics::unit, 1, metrics::unit, 0);
    row->setSpacing(0);
    for (QWidget *item : {static_cast<QWidget *>(m_count), static_cast<QWidget *>(m_time), static_cast<QWidget *>(m_selection)})
        row->addWidget(item);
    row->addWidget(m_message, 1);
    row->addWidget(m_jobs);
    row->addWidget(m_indexes);
    row->addWidget(m_pool);
    row->addWidget(m_database);
    m_time->setToolTip(tr("Time of the last reading. Click to read again."));
    m_selection->setToolTip(tr("Click to copy the selected rows"));
    m_jobs->setToolTip(tr("Show or hide the cards of running work"));
    m_indexes->setIcon(icon(Icon::Information));
    m_messageTime.setSingleShot(true);
    m_messageTime.setInterval(messageMilliseconds);
    connect(&m_messageTime, &QTimer::timeout, m_message, &QLabel::clear);
    connect(m_count, &QToolButton::clicked, this, &StatusLine::countClicked);
    connect(m_time, &QToolButton::clicked, this, &StatusLine::timeClicked);
    connect(m_selection, &QToolButton::clicked, this, &StatusLine::selectionClicked);
    connect(m_database, &QToolButton::clicked, this, &StatusLine::databaseClicked);
    connect(m_indexes, &QToolButton::clicked, this, &StatusLine::indexesClicked);
    connect(m_jobs, &QToolButton::clicked, this, &StatusLine::jobsClicked);
    connect(m_pool, &QToolButton::clicked, this, &StatusLine::poolClicked);
    setJobs(0, 0);
}

QToolButton *StatusLine::makeItem(const QString &name)
{
    auto *item = new QToolButton(this);
    item->setAccessibleName(name);
    item->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    item->setIconSize(QSize(metrics::iconSmall, metrics::iconSmall));
    item->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
    item->hide();
    return item;
}

void StatusLine::setCount(const QString &text, bool estimated)
{
    m_count->setText(text);
    m_count->setVisible(!text.isEmpty());
    m_count->setToolTip(estimated ? tr("Estimated by the database. Click to count exactly.") : tr("Click to count again"));
}

void StatusLine::setTime(const QString &text)
{
    m_time->setText(text);
    m_time->setVisible(!text.isEmpty());
}

void StatusLine::setSelection(const QString &text)
{
    m_selection->setText(text);
    m_selection->setVisible(!text.isEmpty());
}

void StatusLine::setDatabase(const QString &text, const QString &tip, bool trouble)
{
    m_database->setText(text);
    m_database->setIcon(icon(trouble ? Icon::Error : Icon::Database));
    m_database->setToolTip(tip);
    m_database->setVisible(true);
}

void StatusLine::setIndexes(qsizetype missing, const QString &rebuilding)
{
    if (rebuilding.isEmpty()) {
        m_indexes->setText(missing == 1 ? tr("1 index missing") : tr("%1 indexes missing").arg(missing));
        m_indexes->setToolTip(tr("Another program made this database, without some indexes that searches and filters use. Click "
                                 "to create them."));
    } else {
        m_indexes->setText(rebuilding);
        m_indexes->setToolTip(tr("An import ended before its indexes were back. Until they are, searches and filters are slower, "
                                 "but right."));
    }
    m_indexes->setVisible(missing > 0 || !rebuilding.isEmpty());
}

void StatusLine::setPool(VerdictLabel::Kind kind, const QString &text, const QString &tip)
{
    const bool trouble = kind == VerdictLabel::Kind::Warning || kind == VerdictLabel::Kind::Bad;
    m_pool->setText(text);
    m_pool->setIcon(trouble ? icon(kind == VerdictLabel::Kind::Bad ? Icon::Error : Icon::Warning) : icon(Icon::Pool));
    m_pool->setToolTip(tip);
    m_pool->setVisible(!text.isEmpty());
}

void StatusLine::setJobs(int running, int shown)
{
    m_jobs->setVisible(running + shown > 0);
    if (running > 0)
        m_jobs->setText(running == 1 ? tr("1 job") : tr("%1 jobs").arg(running));
    else
        m_jobs->setText(shown == 1 ? tr("1 result") : tr("%1 results").arg(shown));
}

void StatusLine::say(const QString &text)
{
    m_message->setText(text);
    m_message->setToolTip(text);
    m_messageTime.start();
}

QString StatusLine::message() const
{
    return m_message->text();
}

} // namespace a360::ui
