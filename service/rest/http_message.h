// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>

#include <vector>

namespace a360::rest {

struct HeaderField
{
    QByteArray name;
    QByteArray value;
};
using Headers = std::vector<HeaderField>;

/// Value of the first field of that name (case-insensitive); empty when there is none.
QByteArray headerValue(const Headers &headers, QByteArrayView name);
/// True when one of the comma-separated tokens of the fields of that name is `token` (case-insensitive).
bool headerHasToken(const Headers &headers, QByteArrayView name, QByteArrayView token);

/// A complete request, framed and checked; its body is already decoded from chunks.
struct HttpRequest
{
    QByteArray method;      ///< as sent: "GET"
    QByteArray path;        ///< percent-decoded, always starting with '/'; without the query
    QByteArray query;       ///< raw text behind '?', without it
    int minorVersion = 1;
    bool keepAlive = true;  ///< what the client asked for
    Headers headers;
    QByteArray body;
    QByteArray id;          ///< X-Request-Id, sanitised, or generated

    bool isHead() const { return method == "HEAD"; }
};

/// Splits a request target (origin form or absolute form) into path, query and, of the absolute form, authority without
/// its scheme's own port ("host:8000"). False when it is neither; also for an authority that names no host, or a user
/// (RFC 9110 §4.2.1, §4.2.4).
bool splitTarget(const QByteArray &target, QByteArray &path, QByteArray &query, QByteArray &authority);

/// What a handler gives back. The body goes out as it is; framing, date, request id and CORS fields are added on the way.
struct Answer
{
    int status = 200;
    QByteArray contentType = "application/json";
    QByteArray body;
    Headers headers;
};

QByteArray reasonPhrase(int status);
/// Current time as an HTTP date, computed once a second per thread.
QByteArray httpDate();
/// A client's X-Request-Id if it is harmless (up to 128 of A-Z a-z 0-9 . _ : - =), otherwise 32 random hex digits.
QByteArray requestId(const QByteArray &fromClient);

/// Body `{"detail":…,"code":…}` (contract §2.0); `field` is added when given.
QByteArray errorBody(QByteArrayView detail, QByteArrayView code, QByteArrayView field = {});
Answer errorAnswer(int status, QByteArrayView detail, QByteArrayView code, QByteArrayView field = {});

} // namespace a360::rest
