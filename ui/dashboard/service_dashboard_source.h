// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/dashboard_source.h"
#include "service.h"

#include <chrono>
#include <optional>

namespace a360::ui {

/// The numbers of an open database, from the rooms of the service. Every few seconds it also makes sure that the
/// database still answers.
class ServiceDashboardSource : public DashboardSource
{
public:
    explicit ServiceDashboardSource(std::shared_ptr<Service> service) : m_service(std::move(service)) {}
    Result<std::shared_ptr<const DashboardSnapshot>> read(const CancelToken &cancel) override;

private:
    using Clock = std::chrono::steady_clock;
    Result<void> checkDatabase(const CancelToken &cancel);

    std::shared_ptr<Service> m_service;
    std::optional<Clock::time_point> m_aliveUntil; ///< when to make sure again
};

} // namespace a360::ui
