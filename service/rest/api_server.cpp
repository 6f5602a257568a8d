// SPDX-License-Identifier: GPL-3.0-or-later
#include "api_server.h"

#include "api_context.h"
#include "api_routes.h"
#include "cache_warming.h"
#include "core/logging.h"
#include "http_server.h"

namespace a360::rest {

struct ApiServer::Private
{
    std::unique_ptr<access::TokenStore> tokens;
    std::unique_ptr<ApiContext> context;
    HttpServer http; // stops before what its handlers use is gone
    std::unique_ptr<CacheWarming> warming;
};

ApiServer::ApiServer() : d(std::make_unique<Private>()) {}

ApiServer::~ApiServer() = default;

Result<quint16> ApiServer::start(const ApiOptions &options, Service &service)
{
    if (isRunning())
        return makeError(ErrorCode::Conflict, QStringLiteral("The server is already running."));
    d->warming.reset();
    d->tokens = std::make_unique<access::TokenStore>(service.pool());
    d->context = std::make_unique<ApiContext>(ApiContext{service, *d->tokens, options});
    Result<quint16> port = d->http.start(options.http, apiRoutes(*d->context));
    if (!port.ok())
        return port;
    qCInfo(lcRest).noquote() << "listening on" << options.http.address.toString() << "port" << *port;
    if (!options.warming.isEmpty() && service.cache().isEnabled())
        d->warming = std::make_unique<CacheWarming>(*d->context, options.warming);
    return port;
}

void ApiServer::stop(std::chrono::milliseconds drain)
{
    d->warming.reset();
    d->http.stop(drain);
}

bool ApiServer::isRunning() const
{
    return d->http.isRunning();
}

ApiCounters ApiServer::counters() const
{
    const HttpCounters &now = d->http.counters();
    return {now.requests, now.activeConnections, now.activeStreams, now.bytesSent, now.bytesReceived};
}

} // namespace a360::rest
