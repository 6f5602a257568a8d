// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace a360::ui {

/// Closes databases, each on a thread of its own: a server that does not answer can make it take seconds, and whoever lets
/// the last reference go (a page, the REST service) may be the window's thread. Lives as long as a database that it keeps.
/// Thread-safe.
class ServiceCloser : public std::enable_shared_from_this<ServiceCloser>
{
public:
    static std::shared_ptr<ServiceCloser> make() { return std::shared_ptr<ServiceCloser>(new ServiceCloser); }

    /// Shared from here on; letting the last reference go returns at once.
    std::shared_ptr<Service> keep(std::unique_ptr<Service> service);
    /// Until all that were let go are closed. False when that took longer; they go on being closed.
    bool waitForDone(std::chrono::milliseconds limit);

private:
    ServiceCloser() = default;
    void close(Service *service);

    std::mutex m_mutex;
    std::condition_variable m_closed;
    int m_closing = 0; // guarded by m_mutex
};

} // namespace a360::ui
