// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/instruments.h"

#include <algorithm>
#include <cmath>

namespace a360::metrics {

namespace {

std::vector<double> tidied(std::vector<double> bounds)
{
    std::erase_if(bounds, [](double bound) { return !std::isfinite(bound); });
    std::sort(bounds.begin(), bounds.end());
    bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
    return bounds;
}

} // namespace

Histogram::Histogram(std::vector<double> bounds)
    : m_bounds(tidied(std::move(bounds))), m_counts(std::make_unique<std::atomic<quint64>[]>(m_bounds.size() + 1))
{
}

void Histogram::observe(double value)
{
    if (std::isnan(value))
        return;
    const auto bucket = std::lower_bound(m_bounds.begin(), m_bounds.end(), value) - m_bounds.begin();
    m_counts[static_cast<size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
    m_sum.fetch_add(value, std::memory_order_relaxed);
}

Distribution Histogram::value() const
{
    Distribution now;
    now.bounds = m_bounds;
    now.counts.reserve(m_bounds.size() + 1);
    for (size_t i = 0; i <= m_bounds.size(); ++i)
        now.counts.push_back(m_counts[i].load(std::memory_order_relaxed));
    now.sum = m_sum.load(std::memory_order_relaxed);
    return now;
}

std::vector<double> latencyBounds()
{
    return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
}

} // namespace a360::metrics
