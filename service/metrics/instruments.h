// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/sample.h"

#include <atomic>
#include <memory>

namespace a360::metrics {

// What the code that is measured holds. Every call is lock-free and safe from any thread.

/// Only ever grows.
class Counter
{
public:
    void add(quint64 amount = 1) { m_value.fetch_add(amount, std::memory_order_relaxed); }
    quint64 value() const { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<quint64> m_value = 0;
};

class Gauge
{
public:
    void set(double value) { m_value.store(value, std::memory_order_relaxed); }
    void add(double amount) { m_value.fetch_add(amount, std::memory_order_relaxed); }
    double value() const { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<double> m_value = 0;
};

class Histogram
{
public:
    /// `bounds` are sorted and made unique; NaN and infinity are dropped (the bucket above all is always there).
    explicit Histogram(std::vector<double> bounds);
    void observe(double value); ///< NaN is ignored
    /// Counts that were taken one by one: while others observe, the sum may be a few values apart from them.
    Distribution value() const;
    const std::vector<double> &bounds() const { return m_bounds; }

private:
    std::vector<double> m_bounds;
    std::unique_ptr<std::atomic<quint64>[]> m_counts;
    std::atomic<double> m_sum = 0;
};

/// Bounds in seconds for waiting and answering times: 100 µs to 60 s, in steps of 2 to 2.5.
std::vector<double> latencyBounds();

} // namespace a360::metrics
