// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/wake_signal.h"

#include <QtGlobal>

#include <cstdint>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace a360::cache {

WakeSignal::WakeSignal() : m_descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (m_descriptor < 0)
        qFatal("No file descriptor is left for an eventfd.");
}

WakeSignal::~WakeSignal()
{
    ::close(m_descriptor);
}

void WakeSignal::raise()
{
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then it is raised.
    [[maybe_unused]] const ssize_t written = ::write(m_descriptor, &one, sizeof one);
}

bool WakeSignal::isRaised() const
{
    pollfd entry{m_descriptor, POLLIN, 0};
    return ::poll(&entry, 1, 0) == 1;
}

} // namespace a360::cache
