// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDeadlineTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QTcpSocket>

namespace a360::tests {

/// An answer as a client sees it. `complete` is false when the connection ended before the framing said so.
struct RawAnswer
{
    int status = 0;
    QMap<QByteArray, QByteArray> headers; ///< names in lower case
    QByteArray body;
    bool complete = false;

    QJsonObject json() const { return QJsonDocument::fromJson(body).object(); }
};

/// A client that writes exactly the bytes it is told to, on a blocking socket.
class RawClient
{
public:
    explicit RawClient(quint16 port, qint64 readBuffer = 0)
    {
        m_socket.setReadBufferSize(readBuffer);
        m_socket.connectToHost(QStringLiteral("127.0.0.1"), port);
        m_socket.waitForConnected(5000);
    }

    QTcpSocket &socket() { return m_socket; }
    void send(const QByteArray &bytes)
    {
        m_socket.write(bytes);
        m_socket.flush();
    }
    void get(const QByteArray &target, const QByteArray &fields = {})
    {
        send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
    }

    /// Reads the next answer; an incomplete one when the server closes or `timeout` passes.
    RawAnswer read(int timeout = 10'000, bool headRequest = false)
    {
        const QDeadlineTimer deadline(timeout);
        RawAnswer answer;
        qsizetype end = -1;
        while ((end = m_in.indexOf("\r\n\r\n")) < 0) {
            if (!more(deadline))
                return answer;
        }
        const QByteArrayList lines = m_in.first(end).split('\n');
        m_in.remove(0, end + 4);
        answer.status = lines.first().mid(9, 3).toInt();
        for (qsizetype i = 1; i < lines.size(); ++i) {
            const qsizetype colon = lines[i].indexOf(':');
            answer.headers.insert(lines[i].first(colon).toLower(), lines[i].mid(colon + 1).trimmed());
        }
        if (headRequest || answer.status == 204 || answer.status == 304 || answer.status / 100 == 1)
            answer.complete = true;
        else if (answer.headers.value("transfer-encoding") == "chunked")
            readChunks(answer, deadline);
        else if (answer.headers.contains("content-length"))
            readLength(answer, answer.headers.value("content-length").toLongLong(), deadline);
        else
            readToEnd(answer, deadline);
        return answer;
    }

    bool isClosed(int timeout = 10'000)
    {
        const QDeadlineTimer deadline(timeout);
        while (m_socket.state() == QAbstractSocket::ConnectedState && !deadline.hasExpired())
            m_socket.waitForDisconnected(50);
        return m_socket.state() == QAbstractSocket::UnconnectedState;
    }
    QByteArray pending() { return m_in + m_socket.readAll(); }

private:
    bool more(const QDeadlineTimer &deadline)
    {
        if (m_socket.bytesAvailable() == 0
            && !m_socket.waitForReadyRead(static_cast<int>(qMax<qint64>(deadline.remainingTime(), 0)))
            && m_socket.bytesAvailable() == 0)
            return false;
        m_in += m_socket.readAll();
        return true;
    }
    void readLength(RawAnswer &answer, qint64 size, const QDeadlineTimer &deadline)
    {
        while (m_in.size() < size) {
            if (!more(deadline)) {
                answer.body = m_in;
                return;
            }
        }
        answer.body = m_in.first(size);
        m_in.remove(0, size);
        answer.complete = true;
    }
    void readChunks(RawAnswer &answer, const QDeadlineTimer &deadline)
    {
        qsizetype at = 0;
        for (;;) {
            const qsizetype end = m_in.indexOf("\r\n", at);
            const qsizetype size = end < 0 ? -1 : m_in.mid(at, end - at).toLongLong(nullptr, 16);
            if (end < 0 || m_in.size() < end + 2 + size + 2) {
                m_in.remove(0, at);
                at = 0;
                if (!more(deadline))
                    return;
                continue;
            }
            answer.body += m_in.mid(end + 2, size);
            at = end + 2 + size + 2;
            if (size == 0) {
                m_in.remove(0, at);
                answer.complete = true;
                return;
            }
        }
    }
    void readToEnd(RawAnswer &answer, const QDeadlineTimer &deadline)
    {
        while (more(deadline)) { }
        answer.body = std::exchange(m_in, QByteArray());
        answer.complete = m_socket.error() == QAbstractSocket::RemoteHostClosedError;
    }

    QTcpSocket m_socket;
    QByteArray m_in;
};

} // namespace a360::tests
