// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_message.h"

#include <QTcpServer>
#include <QTcpSocket>

#include <functional>
#include <optional>

namespace a360::rest {

/// A socket without a descriptor: what QHttpServer gets to see instead of the client's connection. One complete, small
/// request goes in at a time; one complete answer comes out. Lives in its IO thread; QHttpServer deletes it after
/// hangUp().
class RelaySocket final : public QTcpSocket
{
public:
    RelaySocket();

    /// Called with the answer to deliver()'s request, from within QHttpServer's write: it must not deliver again.
    std::function<void(Answer)> onAnswer;
    /// QHttpServer closed its end without an answer.
    std::function<void()> onClosed;

    void deliver(const QByteArray &request);
    /// The body of the answer that QHttpServer is about to write without one: a large body need not be copied into and
    /// out of it.
    void carryBody(QByteArray body) { m_carried = std::move(body); }
    /// The client is gone or has done: QHttpServer drops its side.
    void hangUp();

    qint64 bytesAvailable() const override;
    qint64 bytesToWrite() const override { return 0; }
    bool atEnd() const override { return bytesAvailable() == 0; }
    void disconnectFromHost() override;
    void close() override;

protected:
    qint64 readData(char *data, qint64 maxSize) override;
    qint64 readLineData(char *data, qint64 maxSize) override;
    qint64 writeData(const char *data, qint64 size) override;

private:
    bool parseHead();
    void closedByServer();

    QByteArray m_in;
    qsizetype m_at = 0;
    QByteArray m_out;
    Answer m_answer;
    std::optional<QByteArray> m_carried;
    qsizetype m_bodyFrom = -1;
    qsizetype m_bodySize = 0;
    bool m_hungUp = false;
};

/// Hands relays to QHttpServer as if clients had connected. It shares the descriptor of the real listener without
/// accepting from it, because QHttpServer binds only to a listening server.
class RelayServer final : public QTcpServer
{
public:
    bool shareListener(qintptr descriptor);
    RelaySocket *newRelay();

protected:
    void incomingConnection(qintptr descriptor) override;
};

} // namespace a360::rest
