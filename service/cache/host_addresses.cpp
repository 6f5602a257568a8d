// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/host_addresses.h"

#include "cache/redis_error.h"
#include "cache/wake_signal.h"

#include <QFile>

#include <array>
#include <cstring>
#include <memory>
#include <thread>

#include <netdb.h>
#include <poll.h>
#include <sys/un.h>

namespace a360::cache {

namespace {

using Addresses = std::vector<SocketAddress>;

Result<Addresses> lookUp(const QByteArray &host, const QByteArray &port, int flags)
{
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo *first = nullptr;
    if (const int code = ::getaddrinfo(host.constData(), port.constData(), &hints, &first); code != 0) {
        return makeRedisError(RedisErrorKind::Connect, QStringLiteral("the host %1 cannot be looked up: %2")
                                                           .arg(QString::fromUtf8(host), QString::fromUtf8(::gai_strerror(code))));
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(first, &::freeaddrinfo);
    Addresses found;
    for (const addrinfo *entry = list.get(); entry; entry = entry->ai_next) {
        SocketAddress &address = found.emplace_back();
        std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
        address.size = entry->ai_addrlen;
    }
    return found;
}

/// Shared with the thread that looks up, which may outlive the wait.
struct LookUp
{
    QByteArray host, port;
    Result<Addresses> result = Addresses();
    WakeSignal done;
};

} // namespace

Result<std::vector<SocketAddress>> hostAddresses(const QString &host, int port, QDeadlineTimer deadline,
                                                 const WakeSignal &stop)
{
    const QByteArray name = host.toUtf8(), number = QByteArray::number(port);
    if (Result<Addresses> numeric = lookUp(name, number, AI_NUMERICHOST); numeric.ok())
        return numeric;

    const auto look = std::make_shared<LookUp>();
    look->host = name;
    look->port = number;
    std::thread([look] {
        look->result = lookUp(look->host, look->port, AI_ADDRCONFIG);
        look->done.raise();
    }).detach();

    std::array<pollfd, 2> waits{{{look->done.descriptor(), POLLIN, 0}, {stop.descriptor(), POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), static_cast<int>(deadline.remainingTime()));
    if (waits[1].revents != 0)
        return makeRedisError(RedisErrorKind::Closed, QStringLiteral("stopped"));
    if (waits[0].revents == 0)
        return makeRedisError(RedisErrorKind::Connect, QStringLiteral("looking up the host %1 takes too long").arg(host));
    return look->result;
}

Result<SocketAddress> unixAddress(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    sockaddr_un local{};
    if (name.size() >= static_cast<qsizetype>(sizeof local.sun_path))
        return makeRedisError(RedisErrorKind::Connect, QStringLiteral("the path of the Unix socket is too long"));
    local.sun_family = AF_UNIX;
    std::memcpy(local.sun_path, name.constData(), static_cast<size_t>(name.size()));
    SocketAddress address;
    std::memcpy(&address.storage, &local, sizeof local);
    address.size = sizeof local;
    return address;
}

} // namespace a360::cache
