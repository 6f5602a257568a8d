// SPDX-License-Identifier: GPL-3.0-or-later
#include "request_policy.h"

namespace a360::rest {

namespace {

QByteArrayView withoutPort(QByteArrayView host)
{
    if (host.startsWith('[')) { // IPv6 literal
        const qsizetype end = host.indexOf(']');
        return end < 0 ? host : host.first(end + 1);
    }
    const qsizetype colon = host.lastIndexOf(':');
    return colon < 0 ? host : host.first(colon);
}

bool originIsAllowed(const QStringList &allowed, const QByteArray &origin)
{
    const QString text = QString::fromLatin1(origin);
    return allowed.contains(QStringLiteral("*")) || allowed.contains(text, Qt::CaseInsensitive);
}

} // namespace

bool hostIsTrusted(const QStringList &trusted, QByteArrayView hostField)
{
    if (trusted.isEmpty())
        return true;
    const QString host = QString::fromLatin1(withoutPort(hostField));
    for (const QString &pattern : trusted) {
        if (pattern == u"*" || pattern.compare(host, Qt::CaseInsensitive) == 0)
            return true;
        if (pattern.startsWith(u"*.") && host.endsWith(pattern.mid(1), Qt::CaseInsensitive)
            && host.size() > pattern.size() - 1)
            return true;
    }
    return false;
}

Headers corsHeaders(const QStringList &allowedOrigins, const HttpRequest &request)
{
    if (allowedOrigins.isEmpty())
        return {};
    Headers headers;
    const QByteArray origin = headerValue(request.headers, "Origin");
    if (!origin.isEmpty() && originIsAllowed(allowedOrigins, origin)) {
        // No credentials mode: tokens travel in Authorization, so "*" is safe and cacheable.
        const bool any = allowedOrigins.contains(QStringLiteral("*"));
        headers.push_back({"Access-Control-Allow-Origin", any ? QByteArray("*") : origin});
        headers.push_back({"Access-Control-Expose-Headers", "X-Request-Id, X-Process-Time, X-Cache-Hit, X-Ignored-Parameters, Content-Disposition"});
    }
    headers.push_back({"Vary", "Origin"});
    return headers;
}

Answer optionsAnswer(const HttpOptions &options, const Routes &routes, const HttpRequest &request)
{
    QByteArrayList methods = allowedMethods(routes, withoutTrailingSlash(request.path));
    if (methods.isEmpty() && request.path == "/")
        methods = {"GET", "HEAD", "OPTIONS"};
    if (methods.isEmpty())
        return errorAnswer(404, "Not Found", "not_found");
    Answer answer;
    answer.status = 204;
    const QByteArray origin = headerValue(request.headers, "Origin");
    const bool preflight = !origin.isEmpty() && !headerValue(request.headers, "Access-Control-Request-Method").isEmpty();
    if (!preflight) {
        answer.headers.push_back({"Allow", methods.join(", ")});
        return answer;
    }
    if (!originIsAllowed(options.allowedOrigins, origin))
        return errorAnswer(400, "This origin is not allowed.", "origin_not_allowed");
    answer.headers.push_back({"Access-Control-Allow-Methods", methods.join(", ")});
    answer.headers.push_back({"Access-Control-Allow-Headers", "Authorization, Cache-Control, Content-Type, X-Request-Id"});
    answer.headers.push_back({"Access-Control-Max-Age", "600"});
    return answer;
}

} // namespace a360::rest
