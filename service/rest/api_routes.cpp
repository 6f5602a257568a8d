// SPDX-License-Identifier: GPL-3.0-or-later
#include "api_routes.h"

#include "health_controller.h"
#include "openapi_document.h"
#include "record_controller.h"
#include "stats_controller.h"
#include "stream_controller.h"

namespace a360::rest {

namespace {

using Runs = Route::Runs;

using Records = std::shared_ptr<const RecordController>;

void addRecordRoute(Routes &routes, const ApiContext &context, const Records &records, const QByteArray &pattern,
                    Answer (RecordController::*method)(const Call &) const)
{
    routes.push_back({"GET", pattern, Runs::OnWorker,
                      requireToken(context, [records, method](const Call &call, const access::Identity &) {
                          return ((*records).*method)(call);
                      }),
                      {}});
}

void addListRoutes(Routes &routes, const ApiContext &context, const Records &records, const QByteArray &base)
{
    addRecordRoute(routes, context, records, base, &RecordController::list);
    addRecordRoute(routes, context, records, base + "/count", &RecordController::count);
    addRecordRoute(routes, context, records, base + "/count/uuids", &RecordController::countUuids);
}

void addRecordRoutes(Routes &routes, const ApiContext &context, contacts::Entity entity)
{
    const std::string_view name = contacts::entityName(entity);
    const QByteArray base = "/api/v1/" + QByteArray(name.data(), qsizetype(name.size()));
    const auto records = std::make_shared<const RecordController>(context, entity);
    const auto streams = std::make_shared<const StreamController>(context, entity);
    // Fixed names stand before <uuid>: QHttpServer tries routes in order.
    addListRoutes(routes, context, records, base);
    routes.push_back({"GET", base + "/stream", Runs::AsStream, {},
                      [streams](const Call &call, const OpenStream &open) { return streams->stream(call, open); }});
    addRecordRoute(routes, context, records, base + "/<uuid>", &RecordController::detail);
}

/// The contacts of a company, under the name that clients of the existing service know and under a plain one.
void addCompanyContactRoutes(Routes &routes, const ApiContext &context)
{
    const auto records =
        std::make_shared<const RecordController>(context, contacts::Entity::Contact, RecordScope::OfCompany);
    addListRoutes(routes, context, records, "/api/v1/companies/company/<uuid>/contacts");
    addListRoutes(routes, context, records, "/api/v1/companies/<uuid>/contacts");
}

void addStatsRoutes(Routes &routes, const ApiContext &context)
{
    const auto stats = std::make_shared<const StatsController>(context);
    routes.push_back({"GET", "/metrics", Runs::OnWorker, [stats](const Call &call) { return stats->prometheus(call); }, {}});
    const auto add = [&](const char *name, Answer (StatsController::*method)() const) {
        routes.push_back({"GET", QByteArray("/api/v1/admin/stats/") + name, Runs::OnWorker,
                          requireAdmin(context, [stats, method](const Call &) { return ((*stats).*method)(); }), {}});
    };
    add("cache", &StatsController::cache);
    add("pool", &StatsController::pool);
    add("tasks", &StatsController::tasks);
    add("queries", &StatsController::queries);
}

Answer apiDescription(const Call &)
{
    static const QByteArray document = openApiDocument();
    if (document.isEmpty())
        return errorAnswer(500, "Internal server error", "internal_error");
    Answer answer;
    answer.contentType = "application/yaml";
    answer.body = document;
    return answer;
}

} // namespace

Routes apiRoutes(const ApiContext &context)
{
    Routes routes;
    const auto health = std::make_shared<const HealthController>(context);
    addRecordRoutes(routes, context, contacts::Entity::Contact);
    addRecordRoutes(routes, context, contacts::Entity::Company);
    addCompanyContactRoutes(routes, context);
    addStatsRoutes(routes, context);
    const Handler plain = [health](const Call &call) { return health->health(call); };
    routes.push_back({"GET", "/health", Runs::Inline, plain, {}});
    routes.push_back({"GET", "/api/v1/health", Runs::Inline, plain, {}});
    routes.push_back({"GET", "/api/v1", Runs::Inline, [health](const Call &call) { return health->about(call); }, {}});
    routes.push_back({"GET", "/health/db", Runs::OnWorker, [health](const Call &call) { return health->database(call); }, {}});
    routes.push_back({"GET", "/openapi.yaml", Runs::Inline, apiDescription, {}});
    return routes;
}

} // namespace a360::rest
