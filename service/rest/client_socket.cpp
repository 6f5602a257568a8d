// SPDX-License-Identifier: GPL-3.0-or-later
#include "client_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace a360::rest {

namespace {

constexpr qsizetype kReadAhead = 64 * 1024; // a client that sends more is stopped by TCP, not by our memory

using NameOf = int (*)(int, sockaddr *, socklen_t *);

QHostAddress addressOf(int descriptor, NameOf nameOf)
{
    sockaddr_storage address = {};
    socklen_t size = sizeof address;
    if (nameOf(descriptor, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        return {};
    return QHostAddress(reinterpret_cast<const sockaddr *>(&address));
}

} // namespace

ClientSocket::ClientSocket(int descriptor)
    : m_descriptor(descriptor), m_readable(descriptor, QSocketNotifier::Read), m_writable(descriptor, QSocketNotifier::Write)
{
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    m_writable.setEnabled(false);
    connect(&m_readable, &QSocketNotifier::activated, this, [this] { receive(); });
    connect(&m_writable, &QSocketNotifier::activated, this, [this] { flush(); });
}

ClientSocket::~ClientSocket()
{
    close();
}

void ClientSocket::receive()
{
    std::array<char, 16 * 1024> buffer; // so that an idle connection keeps no room for more
    const auto room = static_cast<size_t>(kReadAhead - m_in.size());
    const ssize_t got = ::recv(m_descriptor, buffer.data(), std::min(buffer.size(), room), 0);
    if (got < 0) {
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
            onBroken();
        return;
    }
    m_in.append(buffer.data(), got);
    m_inputEnded = got == 0;
    m_readable.setEnabled(!m_inputEnded && m_in.size() < kReadAhead);
    onReadable();
}

QByteArray ClientSocket::readAll()
{
    if (m_descriptor >= 0 && !m_inputEnded)
        m_readable.setEnabled(true);
    return std::exchange(m_in, QByteArray());
}

void ClientSocket::write(const QByteArray &bytes)
{
    if (m_descriptor < 0 || bytes.isEmpty())
        return;
    m_out.push_back(bytes);
    m_outBytes += bytes.size();
    m_writable.setEnabled(true);
}

void ClientSocket::flush()
{
    std::array<iovec, 16> pieces = {};
    size_t count = 0;
    for (; count < pieces.size() && count < m_out.size(); ++count) {
        const qsizetype from = count == 0 ? m_outAt : 0;
        pieces[count] = {const_cast<char *>(m_out[count].constData() + from), static_cast<size_t>(m_out[count].size() - from)};
    }
    msghdr message = {};
    message.msg_iov = pieces.data();
    message.msg_iovlen = count;
    const ssize_t sent = ::sendmsg(m_descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
            onBroken();
        return;
    }
    m_outBytes -= sent;
    m_outAt += sent;
    while (!m_out.empty() && m_outAt >= m_out.front().size()) {
        m_outAt -= m_out.front().size();
        m_out.pop_front();
    }
    m_writable.setEnabled(!m_out.empty());
    onWritten();
}

void ClientSocket::shutdownWriting()
{
    ::shutdown(m_descriptor, SHUT_WR);
}

bool ClientSocket::isBroken() const
{
    pollfd look{m_descriptor, 0, 0};
    return ::poll(&look, 1, 0) > 0 && (look.revents & POLLERR) != 0;
}

void ClientSocket::close(bool withReset)
{
    if (m_descriptor < 0)
        return;
    m_readable.setEnabled(false);
    m_writable.setEnabled(false);
    if (withReset) {
        const ::linger reset{1, 0};
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    ::close(std::exchange(m_descriptor, -1));
    m_out.clear();
    m_outBytes = 0;
}

QHostAddress ClientSocket::localAddress() const
{
    return addressOf(m_descriptor, &::getsockname);
}

QHostAddress ClientSocket::peerAddress() const
{
    return addressOf(m_descriptor, &::getpeername);
}

} // namespace a360::rest
