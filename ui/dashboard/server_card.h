// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/dashboard_card.h"
#include "server/server_history.h"

namespace a360::ui {

class TimeChart;

/// What the REST service of this window has to do; hidden while it does not run.
class ServerCard : public DashboardCard
{
    Q_OBJECT

public:
    /// Both must outlive it.
    ServerCard(ServerControl &control, ServerHistory &history, QWidget *parent = nullptr);
    void setMinutes(int minutes);
    TimeChart *chart() const { return m_chart; }

private:
    void followState();
    void follow();
    ServerControl &m_control;
    ServerHistory &m_history;
    TimeChart *m_chart;
    QString m_url; ///< for clients, while it runs
};

} // namespace a360::ui
