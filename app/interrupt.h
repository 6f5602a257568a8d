// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"

#include <thread>

namespace a360::app {

/// Turns SIGINT and SIGTERM into a cancellation for its own lifetime; a second signal ends the process the hard way.
/// Also has SIGPIPE ignored, so that a vanished reader is an error of write(). One at a time.
class Interrupt
{
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt &) = delete;
    Interrupt &operator=(const Interrupt &) = delete;

    CancelToken token() const { return m_source.token(); }

private:
    void listen();
    CancelSource m_source;
    int m_pipe[2] = {-1, -1};
    std::thread m_listener;
};

} // namespace a360::app
