// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_socket.h"

#include "cache/host_addresses.h"
#include "cache/redis_error.h"
#include "cache/redis_url.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

namespace a360::cache {

namespace {

constexpr qsizetype readSize = 64 * 1024;

Error lost(int code)
{
    return makeRedisError(RedisErrorKind::Lost, QStringLiteral("the connection broke: %1").arg(qt_error_string(code)));
}

Error noAnswer()
{
    return makeRedisError(RedisErrorKind::Timeout, QStringLiteral("no answer in time"));
}

Result<void> waitFor(int descriptor, short events, QDeadlineTimer deadline, const WakeSignal &stop)
{
    for (;;) {
        std::array<pollfd, 2> waits{{{descriptor, events, 0}, {stop.descriptor(), POLLIN, 0}}};
        const int found = ::poll(waits.data(), waits.size(), static_cast<int>(deadline.remainingTime()));
        if (waits[1].revents != 0)
            return makeRedisError(RedisErrorKind::Closed, QStringLiteral("stopped"));
        if (found > 0)
            return {};
        if (found == 0 && deadline.hasExpired())
            return noAnswer();
        if (found < 0 && errno != EINTR)
            return lost(errno);
    }
}

Error connectError(int code)
{
    return makeRedisError(RedisErrorKind::Connect, QStringLiteral("cannot connect: %1").arg(qt_error_string(code)));
}

} // namespace

RedisSocket::~RedisSocket()
{
    ::close(m_descriptor);
}

Result<int> RedisSocket::connectTo(const SocketAddress &address, QDeadlineTimer deadline, const WakeSignal &stop)
{
    const int descriptor = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return connectError(errno);
    const int on = 1;
    if (address.storage.ss_family != AF_UNIX)
        ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    int code = ::connect(descriptor, reinterpret_cast<const sockaddr *>(&address.storage), address.size) == 0 ? 0 : errno;
    if (code == EINPROGRESS || code == EINTR) {
        if (const Result<void> waited = waitFor(descriptor, POLLOUT, deadline, stop); !waited.ok()) {
            ::close(descriptor);
            return redisErrorKind(waited.error()) == RedisErrorKind::Timeout ? connectError(ETIMEDOUT) : waited.error();
        }
        socklen_t size = sizeof code;
        if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) != 0)
            code = errno;
    }
    if (code == 0)
        return descriptor;
    ::close(descriptor);
    return connectError(code);
}

Result<std::unique_ptr<RedisSocket>> RedisSocket::open(const RedisUrl &url, std::shared_ptr<const TlsTrust> trust,
                                                       QDeadlineTimer deadline, const WakeSignal &stop)
{
    std::vector<SocketAddress> addresses;
    if (url.socketPath.isEmpty()) {
        A360_TRY_ASSIGN(addresses, hostAddresses(url.host, url.port, deadline, stop));
    } else {
        A360_TRY_ASSIGN(addresses.emplace_back(), unixAddress(url.socketPath));
    }
    Result<int> connected = connectError(EADDRNOTAVAIL);
    for (size_t i = 0; i < addresses.size() && !connected.ok(); ++i) {
        // An address that swallows packets must leave time for the next one.
        const qint64 share = deadline.remainingTime() / static_cast<qint64>(addresses.size() - i);
        connected = connectTo(addresses[i], QDeadlineTimer(share), stop);
    }
    if (!connected.ok())
        return connected.error();
    std::unique_ptr<RedisSocket> socket(new RedisSocket(connected.value(), stop));
    if (trust) {
        A360_TRY_ASSIGN(socket->m_tls, TlsSession::start(std::move(trust), url.host));
        A360_TRY(socket->shakeHands(deadline));
    }
    return socket;
}

Result<void> RedisSocket::shakeHands(QDeadlineTimer deadline)
{
    for (;;) {
        const Result<bool> done = m_tls->handshake(m_outgoing);
        const Result<void> sent = sendWhatFits(); // also an alert that says why not
        if (!done.ok())
            return done.error();
        A360_TRY(sent);
        const bool isSent = m_sent == m_outgoing.size();
        if (done.value() && isSent)
            return {};
        A360_TRY(waitFor(m_descriptor, isSent ? POLLIN : POLLIN | POLLOUT, deadline, m_stop));
        A360_TRY(receiveWhatIsThere());
    }
}

Result<void> RedisSocket::queue(QByteArrayView bytes)
{
    if (m_tls)
        return m_tls->encrypt(bytes, m_outgoing);
    m_outgoing.append(bytes.data(), bytes.size());
    return {};
}

Result<void> RedisSocket::sendWhatFits()
{
    while (m_sent < m_outgoing.size()) {
        const ssize_t count = ::send(m_descriptor, m_outgoing.constData() + m_sent,
                                     static_cast<size_t>(m_outgoing.size() - m_sent), MSG_NOSIGNAL);
        if (count >= 0)
            m_sent += count;
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return {};
        else if (errno != EINTR)
            return lost(errno);
    }
    m_outgoing.resize(0);
    m_sent = 0;
    return {};
}

Result<bool> RedisSocket::receiveWhatIsThere()
{
    m_incoming.resize(readSize);
    ssize_t count = 0;
    do
        count = ::recv(m_descriptor, m_incoming.data(), static_cast<size_t>(readSize), 0);
    while (count < 0 && errno == EINTR);
    const int code = errno;
    m_incoming.resize(qMax<qsizetype>(count, 0));
    if (count == 0)
        return makeRedisError(RedisErrorKind::Lost, QStringLiteral("the server closed the connection"));
    if (count < 0 && code != EAGAIN && code != EWOULDBLOCK)
        return lost(code);
    if (count > 0 && m_tls)
        m_tls->received(m_incoming);
    return count > 0;
}

Result<void> RedisSocket::exchange(QByteArray &received, QDeadlineTimer deadline)
{
    while (!deadline.hasExpired()) { // bytes that drip in must not extend the time
        A360_TRY(sendWhatFits());
        A360_TRY(waitFor(m_descriptor, m_outgoing.isEmpty() ? POLLIN : POLLIN | POLLOUT, deadline, m_stop));
        const qsizetype before = received.size();
        A360_TRY_ASSIGN(const bool arrived, receiveWhatIsThere());
        if (arrived && m_tls)
            A360_TRY(m_tls->decrypt(received, m_outgoing));
        else if (arrived)
            received += m_incoming;
        if (received.size() > before)
            return {};
    }
    return noAnswer();
}

bool RedisSocket::isQuiet()
{
    const Result<bool> arrived = receiveWhatIsThere();
    if (!arrived.ok())
        return false;
    if (!arrived.value())
        return true;
    QByteArray plain; // a TLS server may send tickets at any time
    return m_tls && m_tls->decrypt(plain, m_outgoing).ok() && plain.isEmpty();
}

} // namespace a360::cache
