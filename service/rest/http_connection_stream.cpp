// SPDX-License-Identifier: GPL-3.0-or-later
// Streamed answers of HttpConnection: blocks from a producer's thread, chunked, never more on the socket than it takes.
#include "http_connection.h"

#include "core/logging.h"

#include <exception>

namespace a360::rest {

namespace {

/// Runs in the producer's thread from start to end.
void produce(const Route &route, const Call &call, const std::shared_ptr<StreamChannel> &channel)
{
    const OpenStream open = [&channel](Answer head) -> std::unique_ptr<transfer::ByteSink> {
        channel->setHead(std::move(head));
        return std::make_unique<ChannelSink>(channel);
    };
    std::optional<Answer> failure;
    try {
        failure = route.stream(call, open);
    } catch (const std::exception &error) {
        qCCritical(lcRest) << "stream of" << route.pattern << "threw:" << error.what();
        failure = errorAnswer(500, "Internal server error", "internal_error");
    }
    if (failure)
        channel->fail(std::move(*failure));
    else if (!channel->isFinished())
        channel->fail(errorAnswer(500, "Internal server error", "internal_error"));
}

/// Takes one of the slots for streams, if there is one.
bool takeSlot(HttpCore &core)
{
    int active = core.counters.activeStreams.load();
    while (active < core.options.maxStreams) {
        if (core.counters.activeStreams.compare_exchange_weak(active, active + 1))
            return true;
    }
    return false;
}

} // namespace

const Route *HttpConnection::streamRoute(QStringList &arguments) const
{
    if (m_request->method != "GET" && !m_request->isHead())
        return nullptr;
    const QByteArray path = withoutTrailingSlash(m_request->path);
    for (const Route &route : m_worker.core().routes) {
        if (route.runs != Route::Runs::AsStream)
            continue;
        if (std::optional<QStringList> match = matchPattern(route.pattern, path)) {
            arguments = std::move(*match);
            return &route;
        }
    }
    return nullptr;
}

void HttpConnection::startStream(const Route &route, Call call)
{
    HttpCore &core = m_worker.core();
    if (!takeSlot(core)) {
        Answer busy = errorAnswer(503, "Too many exports are running. Try again later.", "too_many_streams");
        busy.headers.push_back({"Retry-After", "5"});
        return send(busy);
    }
    m_route = &route;
    m_state = State::Streaming;
    m_hasDeadline = false;
    m_headSent = false;
    m_streamCancel = CancelSource();
    call.cancel = m_streamCancel.token();
    m_channel = std::make_shared<StreamChannel>(core.options.streamChunk, [&worker = m_worker, id = m_id] { worker.postStreamReady(id); });
    core.streams.start([&core, &route, call = std::move(call), channel = m_channel] {
        produce(route, call, channel);
        core.counters.activeStreams.fetch_sub(1);
    });
}

void HttpConnection::streamReady()
{
    while (m_state == State::Streaming && m_socket->bytesToWrite() < kWriteHigh) {
        QByteArray block;
        switch (m_channel->take(block)) {
        case StreamChannel::Next::Nothing:
            return;
        case StreamChannel::Next::Block:
            sendStreamHead();
            sendBlock(block);
            break;
        case StreamChannel::Next::Finished:
            sendStreamHead();
            if (m_chunked)
                write("0\r\n\r\n");
            m_channel.reset();
            return requestDone();
        case StreamChannel::Next::Failed: {
            if (m_headSent)
                return cut(); // no last chunk: the client can tell that the answer is not whole
            const Answer answer = m_channel->takeFailure();
            m_channel.reset();
            return send(answer);
        }
        }
    }
}

void HttpConnection::sendStreamHead()
{
    if (std::exchange(m_headSent, true))
        return;
    m_chunked = m_request->minorVersion >= 1;
    if (!m_chunked)
        m_closeAfter = true; // the end of the connection is the end of the body
    const Answer head = m_channel->takeHead();
    m_status = head.status;
    write(headOf(head, m_chunked, false));
}

void HttpConnection::sendBlock(const QByteArray &block)
{
    if (!m_chunked)
        return write(block);
    write(QByteArray::number(block.size(), 16) + "\r\n");
    write(block);
    write("\r\n");
}

} // namespace a360::rest
