// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/link_probe.h"

#include <array>
#include <cerrno>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace a360::db {

LinkProbe::LinkProbe(int socket, std::chrono::milliseconds limit) : m_deadline(Clock::now() + limit)
{
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    if (::getpeername(socket, generic, &size) != 0) {
        m_state = State::Dead; // it is not even connected any more
        return;
    }
    m_socket = ::socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (m_socket < 0) {
        m_state = State::Alive; // no descriptor to ask with: no reason to give up
        return;
    }
    if (::connect(m_socket, generic, size) != 0 && errno != EINPROGRESS && errno != EAGAIN)
        m_state = errno == ECONNREFUSED ? State::Alive : State::Dead;
}

LinkProbe::~LinkProbe()
{
    if (m_socket >= 0)
        ::close(m_socket);
}

LinkProbe::State LinkProbe::step(std::chrono::milliseconds wait)
{
    if (m_state != State::Pending)
        return m_state;
    pollfd descriptor{m_socket, static_cast<short>(m_asked ? POLLIN : POLLOUT), 0};
    if (::poll(&descriptor, 1, static_cast<int>(wait.count())) <= 0) {
        if (Clock::now() >= m_deadline)
            m_state = State::Dead;
        return m_state;
    }
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(m_socket, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
        m_state = error == ECONNREFUSED || error == ECONNRESET ? State::Alive : State::Dead;
    } else if (m_asked) {
        m_state = State::Alive; // a byte, or the end of the connection: somebody is there
    } else {
        // Length 8 and the code 80877103, both in network order.
        constexpr std::array<unsigned char, 8> sslRequest{0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f};
        m_asked = ::send(m_socket, sslRequest.data(), sslRequest.size(), MSG_NOSIGNAL) == ssize_t(sslRequest.size());
    }
    return m_state;
}

bool LinkProbe::isAlive()
{
    while (step(std::chrono::milliseconds(20)) == State::Pending) {
    }
    return m_state == State::Alive;
}

bool SilenceWatch::linkIsDead()
{
    if (!m_probe) {
        if (Clock::now() - m_quietSince < patience)
            return false;
        m_probe = std::make_unique<LinkProbe>(m_socket);
    }
    switch (m_probe->step()) {
    case LinkProbe::State::Pending: return false;
    case LinkProbe::State::Dead: return true;
    case LinkProbe::State::Alive: break;
    }
    m_probe.reset();
    m_quietSince = Clock::now();
    return false;
}

} // namespace a360::db
