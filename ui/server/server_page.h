// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/server_history.h"
#include "session/remembered.h"
#include "session/session.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace a360::ui {

class DashboardCard;
class FigureStrip;
class TimeChart;
class TokensCard;

/// The REST service inside the window: where it listens, whether it runs, what it has to do, and who may call it.
/// It serves the database it was started on; when the window opens another one, it stops and says so.
class ServerPage : public QWidget
{
    Q_OBJECT

public:
    /// Control and history must outlive it.
    ServerPage(ServerControl &control, ServerHistory &history, Session &session, Remembered &remembered, QWidget *parent = nullptr);

    QComboBox *hostBox() const { return m_host; }
    QSpinBox *portBox() const { return m_port; }
    QPushButton *startButton() const { return m_start; }
    QPushButton *linkButton() const { return m_link; }
    QLabel *warning() const { return m_warning; }
    QLabel *serves() const { return m_serves; }
    /// What went wrong or what somebody should know: a failed start, a stop for another database.
    QString notice() const;
    DashboardCard *stateCard() const { return m_stateCard; }
    FigureStrip *figures() const { return m_figures; }
    TimeChart *chart() const { return m_chart; }
    TokensCard *tokens() const { return m_tokens; }

Q_SIGNALS:
    void message(const QString &text);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void layOut();
    QLayout *makeForm();
    void connectAll();
    void startOrStop();
    void followControl();
    void followSession();
    void showFigures();
    void showWarning();
    void setNotice(const char *role, const QString &text);
    QString servesText() const;

    ServerControl &m_control;
    ServerHistory &m_history;
    Session &m_session;
    Remembered &m_remembered;
    DashboardCard *m_stateCard;
    QComboBox *m_host;
    QSpinBox *m_port;
    QPushButton *m_start;
    QWidget *m_address; ///< where it listens, while it does
    QPushButton *m_link, *m_copy;
    QLabel *m_warning, *m_notice, *m_serves;
    FigureStrip *m_figures;
    TimeChart *m_chart;
    TokensCard *m_tokens;
    std::weak_ptr<Service> m_served; ///< the database the server was started on
    QString m_servedName;
    QString m_url; ///< for clients, while it runs
    bool m_startHadFocus = false;
};

} // namespace a360::ui
