// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/dashboard_poller.h"

#include "work/run_async.h"

namespace a360::ui {

DashboardPoller::DashboardPoller(QThreadPool &threads, QObject *parent) : QObject(parent), m_threads(threads)
{
    m_timer.setInterval(intervalMilliseconds);
    connect(&m_timer, &QTimer::timeout, this, &DashboardPoller::askNow);
}

DashboardPoller::~DashboardPoller()
{
    m_cancel.cancel();
}

void DashboardPoller::setSource(std::shared_ptr<DashboardSource> source)
{
    m_cancel.cancel();
    m_cancel = CancelSource{};
    m_source = std::move(source);
    m_snapshot.reset();
    m_error.reset();
    m_underWay = false;
    ++m_asked;
    Q_EMIT changed();
    if (isActive())
        askNow();
}

void DashboardPoller::setActive(bool active)
{
    if (active == isActive())
        return;
    if (!active) {
        m_timer.stop();
        return;
    }
    m_timer.start();
    askNow();
}

void DashboardPoller::askNow()
{
    if (m_underWay || !m_source)
        return;
    m_underWay = true;
    runAsync(
        m_threads, this, [source = m_source, token = m_cancel.token()] { return source->read(token); },
        [this, asked = m_asked](Result<std::shared_ptr<const DashboardSnapshot>> result) {
            if (asked != m_asked)
                return;
            m_underWay = false;
            if (result.ok()) {
                m_snapshot = std::move(*result);
                m_error.reset();
            } else {
                m_error = std::move(result).error();
            }
            Q_EMIT changed();
        });
}

} // namespace a360::ui
