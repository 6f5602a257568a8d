// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/service_closer.h"

#include <system_error>
#include <thread>

namespace a360::ui {

std::shared_ptr<Service> ServiceCloser::keep(std::unique_ptr<Service> service)
{
    return {service.release(), [closer = shared_from_this()](Service *last) { closer->close(last); }};
}

void ServiceCloser::close(Service *service)
{
    {
        const std::lock_guard lock(m_mutex);
        ++m_closing;
    }
    const auto closing = [closer = shared_from_this(), service] {
        delete service;
        const std::lock_guard lock(closer->m_mutex);
        --closer->m_closing;
        closer->m_closed.notify_all();
    };
    try {
        std::thread(closing).detach(); // nobody waits longer for it than waitForDone() allows
    } catch (const std::system_error &) {
        closing(); // no thread to be had: late is better than never
    }
}

bool ServiceCloser::waitForDone(std::chrono::milliseconds limit)
{
    std::unique_lock lock(m_mutex);
    return m_closed.wait_for(lock, limit, [this] { return m_closing == 0; });
}

} // namespace a360::ui
