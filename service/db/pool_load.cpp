// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/pool_load.h"

#include <algorithm>
#include <cmath>

namespace a360::db {

qint64 PoolLoadMeter::sliceNumber(Clock::time_point at)
{
    return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count() / sliceSeconds;
}

void PoolLoadMeter::add(Clock::time_point now, double held)
{
    const qint64 number = sliceNumber(now);
    Slice &slice = m_slices[static_cast<size_t>(number) % m_slices.size()];
    if (slice.number != number)
        slice = {number, 0, 0};
    ++slice.leases;
    slice.held += held;
}

PoolLoad PoolLoadMeter::load(Clock::time_point now) const
{
    const qint64 oldest = sliceNumber(now) - static_cast<qint64>(m_slices.size()) + 1;
    Slice busiest;
    for (const Slice &slice : m_slices) {
        if (slice.number >= oldest && slice.held > busiest.held)
            busiest = slice;
    }
    PoolLoad load;
    if (busiest.leases == 0)
        return load;
    // users / target is the rate of leases; so the formula is Little's law, and the target cancels out of the size.
    load.users = static_cast<double>(busiest.leases) / double(sliceSeconds) * load.targetSeconds;
    load.averageQuerySeconds = busiest.held / static_cast<double>(busiest.leases);
    load.recommendedSize = std::max(1, static_cast<int>(std::ceil(load.users * load.averageQuerySeconds / load.targetSeconds)));
    return load;
}

} // namespace a360::db
