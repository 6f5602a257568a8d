// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/server_card.h"

#include "charts/time_chart.h"
#include "server/address_words.h"

#include <QDateTime>
#include <QNetworkInterface>
#include <QVBoxLayout>

namespace a360::ui {

namespace {

ChartModel chartModel()
{
    ChartModel model;
    model.title = ServerCard::tr("Requests a second");
    model.unit = Unit::PerSecond;
    model.leastTop = 4;
    model.lines = {{ServerCard::tr("requests"), Ink::Accent, Qt::SolidLine, {}}};
    return model;
}

} // namespace

ServerCard::ServerCard(ServerControl &control, ServerHistory &history, QWidget *parent)
    : DashboardCard(tr("REST service"), parent), m_control(control), m_history(history), m_chart(new TimeChart(chartModel(), this))
{
    body()->addWidget(m_chart, 1);
    connect(&m_history, &ServerHistory::changed, this, &ServerCard::follow);
    connect(&m_control, &ServerControl::stateChanged, this, &ServerCard::followState);
    followState();
}

void ServerCard::setMinutes(int minutes)
{
    m_chart->setMinutes(minutes);
}

void ServerCard::followState()
{
    const bool running = m_control.state() == ServerControl::State::Running;
    m_url = running ? clientUrl(m_control.url(), QNetworkInterface::allAddresses()) : QString();
    follow();
}

void ServerCard::follow()
{
    const bool running = m_control.state() == ServerControl::State::Running;
    setVisible(running);
    if (!running || !parentWidget() || !parentWidget()->isVisible())
        return;
    const QLocale locale;
    const ServerCounters &now = m_history.counters();
    verdict()->setVerdict(VerdictLabel::Kind::Good, tr("Running"), m_url);
    m_chart->setSamples({m_history.requestsPerSecond()}, QDateTime::currentMSecsSinceEpoch());
    setNote(tr("%1 · %2 requests · %3 connections · %4 streams")
                .arg(m_url, valueText(static_cast<double>(now.requests), Unit::Count, locale))
                .arg(now.connections)
                .arg(now.streams));
}

} // namespace a360::ui
