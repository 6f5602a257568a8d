// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/registry.h"
#include "metrics/sampler.h"

#include <vector>

namespace a360 {

class Service;

/// What is measured of an open database, for programs that stay: the numbers of its rooms in one registry, and an hour of
/// them for dashboards. REST, Prometheus and the window read the same. The service must outlive it.
class Telemetry
{
public:
    explicit Telemetry(Service &service);
    Telemetry(const Telemetry &) = delete;
    Telemetry &operator=(const Telemetry &) = delete;

    metrics::Registry &registry() { return m_registry; }
    const metrics::History &history() const { return m_sampler.history(); }

private:
    metrics::Registry m_registry;
    std::vector<metrics::Registry::Registration> m_collectors;
    metrics::Sampler m_sampler; // last: its thread asks the collectors
};

} // namespace a360
