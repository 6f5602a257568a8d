// SPDX-License-Identifier: GPL-3.0-or-later
#include "request_parser.h"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace a360::rest {

namespace http = boost::beast::http;

struct RequestParser::Private
{
    http::request_parser<http::string_body> parser;
    boost::beast::error_code error;
    bool started = false;
    bool lineDone = false; // the request line was consumed
    bool headerReported = false;
    bool complete = false;
    bool failed = false;
};

namespace {

QByteArray toBytes(boost::beast::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

int countFields(const Headers &headers, QByteArrayView name)
{
    return static_cast<int>(std::count_if(headers.begin(), headers.end(), [name](const HeaderField &field) {
        return QByteArrayView(field.name).compare(name, Qt::CaseInsensitive) == 0;
    }));
}

} // namespace

RequestParser::RequestParser(const ParserLimits &limits) : m_limits(limits)
{
    reset();
}

RequestParser::~RequestParser() = default;

void RequestParser::reset()
{
    d = std::make_unique<Private>();
    d->parser.header_limit(static_cast<std::uint32_t>(m_limits.header));
    d->parser.body_limit(static_cast<std::uint64_t>(m_limits.body));
    m_request = {};
}

bool RequestParser::started() const
{
    return d->started;
}

bool RequestParser::headerDone() const
{
    return d->headerReported;
}

bool RequestParser::expectsContinue() const
{
    return m_request.minorVersion >= 1 && headerHasToken(m_request.headers, "Expect", "100-continue");
}

RequestParser::Status RequestParser::feed(QByteArrayView bytes, qsizetype &consumed)
{
    consumed = 0;
    if (d->failed)
        return Status::Failed;
    // Empty lines in front of a request are passed over, as RFC 9112 §2.2 asks.
    while (!d->started && consumed < bytes.size() && (bytes[consumed] == '\r' || bytes[consumed] == '\n'))
        ++consumed;
    while (consumed < bytes.size() && !d->complete) {
        d->started = true;
        const QByteArrayView rest = bytes.sliced(consumed);
        d->error = {};
        const size_t used = d->parser.put(
            boost::asio::const_buffer(rest.data(), static_cast<size_t>(rest.size())), d->error);
        consumed += static_cast<qsizetype>(used);
        d->lineDone = d->lineDone || used > 0;
        if (d->error && d->error != http::error::need_more)
            return failure(rest);
        if (d->parser.is_header_done() && !d->headerReported) {
            d->headerReported = true;
            if (!checkHead())
                return Status::Failed;
            if (!d->parser.is_done())
                return Status::HeaderDone;
        }
        if (d->parser.is_done())
            d->complete = true;
        else if (d->error == http::error::need_more) {
            // What is kept back is an unfinished header or chunk line; neither may grow without end.
            if (bytes.size() - consumed > m_limits.header)
                return failure(bytes.sliced(consumed));
            if (lineIsTooLong(bytes.sliced(consumed)))
                return fail(414, "The request line is too long.", "uri_too_long");
            break;
        }
    }
    return d->complete ? Status::Complete : Status::NeedMore;
}

bool RequestParser::lineIsTooLong(QByteArrayView pending) const
{
    return !d->lineDone && pending.size() > m_limits.requestLine
        && !pending.first(m_limits.requestLine).contains('\n');
}

RequestParser::Status RequestParser::failure(QByteArrayView bytes)
{
    if (d->error == http::error::body_limit)
        return fail(413, "The request body is too large.", "body_too_large");
    if (!d->headerReported && (d->error == http::error::header_limit || d->error == http::error::need_more)) {
        if (lineIsTooLong(bytes))
            return fail(414, "The request line is too long.", "uri_too_long");
        return fail(431, "The request header is too large.", "header_too_large");
    }
    if (d->error == http::error::bad_version)
        return fail(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.", "http_version_not_supported");
    return fail(400, "The request is not valid HTTP.", "bad_request");
}

RequestParser::Status RequestParser::fail(int status, QByteArrayView detail, QByteArrayView code)
{
    d->failed = true;
    m_error = errorAnswer(status, detail, code);
    return Status::Failed;
}

bool RequestParser::checkHead()
{
    const auto &message = d->parser.get();
    m_request.method = toBytes(message.method_string());
    m_request.minorVersion = message.version() % 10;
    for (const auto &field : message)
        m_request.headers.push_back({toBytes(field.name_string()), toBytes(field.value())});

    const Headers &headers = m_request.headers;
    const int encodings = countFields(headers, "Transfer-Encoding");
    const auto refuse = [this](QByteArrayView why) {
        fail(400, why, "bad_request");
        return false;
    };
    if (encodings > 0 && (countFields(headers, "Content-Length") > 0 || encodings > 1 || m_request.minorVersion == 0))
        return refuse("Content-Length and Transfer-Encoding contradict each other.");
    if (encodings == 1 && headerValue(headers, "Transfer-Encoding").compare("chunked", Qt::CaseInsensitive) != 0) {
        fail(501, "Only chunked transfer encoding is understood.", "not_implemented");
        return false;
    }
    if (countFields(headers, "Content-Length") > 1)
        return refuse("More than one Content-Length.");
    const int hosts = countFields(headers, "Host");
    if (hosts > 1 || (hosts == 0 && m_request.minorVersion >= 1))
        return refuse("Exactly one Host field is needed.");
    // A proxy in front may have looked at the other one.
    if (countFields(headers, "Authorization") > 1)
        return refuse("More than one Authorization field.");
    const QByteArray target = toBytes(message.target());
    if (target.size() > m_limits.requestLine) {
        fail(414, "The request line is too long.", "uri_too_long");
        return false;
    }
    QByteArray authority;
    // "OPTIONS *" asks about the server as a whole.
    if (m_request.method == "OPTIONS" && target == "*")
        m_request.path = "/";
    else if (!splitTarget(target, m_request.path, m_request.query, authority))
        return refuse("The request target is not a path.");
    if (!authority.isEmpty() && !takeAuthority(authority))
        return refuse("The request target and the Host field name different hosts.");
    const QByteArray expect = headerValue(headers, "Expect");
    if (!expect.isEmpty() && expect.compare("100-continue", Qt::CaseInsensitive) != 0) {
        fail(417, "Unknown expectation.", "expectation_failed");
        return false;
    }
    m_request.keepAlive = d->parser.keep_alive();
    return true;
}

/// The target's authority is what counts, and the Host field has to say the same (RFC 9112 §3.2, §3.2.2): who decided by
/// the one in front of this server must not have been told another than who decides by the other behind it. False: they
/// differ.
bool RequestParser::takeAuthority(const QByteArray &authority)
{
    Headers &headers = m_request.headers;
    const bool named = countFields(headers, "Host") > 0;
    if (!named) // HTTP/1.0
        headers.push_back({"Host", authority});
    const QByteArray host = headerValue(headers, "Host");
    const auto is = [&](const char *port) { return host.compare(authority + port, Qt::CaseInsensitive) == 0; };
    return is("") || is(":80") || is(":443");
}

HttpRequest RequestParser::take()
{
    HttpRequest request = std::move(m_request);
    const std::string &body = d->parser.get().body();
    request.body = QByteArray(body.data(), static_cast<qsizetype>(body.size()));
    reset();
    return request;
}

} // namespace a360::rest
