// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_core.h"
#include "relay_socket.h"

#include <QBasicTimer>
#include <QHttpServer>
#include <QObject>
#include <QPointer>

#include <chrono>
#include <memory>
#include <unordered_map>

namespace a360::rest {

class HttpConnection;

/// Everything of one IO thread: its connections, its QHttpServer, the answers they wait for. Lives in that thread; only
/// posted calls (QMetaObject::invokeMethod) reach it from others.
class IoWorker final : public QObject
{
public:
    using Clock = std::chrono::steady_clock;

    explicit IoWorker(HttpCore &core) : m_core(core) {}
    ~IoWorker() override;

    /// Builds the routes; once, in the worker's thread.
    bool open(qintptr listeningDescriptor);
    void adopt(qintptr descriptor); ///< takes over a client's connection
    void drain();                   ///< no further requests: idle connections end now, others after their answer
    void cut();                     ///< ends everything at once
    int load() const { return m_load.load(std::memory_order_relaxed); } ///< connections; from any thread
    void expect() { m_load.fetch_add(1, std::memory_order_relaxed); }   ///< one is on its way; from any thread

    // For HttpConnection.
    HttpCore &core() { return m_core; }
    bool isDraining() const { return m_draining; }
    RelaySocket *newRelay() { return m_relays->newRelay(); }
    /// Passes a request to QHttpServer through `relay`; the answer comes back there. Gives the exchange's number.
    quint64 route(HttpConnection &connection, RelaySocket &relay, Call call);
    /// The answer is no longer wanted: cancels the handler and drops its responder.
    void forget(quint64 exchange);
    /// Posts `streamReady()` to a connection, if it still exists by then; from any thread.
    void postStreamReady(quint64 connection);
    void remove(HttpConnection &connection);

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    struct Exchange
    {
        Call call;
        HttpConnection *connection = nullptr; // forgets its exchange before it goes
        QPointer<RelaySocket> relay;
        CancelSource cancel;
        std::unique_ptr<QHttpServerResponder> responder; // set while a worker computes the answer
    };
    void addRoute(const Route &route);
    void handle(const Route &route, const QHttpServerRequest &request, QHttpServerResponder &&responder);
    void answerMissing(const QHttpServerRequest &request, QHttpServerResponder &responder);
    void answerArrived(quint64 exchange, Answer answer);

    HttpCore &m_core;
    std::unique_ptr<QHttpServer> m_server;
    RelayServer *m_relays = nullptr; // owned by m_server
    std::unordered_map<quint64, HttpConnection *> m_connections;
    std::unordered_map<quint64, Exchange> m_exchanges;
    quint64 m_lastConnection = 0;
    quint64 m_lastExchange = 0;
    QBasicTimer m_sweep;
    bool m_draining = false;
    std::atomic<int> m_load = 0;
};

} // namespace a360::rest
