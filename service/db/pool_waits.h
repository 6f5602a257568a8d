// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/pool_stats.h"

namespace a360::db {

/// The latest waits for a lease. Those of the last minute make the average that tells how a pool is (contract §8: of the
/// last 1000 checkouts): older ones say nothing about it, and a pool that nobody asks any more would never get well. Not
/// thread-safe.
class PoolWaitMeter
{
public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::seconds span{60};

    struct Recent
    {
        double average = 0; ///< seconds; 0 without samples
        int samples = 0;
    };
    /// A lease was granted at `now` after `waited` seconds. `now` never goes back.
    void add(Clock::time_point now, double waited);
    Recent recent(Clock::time_point now) const;

private:
    struct Wait
    {
        Clock::time_point at;
        double seconds = 0;
    };
    std::array<Wait, 1000> m_waits{};
    size_t m_count = 0; // ever added; number n stands at n % 1000
};

} // namespace a360::db
