// SPDX-License-Identifier: GPL-3.0-or-later
#include "interrupt.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace a360::app {

namespace {

// A signal handler can only reach what is static, and only write() to it (the self-pipe trick): a callback that takes
// locks must not run in the handler.
volatile std::sig_atomic_t signalPipe = -1;

constexpr char kSignal = 's';
constexpr char kStop = 'q';

extern "C" void onSignal(int number)
{
    const int keptErrno = errno;
    std::signal(number, SIG_DFL);
    if (number == SIGINT)
        std::signal(SIGTERM, SIG_DFL);
    else
        std::signal(SIGINT, SIG_DFL);
    const ssize_t written = ::write(signalPipe, &kSignal, 1);
    static_cast<void>(written);
    errno = keptErrno;
}

} // namespace

Interrupt::Interrupt()
{
    std::signal(SIGPIPE, SIG_IGN);
    if (::pipe2(m_pipe, O_CLOEXEC) != 0)
        return; // without a pipe the default action of the signals stays
    signalPipe = m_pipe[1];
    m_listener = std::thread([this] { listen(); });
    std::signal(SIGINT, onSignal);
    std::signal(SIGTERM, onSignal);
}

Interrupt::~Interrupt()
{
    if (!m_listener.joinable())
        return;
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    const ssize_t written = ::write(m_pipe[1], &kStop, 1);
    static_cast<void>(written);
    m_listener.join();
    signalPipe = -1;
    ::close(m_pipe[0]);
    ::close(m_pipe[1]);
}

void Interrupt::listen()
{
    char byte = 0;
    while (true) {
        const ssize_t got = ::read(m_pipe[0], &byte, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got != 1 || byte == kStop)
            return;
        m_source.cancel();
    }
}

} // namespace a360::app
