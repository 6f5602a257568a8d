// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <array>

namespace a360::tasks {

/// Durations in buckets that grow by a twelfth or less each, from a microsecond to days: percentiles at a fixed, small cost.
class DurationHistogram
{
public:
    void add(double seconds);
    /// Upper end of the bucket that holds the value at `share` (0.95) of all, never above the longest; 0 without values.
    double percentile(double share) const;
    qint64 count() const { return m_count; }
    double longest() const { return m_longest; }

private:
    static constexpr int kPerDoubling = 9, kBuckets = 40 * kPerDoubling;
    std::array<quint32, kBuckets> m_buckets{};
    qint64 m_count = 0;
    double m_longest = 0;
};

} // namespace a360::tasks
