// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "dashboard/dashboard_snapshot.h"

#include <memory>

namespace a360::ui {

/// Where the dashboard gets its numbers. Called on worker threads, one call at a time; may block for moments.
class DashboardSource
{
public:
    virtual ~DashboardSource() = default;
    /// An error means that the numbers cannot be had or can no longer be believed (the database is lost); its message is
    /// shown while the last numbers stay, dimmed.
    virtual Result<std::shared_ptr<const DashboardSnapshot>> read(const CancelToken &cancel) = 0;
};

} // namespace a360::ui
