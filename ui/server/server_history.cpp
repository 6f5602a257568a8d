// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/server_history.h"

#include <QDateTime>

#include <algorithm>

namespace a360::ui {

namespace {
constexpr int second = 1000;
constexpr qint64 hour = 3600 * second;
} // namespace

ServerHistory::ServerHistory(ServerControl &control, QObject *parent) : QObject(parent), m_control(control)
{
    m_timer.setInterval(second);
    connect(&m_timer, &QTimer::timeout, this, &ServerHistory::look);
    connect(&m_control, &ServerControl::stateChanged, this, &ServerHistory::follow);
    follow();
}

void ServerHistory::follow()
{
    const bool running = m_control.state() == ServerControl::State::Running;
    if (running && !m_timer.isActive()) {
        m_startedAt = QDateTime::currentMSecsSinceEpoch();
        m_counters = m_control.counters();
        m_sinceLook.start();
        m_timer.start();
    } else if (!running) {
        m_timer.stop();
        m_counters = m_control.counters();
    }
    Q_EMIT changed();
}

void ServerHistory::look()
{
    const ServerCounters now = m_control.counters();
    const double seconds = std::max(0.001, static_cast<double>(m_sinceLook.restart()) / second);
    const qint64 time = QDateTime::currentMSecsSinceEpoch();
    m_requests.push_back({time, static_cast<double>(now.requests - m_counters.requests) / seconds});
    if (m_requests.front().time < time - hour - hour / 10) { // in one go, not one at a time
        const auto kept = std::find_if(m_requests.begin(), m_requests.end(),
                                       [&](const Sample &sample) { return sample.time >= time - hour; });
        m_requests.erase(m_requests.begin(), kept);
    }
    m_counters = now;
    Q_EMIT changed();
}

} // namespace a360::ui
