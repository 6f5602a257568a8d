// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_message.h"

#include <memory>

namespace a360::rest {

struct ParserLimits
{
    qsizetype requestLine = 8 * 1024; ///< 414 above
    qsizetype header = 16 * 1024;     ///< request line and fields: 431 above
    qsizetype body = 1024 * 1024;     ///< 413 above
};

/// Frames one HTTP/1.x request after the other out of a connection's bytes (Boost.Beast's parser behind it). Whatever
/// two servers could read differently is refused. Not thread-safe.
class RequestParser
{
public:
    enum class Status {
        NeedMore,   ///< all bytes that can be used were used; the caller keeps the rest
        HeaderDone, ///< head() is valid and a body follows; call feed() again
        Complete,   ///< request() may be taken
        Failed,     ///< error() says with which answer; the connection's framing is lost
    };

    explicit RequestParser(const ParserLimits &limits);
    ~RequestParser();
    RequestParser(const RequestParser &) = delete;
    RequestParser &operator=(const RequestParser &) = delete;

    /// Looks at `bytes`, all bytes not consumed so far. `consumed` of them are done with, also on failure.
    Status feed(QByteArrayView bytes, qsizetype &consumed);
    bool started() const; ///< a first byte of the current request was seen
    bool headerDone() const;
    bool expectsContinue() const;
    /// The parsed request; the parser is then ready for the next one. Only after Complete.
    HttpRequest take();
    /// Only after Failed.
    const Answer &error() const { return m_error; }

private:
    struct Private;
    Status fail(int status, QByteArrayView detail, QByteArrayView code);
    Status failure(QByteArrayView bytes);
    bool checkHead();
    bool takeAuthority(const QByteArray &authority);
    bool lineIsTooLong(QByteArrayView pending) const;
    void reset();

    ParserLimits m_limits;
    std::unique_ptr<Private> d;
    Answer m_error;
    HttpRequest m_request;
};

} // namespace a360::rest
