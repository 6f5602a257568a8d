// SPDX-License-Identifier: GPL-3.0-or-later
#include "io_worker.h"

#include "compression.h"
#include "core/logging.h"
#include "http_compat.h"
#include "http_connection.h"

#include <QTimerEvent>

#include <exception>

#include <unistd.h>

namespace a360::rest {

namespace {

// Tells the route's handler which exchange QHttpServer is talking about. Clients cannot send it: the relay carries
// only what we write into it.
constexpr char kExchangeField[] = "X-A360-Exchange";

Answer runGuarded(const Route &route, const Call &call)
{
    try {
        return route.handler(call);
    } catch (const std::exception &error) {
        qCCritical(lcRest) << "handler of" << route.pattern << "threw:" << error.what();
    } catch (...) {
        qCCritical(lcRest) << "handler of" << route.pattern << "threw";
    }
    return errorAnswer(500, "Internal server error", "internal_error");
}

QHttpServerRequest::Method methodByName(const QByteArray &name)
{
    using Method = QHttpServerRequest::Method;
    if (name == "POST")
        return Method::Post;
    if (name == "PUT")
        return Method::Put;
    if (name == "PATCH")
        return Method::Patch;
    if (name == "DELETE")
        return Method::Delete;
    return Method::Get;
}

} // namespace

IoWorker::~IoWorker()
{
    cut();
}

bool IoWorker::open(qintptr listeningDescriptor)
{
    m_server = std::make_unique<QHttpServer>();
    for (const Route &route : m_core.routes) {
        if (route.runs != Route::Runs::AsStream)
            addRoute(route);
    }
    setMissingHandler(*m_server, [this](const QHttpServerRequest &request, QHttpServerResponder &responder) {
        answerMissing(request, responder);
    });
    m_relays = new RelayServer;
    if (!m_relays->shareListener(listeningDescriptor)) {
        delete m_relays;
        return false;
    }
    m_server->bind(m_relays);

    const HttpOptions &options = m_core.options;
    const auto shortest = std::min({options.headerTimeout, options.bodyTimeout, options.idleTimeout,
                                    options.requestTimeout, options.writeStallTimeout, options.lingerTimeout,
                                    std::chrono::milliseconds(4000)});
    m_sweep.start(static_cast<int>(std::max<qint64>(shortest.count() / 4, 10)), Qt::CoarseTimer, this);
    return true;
}

void IoWorker::addRoute(const Route &route)
{
    QString pattern = QString::fromLatin1(route.pattern);
    const qsizetype from = pattern.indexOf(u'<');
    const auto method = methodByName(route.method);
    const Route *const target = &route; // m_core.routes never changes while the worker lives
    if (from < 0) {
        m_server->route(pattern, method, [this, target](const QHttpServerRequest &request, ResponderArgument responder) {
            handle(*target, request, std::move(responder));
        });
        return;
    }
    pattern.replace(from, pattern.indexOf(u'>') - from + 1, QStringLiteral("<arg>"));
    m_server->route(pattern, method,
                    [this, target](const QString &, const QHttpServerRequest &request, ResponderArgument responder) {
                        handle(*target, request, std::move(responder));
                    });
}

void IoWorker::adopt(qintptr descriptor)
{
    if (m_draining) {
        ::close(static_cast<int>(descriptor));
        m_load.fetch_sub(1, std::memory_order_relaxed);
        m_core.counters.activeConnections.fetch_sub(1, std::memory_order_relaxed);
        m_core.connectionClosed();
        return;
    }
    const quint64 id = ++m_lastConnection;
    m_connections.emplace(id, new HttpConnection(*this, static_cast<int>(descriptor), id));
}

quint64 IoWorker::route(HttpConnection &connection, RelaySocket &relay, Call call)
{
    const quint64 id = ++m_lastExchange;
    const HttpRequest &request = *call.request;
    const QByteArray method = request.isHead() ? QByteArray("GET") : request.method;
    const QByteArray path = withoutTrailingSlash(request.path).toPercentEncoding("/");
    Exchange exchange;
    call.cancel = exchange.cancel.token();
    exchange.call = std::move(call);
    exchange.connection = &connection;
    exchange.relay = &relay;
    m_exchanges.emplace(id, std::move(exchange));
    connection.setExchange(id);
    relay.deliver(method + ' ' + path + " HTTP/1.1\r\nHost: relay\r\n" + kExchangeField + ": " + QByteArray::number(id)
                  + "\r\nContent-Length: 0\r\n\r\n");
    return id;
}

void IoWorker::handle(const Route &route, const QHttpServerRequest &request, QHttpServerResponder &&responder)
{
    const quint64 id = request.value(kExchangeField).toULongLong();
    const auto it = m_exchanges.find(id);
    if (it == m_exchanges.end())
        return;
    Exchange &exchange = it->second;
    if (const auto arguments = matchPattern(route.pattern, withoutTrailingSlash(exchange.call.request->path)))
        exchange.call.arguments = *arguments;
    exchange.connection->setRoute(route);
    exchange.responder = std::make_unique<QHttpServerResponder>(std::move(responder));
    if (route.runs == Route::Runs::Inline) {
        answerArrived(id, runGuarded(route, exchange.call));
        return;
    }
    m_core.workers.start([this, &core = m_core, &route, id, call = exchange.call] {
        Answer answer;
        if (!call.cancel.isCancelled()) {
            answer = runGuarded(route, call);
            if (core.options.compress)
                compressAnswer(answer, *call.request, core.options.compressionMinSize);
        }
        // The worker outlives the pool's threads: HttpServer waits for the pool first.
        QMetaObject::invokeMethod(
            this, [this, id, answer = std::move(answer)]() mutable { answerArrived(id, std::move(answer)); },
            Qt::QueuedConnection);
    });
}

void IoWorker::answerArrived(quint64 id, Answer answer)
{
    const auto it = m_exchanges.find(id);
    if (it == m_exchanges.end())
        return; // the client left, or the request timed out
    const std::unique_ptr<QHttpServerResponder> responder = std::move(it->second.responder);
    if (it->second.relay)
        it->second.relay->carryBody(std::exchange(answer.body, QByteArray()));
    m_exchanges.erase(it);
    sendAnswer(*responder, answer);
}

void IoWorker::answerMissing(const QHttpServerRequest &request, QHttpServerResponder &responder)
{
    const auto it = m_exchanges.find(request.value(kExchangeField).toULongLong());
    if (it == m_exchanges.end())
        return;
    const QByteArray path = withoutTrailingSlash(it->second.call.request->path);
    m_exchanges.erase(it);
    const QByteArrayList methods = allowedMethods(m_core.routes, path);
    if (methods.isEmpty()) {
        sendAnswer(responder, errorAnswer(404, "Not Found", "not_found"));
        return;
    }
    Answer answer = errorAnswer(405, "Method Not Allowed", "method_not_allowed");
    answer.headers.push_back({"Allow", methods.join(", ")});
    sendAnswer(responder, answer);
}

void IoWorker::forget(quint64 exchange)
{
    const auto it = m_exchanges.find(exchange);
    if (it == m_exchanges.end())
        return;
    it->second.cancel.cancel();
    m_exchanges.erase(it);
}

void IoWorker::postStreamReady(quint64 connection)
{
    QMetaObject::invokeMethod(
        this,
        [this, connection] {
            if (const auto it = m_connections.find(connection); it != m_connections.end())
                it->second->streamReady();
        },
        Qt::QueuedConnection);
}

void IoWorker::remove(HttpConnection &connection)
{
    if (m_connections.erase(connection.id()) == 0)
        return;
    connection.deleteLater();
    m_load.fetch_sub(1, std::memory_order_relaxed);
    m_core.counters.activeConnections.fetch_sub(1, std::memory_order_relaxed);
    m_core.connectionClosed();
}

void IoWorker::drain()
{
    m_draining = true;
    const auto connections = m_connections;
    for (const auto &[id, connection] : connections)
        connection->drain();
}

void IoWorker::cut()
{
    m_draining = true;
    const auto connections = m_connections;
    for (const auto &[id, connection] : connections)
        connection->cut();
}

void IoWorker::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_sweep.timerId())
        return QObject::timerEvent(event);
    const Clock::time_point now = Clock::now();
    const auto connections = m_connections; // a connection may remove itself
    for (const auto &[id, connection] : connections)
        connection->sweep(now);
}

} // namespace a360::rest
