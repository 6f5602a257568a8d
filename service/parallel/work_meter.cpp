// SPDX-License-Identifier: GPL-3.0-or-later
#include "parallel/work_meter.h"

namespace a360::parallel {

WorkMeter::Figures WorkMeter::figures() const
{
    return {m_running.load(), m_finished.load(), m_failed.load(), std::chrono::nanoseconds(m_busyNanoseconds.load())};
}

WorkMeter::Item::Item(WorkMeter &meter) : m_meter(meter), m_begun(std::chrono::steady_clock::now())
{
    m_meter.m_running.fetch_add(1);
}

WorkMeter::Item::~Item()
{
    const auto busy = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - m_begun);
    m_meter.m_busyNanoseconds.fetch_add(busy.count());
    if (!m_succeeded)
        m_meter.m_failed.fetch_add(1);
    m_meter.m_finished.fetch_add(1);
    m_meter.m_running.fetch_sub(1);
}

} // namespace a360::parallel
