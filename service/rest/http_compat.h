// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// All that differs between the Qt HTTP Server of 6.4 and of 6.8.

#include "http_message.h"

#include <QHttpServer>
#include <QHttpServerResponder>
#include <QHttpServerResponse>

#include <utility>

#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
#    include <QHttpHeaders>
#endif

namespace a360::rest {

#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)

/// How a route's handler is given its responder; it may be moved from in both versions.
using ResponderArgument = QHttpServerResponder &;

template <typename Callback>
void setMissingHandler(QHttpServer &server, Callback callback)
{
    server.setMissingHandler(&server, [callback](const QHttpServerRequest &request, QHttpServerResponder &responder) {
        callback(request, responder);
    });
}

inline void sendAnswer(QHttpServerResponder &responder, const Answer &answer)
{
    QHttpServerResponse response(answer.body, static_cast<QHttpServerResponder::StatusCode>(answer.status));
    QHttpHeaders headers;
    headers.append(QHttpHeaders::WellKnownHeader::ContentType, answer.contentType);
    for (const HeaderField &field : answer.headers)
        headers.append(field.name, field.value);
    response.setHeaders(std::move(headers));
    responder.sendResponse(response);
}

#else

using ResponderArgument = QHttpServerResponder &&;

template <typename Callback>
void setMissingHandler(QHttpServer &server, Callback callback)
{
    server.setMissingHandler([callback](const QHttpServerRequest &request, QHttpServerResponder &&responder) {
        callback(request, responder);
    });
}

inline void sendAnswer(QHttpServerResponder &responder, const Answer &answer)
{
    QHttpServerResponse response(answer.contentType, answer.body,
                                 static_cast<QHttpServerResponder::StatusCode>(answer.status));
    for (const HeaderField &field : answer.headers)
        response.addHeader(field.name, field.value);
    response.write(std::move(responder));
}

#endif

} // namespace a360::rest
