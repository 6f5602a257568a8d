// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client_socket.h"
#include "io_worker.h"
#include "request_parser.h"
#include "stream_channel.h"

#include <QObject>
#include <QPointer>

#include <memory>
#include <optional>

namespace a360::rest {

/// Owns one client's socket: frames its requests, keeps limits and deadlines, hands small requests to QHttpServer
/// through a relay, sends streamed answers itself with back-pressure. One request at a time, in order. Lives in its IO
/// thread; ends by IoWorker::remove(), which deletes it later.
class HttpConnection final : public QObject
{
public:
    HttpConnection(IoWorker &worker, int descriptor, quint64 id);
    ~HttpConnection() override;

    quint64 id() const { return m_id; }
    void setExchange(quint64 exchange) { m_exchange = exchange; }
    void setRoute(const Route &route) { m_route = &route; }
    void streamReady();
    void sweep(IoWorker::Clock::time_point now);
    void drain();
    void cut(); ///< ends at once; with a reset when an answer was under way, so that the client can tell

private:
    static constexpr qint64 kWriteHigh = 256 * 1024; // no more is queued on the socket above this

    enum class State { Reading, Answering, Streaming, Lingering, Gone };

    void onReadyRead();
    void onWritten();
    void processInput();
    void parse();
    void dispatch();
    bool refuse();
    void relay(Call call);
    void startStream(const Route &route, Call call);
    const Route *streamRoute(QStringList &arguments) const;

    void send(const Answer &answer);
    QByteArray headOf(const Answer &answer, bool chunked, bool withLength) const;
    void sendStreamHead();
    void sendBlock(const QByteArray &block);
    void write(const QByteArray &bytes);
    void requestDone();
    void recordAnswer() const;
    void linger();
    void askWhetherAnybodyIsThere(IoWorker::Clock::time_point now);
    void leave();

    IoWorker &m_worker;
    const quint64 m_id;
    const std::unique_ptr<ClientSocket> m_socket;
    const HttpOptions &m_options;
    RequestParser m_parser;
    QByteArray m_in;            // received, not yet parsed
    State m_state = State::Reading;
    bool m_closeAfter = false;  // the current answer is the last one
    bool m_wroteShutdown = false;
    bool m_inputQueued = false;
    IoWorker::Clock::time_point m_deadline;
    bool m_hasDeadline = true;
    IoWorker::Clock::time_point m_lastProgress; // of writing
    std::optional<IoWorker::Clock::time_point> m_inputEndedAt;
    bool m_asked = false;       // the request being answered was

    // The request being answered.
    std::shared_ptr<const HttpRequest> m_request;
    const Route *m_route = nullptr; // null: none matched, or not yet known
    int m_status = 0;           // of the answer, once its head is out
    IoWorker::Clock::time_point m_startedAt;
    QPointer<RelaySocket> m_relay;
    quint64 m_exchange = 0;
    std::shared_ptr<StreamChannel> m_channel;
    CancelSource m_streamCancel;
    bool m_headSent = false;
    bool m_chunked = false;
};

} // namespace a360::rest
