// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/sample.h"
#include "server/server_control.h"

#include <QElapsedTimer>
#include <QTimer>

namespace a360::ui {

/// The requests a second of the last hour. Looks at the server's counters once a second while it runs, which costs five
/// reads of an atomic number.
class ServerHistory : public QObject
{
    Q_OBJECT

public:
    /// The control must outlive it.
    explicit ServerHistory(ServerControl &control, QObject *parent = nullptr);

    const Series &requestsPerSecond() const { return m_requests; }
    double currentRate() const { return m_requests.empty() ? 0 : m_requests.back().value; }
    const ServerCounters &counters() const { return m_counters; }
    /// When the running server was started, milliseconds since 1970 UTC.
    qint64 startedAt() const { return m_startedAt; }

Q_SIGNALS:
    void changed(); ///< once a second while it runs, and at its start and end

private:
    void follow();
    void look();
    ServerControl &m_control;
    QTimer m_timer;
    QElapsedTimer m_sinceLook;
    ServerCounters m_counters;
    Series m_requests;
    qint64 m_startedAt = 0;
};

} // namespace a360::ui
