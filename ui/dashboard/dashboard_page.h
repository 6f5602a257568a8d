// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/dashboard_poller.h"
#include "server/server_history.h"
#include "session/remembered.h"
#include "session/session.h"

#include <QWidget>

class QComboBox;
class QFrame;
class QGraphicsOpacityEffect;
class QLabel;
class QStackedWidget;

namespace a360::ui {

class CacheCard;
class PoolCard;
class QueriesCard;
class ServerCard;
class StatePanel;
class TasksCard;

/// How the engine does, live: pool, cache, tasks, slow queries. Asks once a second while it is on screen, and nobody
/// while it is not. When the numbers cannot be had any more, the last ones stay, dimmed, with the reason above them.
class DashboardPage : public QWidget
{
    Q_OBJECT

public:
    DashboardPage(Session &session, Remembered &remembered, QWidget *parent = nullptr);

    /// Shows what the REST service does as well. Both must outlive the page; call at most once.
    void watchServer(ServerControl &control, ServerHistory &history);
    /// Another source than the session's, for as long as the session stays as it is.
    void setSource(std::shared_ptr<DashboardSource> source) { m_poller.setSource(std::move(source)); }
    void refresh() { m_poller.askNow(); }

    DashboardPoller &poller() { return m_poller; }
    PoolCard *poolCard() const { return m_pool; }
    CacheCard *cacheCard() const { return m_cache; }
    TasksCard *tasksCard() const { return m_tasks; }
    QueriesCard *queriesCard() const { return m_queries; }
    ServerCard *serverCard() const { return m_server; }
    StatePanel *statePanel() const { return m_state; }
    QComboBox *spanBox() const { return m_span; }
    bool showsState() const;
    /// The reason why what is shown is old; empty when it is not.
    QString staleReason() const;

Q_SIGNALS:
    void databaseRequested();
    void message(const QString &text);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void layOut();
    void followSession();
    void showPlace();
    void showSnapshot(const DashboardSnapshot &snapshot);
    void setStale(const std::optional<Error> &reason);
    void setMinutes(int minutes);

    Session &m_session;
    Remembered &m_remembered;
    DashboardPoller m_poller;
    QStackedWidget *m_stack;
    StatePanel *m_state;
    QWidget *m_content;
    QFrame *m_banner;
    QLabel *m_bannerText;
    QComboBox *m_span;
    QGraphicsOpacityEffect *m_dim;
    PoolCard *m_pool;
    CacheCard *m_cache;
    TasksCard *m_tasks;
    QueriesCard *m_queries;
    ServerCard *m_server = nullptr;
};

} // namespace a360::ui
