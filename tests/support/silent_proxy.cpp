// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/silent_proxy.h"

#include <algorithm>
#include <array>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace a360::test {

namespace {

sockaddr_in loopback(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<quint16>(port));
    return address;
}

} // namespace

SilentProxy::SilentProxy(int targetPort) : m_targetPort(targetPort)
{
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(m_listener, reinterpret_cast<sockaddr *>(&address), size) == 0 && ::listen(m_listener, 256) == 0
        && ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size) == 0)
        m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { run(); });
}

SilentProxy::~SilentProxy()
{
    m_stopping = true;
    m_thread.join();
    for (const Pair &pair : m_pairs) {
        ::close(pair.client);
        ::close(pair.server);
    }
    ::close(m_listener);
}

void SilentProxy::goSilent()
{
    m_silent = true;
}

void SilentProxy::recover()
{
    m_silent = false;
}

void SilentProxy::acceptOne()
{
    Pair pair;
    pair.client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (pair.client < 0)
        return;
    pair.server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(m_targetPort);
    if (::connect(pair.server, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
        ::close(pair.client);
        ::close(pair.server);
        return;
    }
    m_pairs.push_back(pair);
}

bool SilentProxy::forward(int from, int to)
{
    std::array<char, 65536> buffer;
    const ssize_t size = ::recv(from, buffer.data(), buffer.size(), 0);
    return size > 0 && ::send(to, buffer.data(), static_cast<size_t>(size), MSG_NOSIGNAL) == size;
}

void SilentProxy::run()
{
    while (!m_stopping) {
        if (m_silent) {
            for (Pair &pair : m_pairs)
                pair.dead = true;
            ::poll(nullptr, 0, 5);
            continue;
        }
        std::vector<pollfd> waiting{{m_listener, POLLIN, 0}};
        for (const Pair &pair : m_pairs) {
            const short events = pair.dead ? 0 : POLLIN;
            waiting.push_back({pair.dead ? -1 : pair.client, events, 0});
            waiting.push_back({pair.dead ? -1 : pair.server, events, 0});
        }
        if (::poll(waiting.data(), waiting.size(), 5) <= 0 || m_silent)
            continue;
        for (size_t i = 0; i < m_pairs.size(); ++i) {
            Pair &pair = m_pairs[i];
            if (pair.dead)
                continue;
            const bool fromClient = waiting[1 + 2 * i].revents != 0, fromServer = waiting[2 + 2 * i].revents != 0;
            if ((fromClient && !forward(pair.client, pair.server)) || (fromServer && !forward(pair.server, pair.client))) {
                ::close(pair.client);
                ::close(pair.server);
                pair.client = pair.server = -1;
            }
        }
        std::erase_if(m_pairs, [](const Pair &pair) { return pair.client < 0; });
        if (waiting[0].revents != 0)
            acceptOne();
    }
}

} // namespace a360::test
