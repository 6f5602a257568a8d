// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/dashboard_source.h"

#include <mutex>

namespace a360::test {

/// A snapshot in which everything is on and there is an hour of history, ending at `now` (milliseconds since 1970 UTC).
ui::DashboardSnapshot busySnapshot(qint64 now);
/// Nothing has happened yet; cache, tasks and query monitor are off and say how to turn them on.
ui::DashboardSnapshot quietSnapshot(qint64 now);

/// Answers with the snapshot it was given, at once, or with an error. Counts how often and in which thread it was asked.
class FakeDashboardSource : public ui::DashboardSource
{
public:
    explicit FakeDashboardSource(ui::DashboardSnapshot snapshot);
    Result<std::shared_ptr<const ui::DashboardSnapshot>> read(const CancelToken &cancel) override;

    void setSnapshot(ui::DashboardSnapshot snapshot);
    void failWith(const Error &error);
    void recover();
    int asked() const;
    bool wasAskedInThisThread() const;

private:
    mutable std::mutex m_mutex;
    std::shared_ptr<const ui::DashboardSnapshot> m_snapshot;
    std::optional<Error> m_error;
    int m_asked = 0;
    Qt::HANDLE m_thread = nullptr;
};

} // namespace a360::test
