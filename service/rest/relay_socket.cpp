// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay_socket.h"

#include <cstring>

#include <unistd.h>

namespace a360::rest {

RelaySocket::RelaySocket()
{
    setSocketState(QAbstractSocket::ConnectedState);
    setPeerAddress(QHostAddress(QHostAddress::LocalHost));
    setOpenMode(QIODevice::ReadWrite);
}

void RelaySocket::deliver(const QByteArray &request)
{
    m_in = request;
    m_at = 0;
    m_out.clear();
    m_bodyFrom = -1;
    m_carried.reset();
    Q_EMIT readyRead();
}

void RelaySocket::hangUp()
{
    if (std::exchange(m_hungUp, true))
        return;
    onAnswer = nullptr;
    onClosed = nullptr;
    setSocketState(QAbstractSocket::UnconnectedState);
    Q_EMIT disconnected();
}

qint64 RelaySocket::bytesAvailable() const
{
    return QIODevice::bytesAvailable() + (m_in.size() - m_at);
}

qint64 RelaySocket::readData(char *data, qint64 maxSize)
{
    const qint64 size = qMin<qint64>(maxSize, m_in.size() - m_at);
    std::memcpy(data, m_in.constData() + m_at, static_cast<size_t>(size));
    m_at += size;
    return size;
}

qint64 RelaySocket::readLineData(char *data, qint64 maxSize)
{
    qsizetype end = m_in.indexOf('\n', m_at);
    end = end < 0 ? m_in.size() : end + 1;
    return readData(data, qMin<qint64>(maxSize, end - m_at));
}

qint64 RelaySocket::writeData(const char *data, qint64 size)
{
    if (m_hungUp)
        return size;
    m_out.append(data, size);
    if (m_bodyFrom < 0 && !parseHead())
        return size;
    if (m_out.size() - m_bodyFrom < m_bodySize)
        return size;
    m_answer.body = m_carried ? *std::exchange(m_carried, std::nullopt) : m_out.mid(m_bodyFrom, m_bodySize);
    m_out.clear();
    m_bodyFrom = -1;
    if (onAnswer)
        onAnswer(std::exchange(m_answer, Answer()));
    return size;
}

bool RelaySocket::parseHead()
{
    const qsizetype end = m_out.indexOf("\r\n\r\n");
    if (end < 0)
        return false;
    m_answer = {};
    m_bodySize = 0;
    m_bodyFrom = end + 4;
    const QByteArrayList lines = m_out.first(end).split('\n');
    m_answer.status = lines.first().mid(9, 3).toInt(); // "HTTP/1.1 200 OK"
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const qsizetype colon = lines[i].indexOf(':');
        const QByteArray name = lines[i].first(qMax<qsizetype>(colon, 0));
        const QByteArray value = lines[i].mid(colon + 1).trimmed();
        if (name.compare("Content-Length", Qt::CaseInsensitive) == 0)
            m_bodySize = value.toLongLong();
        else if (name.compare("Content-Type", Qt::CaseInsensitive) == 0)
            m_answer.contentType = value;
        else if (!name.isEmpty())
            m_answer.headers.push_back({name, value});
    }
    return true;
}

void RelaySocket::closedByServer()
{
    if (m_hungUp)
        return;
    const std::function<void()> tell = std::exchange(onClosed, nullptr);
    hangUp();
    if (tell)
        tell();
}

void RelaySocket::disconnectFromHost()
{
    closedByServer();
}

void RelaySocket::close()
{
    closedByServer();
}

bool RelayServer::shareListener(qintptr descriptor)
{
    const int copy = ::dup(static_cast<int>(descriptor));
    if (copy < 0)
        return false;
    if (!setSocketDescriptor(copy)) {
        ::close(copy);
        return false;
    }
    pauseAccepting();
    return true;
}

RelaySocket *RelayServer::newRelay()
{
    auto *relay = new RelaySocket;
    addPendingConnection(relay);
    // QHttpServer took it with nextPendingConnection(), which starts accepting again.
    pauseAccepting();
    return relay;
}

void RelayServer::incomingConnection(qintptr descriptor)
{
    // Never reached while accepting is paused; a client's own socket must not get to QHttpServer in any case.
    ::close(static_cast<int>(descriptor));
}

} // namespace a360::rest
