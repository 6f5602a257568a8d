// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_connection.h"

#include "request_policy.h"

namespace a360::rest {

namespace {

constexpr std::chrono::milliseconds kPatience{1000}; // before a silent, half-closed client is asked

} // namespace

HttpConnection::HttpConnection(IoWorker &worker, int descriptor, quint64 id)
    : m_worker(worker), m_id(id), m_socket(std::make_unique<ClientSocket>(descriptor)), m_options(worker.core().options),
      m_parser(m_options.parser), m_deadline(IoWorker::Clock::now() + m_options.headerTimeout)
{
    m_socket->onReadable = [this] { onReadyRead(); };
    m_socket->onWritten = [this] { onWritten(); };
    m_socket->onBroken = [this] { leave(); };
}

HttpConnection::~HttpConnection()
{
    leave();
}

// Input

void HttpConnection::onReadyRead()
{
    if (m_socket->inputEnded())
        m_inputEndedAt = IoWorker::Clock::now();
    if (m_state == State::Lingering) {
        m_socket->readAll(); // thrown away: the answer to it is out already
        linger();
    } else if (m_state == State::Reading) {
        processInput();
    }
}

void HttpConnection::processInput()
{
    m_inputQueued = false;
    while (m_state == State::Reading) {
        // A client that pipelines without reading answers has to wait.
        if (m_socket->bytesToWrite() > kWriteHigh)
            return;
        const QByteArray more = m_socket->readAll();
        m_worker.core().counters.bytesReceived.fetch_add(more.size(), std::memory_order_relaxed);
        m_in += more;
        const qsizetype before = m_in.size();
        if (before == 0)
            break;
        parse();
        if (more.isEmpty() && m_in.size() == before)
            break;
    }
    if (m_state == State::Reading && m_socket->atEnd())
        linger(); // what is answered is on its way, and there will be no other request
}

void HttpConnection::parse()
{
    const bool wasStarted = m_parser.started();
    qsizetype consumed = 0;
    const RequestParser::Status status = m_parser.feed(m_in, consumed);
    m_in.remove(0, consumed);
    switch (status) {
    case RequestParser::Status::NeedMore:
        if (!wasStarted && m_parser.started())
            m_deadline = IoWorker::Clock::now() + m_options.headerTimeout;
        return;
    case RequestParser::Status::HeaderDone:
        m_deadline = IoWorker::Clock::now() + m_options.bodyTimeout;
        if (m_parser.expectsContinue() && m_in.isEmpty())
            write("HTTP/1.1 100 Continue\r\n\r\n");
        return;
    case RequestParser::Status::Complete:
        m_startedAt = IoWorker::Clock::now();
        m_request = std::make_shared<const HttpRequest>([this] {
            HttpRequest request = m_parser.take();
            request.id = requestId(headerValue(request.headers, "X-Request-Id"));
            return request;
        }());
        dispatch();
        return;
    case RequestParser::Status::Failed:
        // Where the next request would begin is unknown now.
        m_startedAt = IoWorker::Clock::now();
        m_closeAfter = true;
        send(m_parser.error());
        return;
    }
}

// Answering

void HttpConnection::dispatch()
{
    m_worker.core().counters.requests.fetch_add(1, std::memory_order_relaxed);
    m_closeAfter = !m_request->keepAlive || m_worker.isDraining();
    m_route = nullptr;
    if (refuse())
        return;
    Call call;
    call.request = m_request;
    call.fromLoopback = m_socket->peerAddress().isLoopback();
    const QByteArray host = headerValue(m_request->headers, "Host");
    call.baseUrl = "http://" + (host.isEmpty() ? m_socket->localAddress().toString().toLatin1() : host);
    if (m_request->method == "OPTIONS")
        send(optionsAnswer(m_options, m_worker.core().routes, *m_request));
    else if (const Route *route = streamRoute(call.arguments))
        startStream(*route, std::move(call));
    else
        relay(std::move(call));
}

bool HttpConnection::refuse()
{
    static const QByteArrayList known{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"};
    if (!known.contains(m_request->method))
        send(errorAnswer(501, "Unknown request method.", "not_implemented"));
    else if (!hostIsTrusted(m_options.trustedHosts, headerValue(m_request->headers, "Host")))
        send(errorAnswer(400, "Invalid host header", "invalid_host"));
    else
        return false;
    return true;
}

void HttpConnection::relay(Call call)
{
    if (m_request->method == "TRACE" || m_request->method == "CONNECT") {
        Answer answer = errorAnswer(405, "Method Not Allowed", "method_not_allowed");
        const QByteArrayList methods = allowedMethods(m_worker.core().routes, withoutTrailingSlash(m_request->path));
        answer.headers.push_back({"Allow", methods.join(", ")});
        return send(answer);
    }
    m_state = State::Answering;
    m_deadline = m_startedAt + m_options.requestTimeout;
    if (!m_relay) {
        m_relay = m_worker.newRelay();
        m_relay->onAnswer = [this](const Answer &answer) {
            m_exchange = 0;
            if (m_state == State::Answering)
                send(answer);
        };
        m_relay->onClosed = [this] {
            m_worker.forget(std::exchange(m_exchange, 0));
            if (m_state == State::Answering)
                send(errorAnswer(500, "Internal server error", "internal_error"));
        };
    }
    m_worker.route(*this, *m_relay, std::move(call));
}

QByteArray HttpConnection::headOf(const Answer &answer, bool chunked, bool withLength) const
{
    QByteArray out;
    out.reserve(512);
    out += "HTTP/1.1 " + QByteArray::number(answer.status) + ' ' + reasonPhrase(answer.status) + "\r\nDate: " + httpDate()
        + "\r\nServer: Appointment360\r\n";
    const bool empty = answer.status == 204 || answer.status == 304;
    if (!empty && !answer.contentType.isEmpty())
        out += "Content-Type: " + answer.contentType + "\r\n";
    if (chunked)
        out += "Transfer-Encoding: chunked\r\n";
    else if (withLength && !empty)
        out += "Content-Length: " + QByteArray::number(answer.body.size()) + "\r\n";
    for (const HeaderField &field : answer.headers)
        out += field.name + ": " + field.value + "\r\n";
    if (m_request) {
        out += "X-Request-Id: " + m_request->id + "\r\n";
        for (const HeaderField &field : corsHeaders(m_options.allowedOrigins, *m_request))
            out += field.name + ": " + field.value + "\r\n";
    } else {
        out += "X-Request-Id: " + requestId({}) + "\r\n";
    }
    const std::chrono::duration<double> took = IoWorker::Clock::now() - m_startedAt;
    out += "X-Process-Time: " + QByteArray::number(took.count(), 'f', 6) + "\r\n";
    if (m_closeAfter)
        out += "Connection: close\r\n";
    else if (m_request && m_request->minorVersion == 0)
        out += "Connection: keep-alive\r\n";
    out += "\r\n";
    return out;
}

void HttpConnection::send(const Answer &answer)
{
    const bool headOnly = m_request && m_request->isHead();
    write(headOf(answer, false, !headOnly || !answer.body.isEmpty()));
    if (!headOnly && answer.status != 204 && answer.status != 304)
        write(answer.body);
    m_status = answer.status;
    requestDone();
}

void HttpConnection::recordAnswer() const
{
    if (const auto &metrics = m_worker.core().metrics) {
        const std::chrono::duration<double> took = IoWorker::Clock::now() - m_startedAt;
        metrics->answered(m_request ? m_route : nullptr, m_request ? m_request->method : QByteArray(), m_status, took.count());
    }
}

void HttpConnection::requestDone()
{
    recordAnswer();
    m_request.reset();
    m_asked = false;
    if (m_closeAfter || m_worker.isDraining())
        return linger();
    m_state = State::Reading;
    m_hasDeadline = true;
    m_deadline = IoWorker::Clock::now() + m_options.idleTimeout;
    // Not at once: this may run inside QHttpServer, which is not made for another request in the middle of one.
    if (!std::exchange(m_inputQueued, true))
        QMetaObject::invokeMethod(this, [this] { processInput(); }, Qt::QueuedConnection);
}

// Writing

void HttpConnection::write(const QByteArray &bytes)
{
    if (m_socket->bytesToWrite() == 0)
        m_lastProgress = IoWorker::Clock::now();
    m_worker.core().counters.bytesSent.fetch_add(bytes.size(), std::memory_order_relaxed);
    m_socket->write(bytes);
}

void HttpConnection::onWritten()
{
    m_lastProgress = IoWorker::Clock::now();
    if (m_state == State::Streaming)
        streamReady();
    else if (m_state == State::Reading && m_socket->bytesToWrite() <= kWriteHigh)
        processInput();
    else if (m_state == State::Lingering)
        linger();
}

// The end

/// Half-closes once everything is out, then reads on for a moment: closing with unread input would make the kernel send
/// a reset, which can overtake the answer.
void HttpConnection::linger()
{
    if (m_state != State::Lingering) {
        m_state = State::Lingering;
        m_hasDeadline = false;
        m_in.clear();
    }
    if (m_socket->bytesToWrite() > 0)
        return;
    if (m_socket->inputEnded())
        return leave();
    if (std::exchange(m_wroteShutdown, true))
        return;
    m_hasDeadline = true;
    m_deadline = IoWorker::Clock::now() + m_options.lingerTimeout;
    m_socket->shutdownWriting();
    m_socket->readAll();
}

/// A client that only stopped sending and one that closed look the same, until something is sent: the second one's
/// system answers with a reset. While the answer takes its time, that is an interim response (RFC 9110 §15.2).
void HttpConnection::askWhetherAnybodyIsThere(IoWorker::Clock::time_point now)
{
    const bool silent = m_state == State::Answering || (m_state == State::Streaming && !m_headSent);
    if (!silent || m_asked || m_request->minorVersion == 0 || now - *m_inputEndedAt < kPatience)
        return;
    m_asked = true;
    write("HTTP/1.1 102 Processing\r\n\r\n");
}

void HttpConnection::sweep(IoWorker::Clock::time_point now)
{
    if (m_state == State::Gone)
        return;
    if (m_inputEndedAt) {
        if (m_socket->isBroken())
            return leave();
        askWhetherAnybodyIsThere(now);
    }
    if (m_socket->bytesToWrite() > 0 && now - m_lastProgress > m_options.writeStallTimeout)
        return cut();
    if (!m_hasDeadline || now < m_deadline)
        return;
    switch (m_state) {
    case State::Reading:
        if (!m_parser.started() && m_socket->bytesToWrite() == 0) {
            m_closeAfter = true;
            return linger(); // idle: nothing to say
        }
        if (m_parser.started()) {
            m_startedAt = now;
            m_closeAfter = true;
            send(errorAnswer(408, "The request took too long to arrive.", "request_timeout"));
        }
        return;
    case State::Answering:
        m_worker.forget(std::exchange(m_exchange, 0));
        m_closeAfter = true;
        return send(errorAnswer(504, "The request took too long.", "timeout"));
    case State::Lingering:
        return leave();
    case State::Streaming:
    case State::Gone:
        return;
    }
}

void HttpConnection::drain()
{
    m_closeAfter = true;
    if (m_state == State::Reading && !m_parser.started() && m_in.isEmpty())
        linger();
}

void HttpConnection::cut()
{
    // With a reset instead of an orderly end, even a client without chunked framing can tell.
    if (m_state == State::Answering || m_state == State::Streaming || m_socket->bytesToWrite() > 0)
        m_socket->close(true);
    leave();
}

void HttpConnection::leave()
{
    if (m_state == State::Gone)
        return;
    if (const auto &metrics = m_worker.core().metrics; metrics && (m_state == State::Answering || m_state == State::Streaming))
        metrics->abandoned();
    m_state = State::Gone;
    m_streamCancel.cancel();
    if (m_channel)
        m_channel->close();
    if (m_exchange)
        m_worker.forget(std::exchange(m_exchange, 0));
    if (m_relay)
        m_relay->hangUp();
    m_socket->close();
    m_worker.remove(*this);
}

} // namespace a360::rest
