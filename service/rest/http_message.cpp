// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_message.h"

#include "transfer/json_text.h"

#include <QDateTime>
#include <QLocale>
#include <QRandomGenerator>

#include <algorithm>
#include <array>

namespace a360::rest {

namespace {

std::string_view asText(QByteArrayView bytes)
{
    return {bytes.data(), static_cast<size_t>(bytes.size())};
}

bool equalsNoCase(QByteArrayView a, QByteArrayView b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

bool isHarmlessId(const QByteArray &id)
{
    if (id.isEmpty() || id.size() > 128)
        return false;
    return std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_'
            || c == ':' || c == '-' || c == '=';
    });
}

} // namespace

QByteArray headerValue(const Headers &headers, QByteArrayView name)
{
    for (const HeaderField &field : headers) {
        if (equalsNoCase(field.name, name))
            return field.value;
    }
    return {};
}

bool headerHasToken(const Headers &headers, QByteArrayView name, QByteArrayView token)
{
    for (const HeaderField &field : headers) {
        if (!equalsNoCase(field.name, name))
            continue;
        for (const QByteArray &part : field.value.split(',')) {
            if (equalsNoCase(part.trimmed(), token))
                return true;
        }
    }
    return false;
}

bool splitTarget(const QByteArray &target, QByteArray &path, QByteArray &query, QByteArray &authority)
{
    QByteArrayView rest(target);
    authority.clear();
    if (!rest.startsWith('/')) {
        const qsizetype scheme = target.indexOf("://"); // absolute form, as sent to proxies
        if (scheme <= 0 || target.indexOf('/') < scheme)
            return false;
        rest = rest.sliced(scheme + 3);
        const auto end = std::find_if(rest.begin(), rest.end(), [](char c) { return c == '/' || c == '?' || c == '#'; });
        authority = rest.first(end - rest.begin()).toByteArray();
        rest = rest.sliced(authority.size());
        if (authority.isEmpty() || authority.startsWith(':') || authority.contains('@'))
            return false;
        const bool secure = target.first(scheme).compare("https", Qt::CaseInsensitive) == 0;
        if (authority.endsWith(secure ? ":443" : ":80"))
            authority.truncate(authority.lastIndexOf(':'));
    }
    const qsizetype fragment = rest.indexOf('#');
    if (fragment >= 0)
        rest = rest.first(fragment);
    const qsizetype mark = rest.indexOf('?');
    query = mark < 0 ? QByteArray() : rest.sliced(mark + 1).toByteArray();
    path = QByteArray::fromPercentEncoding((mark < 0 ? rest : rest.first(mark)).toByteArray());
    if (path.isEmpty())
        path = "/"; // "http://host?query"
    return !path.contains('\0');
}

QByteArray reasonPhrase(int status)
{
    switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return status < 400 ? "OK" : "Error";
    }
}

QByteArray httpDate()
{
    thread_local qint64 second = -1;
    thread_local QByteArray text;
    const QDateTime time = QDateTime::currentDateTimeUtc();
    if (const qint64 now = time.toSecsSinceEpoch(); now != second) {
        second = now;
        text = QLocale::c().toString(time, u"ddd, dd MMM yyyy hh:mm:ss 'GMT'").toLatin1();
    }
    return text;
}

QByteArray requestId(const QByteArray &fromClient)
{
    if (isHarmlessId(fromClient))
        return fromClient;
    std::array<quint32, 4> random;
    QRandomGenerator::global()->fillRange(random.data(), qsizetype(random.size()));
    return QByteArray(reinterpret_cast<const char *>(random.data()), sizeof random).toHex();
}

QByteArray errorBody(QByteArrayView detail, QByteArrayView code, QByteArrayView field)
{
    std::string out = "{\"detail\":";
    transfer::appendJsonString(out, asText(detail));
    out += ",\"code\":";
    transfer::appendJsonString(out, asText(code));
    if (!field.isEmpty()) {
        out += ",\"field\":";
        transfer::appendJsonString(out, asText(field));
    }
    out += '}';
    return QByteArray::fromStdString(out);
}

Answer errorAnswer(int status, QByteArrayView detail, QByteArrayView code, QByteArrayView field)
{
    Answer answer;
    answer.status = status;
    answer.body = errorBody(detail, code, field);
    return answer;
}

} // namespace a360::rest
