// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/pool_waits.h"

#include <algorithm>

namespace a360::db {

void PoolWaitMeter::add(Clock::time_point now, double waited)
{
    m_waits[m_count++ % m_waits.size()] = {now, waited};
}

PoolWaitMeter::Recent PoolWaitMeter::recent(Clock::time_point now) const
{
    Recent recent;
    double sum = 0;
    const size_t kept = std::min(m_count, m_waits.size());
    for (size_t back = 1; back <= kept; ++back) {
        const Wait &wait = m_waits[(m_count - back) % m_waits.size()];
        if (now - wait.at > span)
            break;
        sum += wait.seconds;
        ++recent.samples;
    }
    if (recent.samples > 0)
        recent.average = sum / recent.samples;
    return recent;
}

} // namespace a360::db
