// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/tls_session.h"
#include "cache/wake_signal.h"

#include <QDeadlineTimer>

namespace a360::cache {

struct RedisUrl;
struct SocketAddress;

/// A byte stream to a server, by TCP or a Unix socket, with TLS or without. Every wait ends at its deadline, however
/// slowly bytes come, or when `stop` is raised. After an error the stream is of no more use. One thread at a time; no
/// signal is raised by a vanished reader.
class RedisSocket
{
public:
    /// Connects and, with `trust`, does the TLS handshake. `stop` must outlive the socket.
    static Result<std::unique_ptr<RedisSocket>> open(const RedisUrl &url, std::shared_ptr<const TlsTrust> trust,
                                                     QDeadlineTimer deadline, const WakeSignal &stop);
    ~RedisSocket();
    RedisSocket(const RedisSocket &) = delete;
    RedisSocket &operator=(const RedisSocket &) = delete;

    /// Puts bytes in line; exchange() sends them.
    Result<void> queue(QByteArrayView bytes);
    /// Sends what is in line as far as the other side takes it and returns as soon as something arrived, which is
    /// appended. Errors: Timeout, Lost, Tls, Closed.
    Result<void> exchange(QByteArray &received, QDeadlineTimer deadline);
    /// False when bytes that nobody asked for have come, or the other side has hung up. Does not wait.
    bool isQuiet();

private:
    RedisSocket(int descriptor, const WakeSignal &stop) : m_descriptor(descriptor), m_stop(stop) {}
    static Result<int> connectTo(const SocketAddress &address, QDeadlineTimer deadline, const WakeSignal &stop);
    Result<void> shakeHands(QDeadlineTimer deadline);
    Result<void> sendWhatFits();
    /// True when bytes came off the wire; they are in m_incoming.
    Result<bool> receiveWhatIsThere();

    const int m_descriptor;
    const WakeSignal &m_stop;
    std::unique_ptr<TlsSession> m_tls;
    QByteArray m_outgoing; ///< not yet sent, from m_sent on
    qsizetype m_sent = 0;
    QByteArray m_incoming; ///< a buffer for one read
};

} // namespace a360::cache
