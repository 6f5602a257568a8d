// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/duration_histogram.h"

#include <algorithm>
#include <cmath>

namespace a360::tasks {

void DurationHistogram::add(double seconds)
{
    const double microseconds = std::max(1.0, seconds * 1e6);
    const int bucket = static_cast<int>(std::ceil(std::log2(microseconds) * kPerDoubling));
    ++m_buckets[static_cast<size_t>(std::clamp(bucket, 0, kBuckets - 1))];
    ++m_count;
    m_longest = std::max(m_longest, seconds);
}

double DurationHistogram::percentile(double share) const
{
    const auto wanted = static_cast<qint64>(std::ceil(share * static_cast<double>(m_count)));
    qint64 seen = 0;
    for (int bucket = 0; bucket < kBuckets && m_count > 0; ++bucket) {
        seen += m_buckets[static_cast<size_t>(bucket)];
        if (seen >= wanted)
            return std::min(m_longest, std::exp2(static_cast<double>(bucket) / kPerDoubling) / 1e6);
    }
    return m_longest;
}

} // namespace a360::tasks
