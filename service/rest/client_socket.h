// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHostAddress>
#include <QObject>
#include <QSocketNotifier>

#include <deque>
#include <functional>

namespace a360::rest {

/// A client's TCP connection on its own descriptor. QTcpSocket ends a connection as soon as the other side stops
/// sending; this one goes on writing, as a client may have said all it has to say and still wait for its answer (RFC
/// 9112 §9.6). Takes in a bounded amount ahead of read(). Lives in its IO thread; the callbacks run there.
class ClientSocket final : public QObject
{
public:
    /// Takes over a connected descriptor.
    explicit ClientSocket(int descriptor);
    ~ClientSocket() override;

    std::function<void()> onReadable; ///< there is input, or its end
    std::function<void()> onWritten;  ///< some of the output is out
    std::function<void()> onBroken;   ///< the connection is gone: reset, or no longer written to

    qint64 bytesAvailable() const { return m_in.size(); }
    QByteArray readAll();
    bool inputEnded() const { return m_inputEnded; } ///< the client sends no more; there may be something to read yet
    bool atEnd() const { return m_inputEnded && m_in.isEmpty(); }

    void write(const QByteArray &bytes); ///< queues; never waits
    qint64 bytesToWrite() const { return m_outBytes; }
    void shutdownWriting();

    /// Asks the kernel whether the connection was reset: nothing tells while there is neither input nor output.
    bool isBroken() const;
    void close(bool withReset = false);

    QHostAddress localAddress() const;
    QHostAddress peerAddress() const;

private:
    void receive();
    void flush();

    int m_descriptor;
    QSocketNotifier m_readable, m_writable;
    QByteArray m_in;
    std::deque<QByteArray> m_out;
    qsizetype m_outAt = 0; // in the first of them
    qint64 m_outBytes = 0;
    bool m_inputEnded = false;
};

} // namespace a360::rest
