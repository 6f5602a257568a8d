// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "http_message.h"
#include "transfer/byte_sink.h"

#include <QStringList>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace a360::rest {

/// One request on its way through a handler. Immutable; stays valid while the handler runs, even when the client left.
struct Call
{
    std::shared_ptr<const HttpRequest> request;
    QStringList arguments;  ///< what stood for <…> in the route's pattern
    QByteArray baseUrl;     ///< "http://host:port" as the client knows it, for links
    bool fromLoopback = false; ///< the client is on this machine
    CancelToken cancel;     ///< set when the client leaves, the request times out or the server stops
};

/// Gives back the sink of a streamed answer; `head` is sent with the first bytes.
using OpenStream = std::function<std::unique_ptr<transfer::ByteSink>(Answer head)>;

using Handler = std::function<Answer(const Call &)>;
/// Writes to the sink and finishes it, then returns nothing; or returns the error answer, which goes out if nothing was
/// sent before, and otherwise cuts the connection.
using StreamHandler = std::function<std::optional<Answer>(const Call &, const OpenStream &)>;

struct Route
{
    enum class Runs {
        Inline,   ///< in the IO thread: must never wait
        OnWorker, ///< on a worker thread: may wait for the database
        AsStream, ///< on a thread of its own; answered by the connection itself
    };
    QByteArray method;
    QByteArray pattern; ///< "/api/v1/contacts/<uuid>"; without a trailing slash, at most one <…>
    Runs runs = Runs::OnWorker;
    Handler handler;        ///< empty for AsStream; GET handlers also serve HEAD
    StreamHandler stream;
};
using Routes = std::vector<Route>;

/// What a route's pattern makes of a path (without trailing slash): its arguments, or nothing.
std::optional<QStringList> matchPattern(const QByteArray &pattern, const QByteArray &path);
/// Methods for `Allow`, HEAD and OPTIONS included; empty when no route has that path.
QByteArrayList allowedMethods(const Routes &routes, const QByteArray &path);
/// "/a/" and "/a" are one; "/" stays.
QByteArray withoutTrailingSlash(const QByteArray &path);

} // namespace a360::rest
