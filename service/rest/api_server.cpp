// SPDX-License-Identifier: GPL-3.0-or-later
#include "api_server.h"

#include "api_context.h"
#include "api_routes.h"
#include "cache_metrics.h"
#include "cache_warming.h"
#include "core/logging.h"
#include "http_server.h"
#include "memo_metrics.h"
#include "pool_metrics.h"
#include "transfer_metrics.h"

#include <QJsonDocument>

namespace a360::rest {

namespace {

std::string compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

QJsonObject cacheStatistics(Service &service)
{
    const cache::CacheReport report = service.cache().report();
    QJsonObject json = cache::toJson(report);
    if (report.enabled) // otherwise it is {"enabled":false} alone (contract §7.1)
        json.insert(QStringLiteral("memo"), service.memos().toJson());
    return json;
}

/// What nobody gave is the service's own.
void completeFrom(Service &service, ApiParts &parts)
{
    if (!parts.registry && service.telemetry())
        parts.registry = &service.telemetry()->registry();
    if (!parts.cache)
        parts.cache = [&service] { return compact(cacheStatistics(service)); };
    if (!parts.tasks && service.tasks())
        parts.tasks = [&service] { return compact(service.tasks()->statistics().toJson()); };
    if (!parts.queries && service.queries())
        parts.queries = [&service] { return compact(service.queries()->statistics().toJson()); };
}

} // namespace

struct ApiServer::Private
{
    std::unique_ptr<access::TokenStore> tokens;
    std::unique_ptr<metrics::Registry> ownRegistry; // when nobody gave one
    std::vector<metrics::Registry::Registration> ownMetrics; // in ownRegistry
    std::unique_ptr<ApiContext> context;
    HttpServer http; // stops before what its handlers use is gone
    std::unique_ptr<CacheWarming> warming;
};

ApiServer::ApiServer() : d(std::make_unique<Private>()) {}

ApiServer::~ApiServer() = default;

Result<quint16> ApiServer::start(const ApiOptions &options, Service &service, ApiParts parts)
{
    if (isRunning())
        return makeError(ErrorCode::Conflict, QStringLiteral("The server is already running."));
    d->warming.reset();
    d->tokens = std::make_unique<access::TokenStore>(service.pool());
    d->ownMetrics.clear();
    d->ownRegistry.reset();
    completeFrom(service, parts);
    if (!parts.registry) {
        d->ownRegistry = std::make_unique<metrics::Registry>();
        d->ownMetrics.push_back(addPoolMetrics(*d->ownRegistry, service.pool()));
        d->ownMetrics.push_back(addCacheMetrics(*d->ownRegistry, service.cache()));
        d->ownMetrics.push_back(addMemoMetrics(*d->ownRegistry, service.memos()));
        d->ownMetrics.push_back(addTransferMetrics(*d->ownRegistry, service.pace().meters));
        parts.registry = d->ownRegistry.get();
    }
    d->context = std::make_unique<ApiContext>(ApiContext{service, *d->tokens, options, std::move(parts)});
    Result<quint16> port = d->http.start(options.http, apiRoutes(*d->context), d->context->parts.registry);
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
