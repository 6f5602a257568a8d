// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/pool_stats.h"

namespace a360::db {

/// Measures what the guide's sizing formula asks for: leases and how long they were held, in slices of ten seconds over
/// ten minutes. Not thread-safe.
class PoolLoadMeter
{
public:
    using Clock = std::chrono::steady_clock;

    /// A lease ended at `now` after `held` seconds.
    void add(Clock::time_point now, double held);
    PoolLoad load(Clock::time_point now) const;

private:
    static constexpr qint64 sliceSeconds = 10;
    struct Slice
    {
        qint64 number = -1; // since the clock's epoch
        qint64 leases = 0;
        double held = 0;
    };
    static qint64 sliceNumber(Clock::time_point at);
    std::array<Slice, 60> m_slices{};
};

} // namespace a360::db
