// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/dashboard_source.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

namespace a360::ui {

/// Asks a source once a second while somebody looks, on a worker thread; never twice at a time, so that a slow answer
/// makes the picture old but piles up nothing.
class DashboardPoller : public QObject
{
    Q_OBJECT

public:
    static constexpr int intervalMilliseconds = 1000;

    DashboardPoller(QThreadPool &threads, QObject *parent);
    ~DashboardPoller() override;

    /// nullptr: nothing to ask. What the source before had said is forgotten.
    void setSource(std::shared_ptr<DashboardSource> source);
    /// Asks at once and from then on every second, or no longer.
    void setActive(bool active);
    bool isActive() const { return m_timer.isActive(); }
    void askNow();

    /// The latest picture; nullptr before the first one.
    std::shared_ptr<const DashboardSnapshot> snapshot() const { return m_snapshot; }
    /// Why there is no newer one; nothing when all is well.
    const std::optional<Error> &error() const { return m_error; }

Q_SIGNALS:
    void changed();

private:
    QThreadPool &m_threads;
    QTimer m_timer;
    std::shared_ptr<DashboardSource> m_source;
    std::shared_ptr<const DashboardSnapshot> m_snapshot;
    std::optional<Error> m_error;
    CancelSource m_cancel;
    quint64 m_asked = 0; ///< tells the answers of this source from those of one before
    bool m_underWay = false;
};

} // namespace a360::ui
