// SPDX-License-Identifier: GPL-3.0-or-later
#include "acceptor.h"

#include <QTimer>

#include <sys/socket.h>
#include <unistd.h>

namespace a360::rest {

bool Acceptor::open()
{
    setListenBacklogSize(512);
    // Out of descriptors: Qt stops accepting; some will be free again in a moment.
    connect(this, &QTcpServer::acceptError, this,
            [this] { QTimer::singleShot(500, this, [this] { resumeAccepting(); }); });
    if (!listen(m_core.options.address, m_core.options.port))
        return false;
    pauseAccepting();
    return true;
}

void Acceptor::accept(std::vector<IoWorker *> workers)
{
    m_workers = std::move(workers);
    resumeAccepting();
}

void Acceptor::incomingConnection(qintptr descriptor)
{
    HttpCounters &counters = m_core.counters;
    if (counters.activeConnections.load() >= m_core.options.maxConnections)
        return refuse(descriptor);
    counters.connectionsAccepted.fetch_add(1);
    counters.activeConnections.fetch_add(1);
    IoWorker *worker = *std::min_element(m_workers.begin(), m_workers.end(),
                                         [](IoWorker *a, IoWorker *b) { return a->load() < b->load(); });
    worker->expect();
    QMetaObject::invokeMethod(worker, [worker, descriptor] { worker->adopt(descriptor); }, Qt::QueuedConnection);
}

void Acceptor::refuse(qintptr descriptor)
{
    m_core.counters.connectionsRefused.fetch_add(1);
    const int socket = static_cast<int>(descriptor);
    const QByteArray body = errorBody("The server has too many connections. Try again later.", "too_many_connections");
    const QByteArray answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: "
        + QByteArray::number(body.size()) + "\r\nRetry-After: 5\r\nConnection: close\r\n\r\n" + body;
    // Fits any socket's empty send buffer, so this never waits; whatever fails here, the connection ends.
    [[maybe_unused]] const ssize_t sent = ::send(socket, answer.constData(), static_cast<size_t>(answer.size()),
                                                 MSG_NOSIGNAL | MSG_DONTWAIT);
    ::shutdown(socket, SHUT_WR);
    ::close(socket);
}

} // namespace a360::rest
