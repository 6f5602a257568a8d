// SPDX-License-Identifier: GPL-3.0-or-later
#include "service.h"

#include "cache/memory_cache.h"
#include "cache/tiered_cache.h"
#include "core/logging.h"
#include "db/index_claim.h"
#include "transfer/stale_staging.h"

namespace a360 {

namespace {

std::unique_ptr<cache::QueryCache> makeCache(const CacheOptions &options)
{
    cache::QueryCacheOptions query;
    query.enabled = options.enabled;
    query.ttl = options.ttl;
    query.dependents.emplace("companies", QByteArrayList{"contacts"}); // contacts are shown with their company
    if (!options.enabled)
        return std::make_unique<cache::QueryCache>(nullptr, query);
    cache::MemoryCacheOptions memory;
    memory.maxEntries = options.maxEntries;
    memory.maxBytes = options.maxBytes;
    std::unique_ptr<cache::CacheBackend> backend = std::make_unique<cache::MemoryCache>(memory);
    if (options.farTier) {
        if (std::unique_ptr<cache::CacheBackend> far = options.farTier())
            backend = std::make_unique<cache::TieredCache>(std::move(backend), std::move(far));
    }
    return std::make_unique<cache::QueryCache>(std::move(backend), query);
}

/// What imports that did not live to their end have staged: as much room as their files. Nothing depends on it.
void dropLeftovers(db::Lease &lease)
{
    const Result<void> dropped = transfer::dropStaleStaging(lease);
    if (!dropped.ok())
        qCWarning(lcTransfer).noquote() << "the staging of a broken import cannot be dropped:" << dropped.error().message;
}

} // namespace

Result<std::unique_ptr<Service>> Service::open(const ServiceOptions &options, CancelToken cancel)
{
    std::unique_ptr<Service> service(new Service);
    service->m_pace = options.pace;
    service->m_pace.meters = std::make_shared<transfer::TransferMeters>();
    db::PoolSettings pool = options.pool;
    if (options.queries) {
        service->m_queries = std::make_unique<db::QueryMonitor>(*options.queries);
        pool.statements = service->m_queries.get();
    }
    service->m_pool = std::make_unique<db::ConnectionPool>(options.database, pool);
    std::optional<db::ReplicaOptions> replica = options.replica;
    if (replica)
        replica->pool.statements = pool.statements;
    service->m_reads = std::make_unique<db::ReadRouter>(*service->m_pool, std::move(replica));
    service->m_epochs = std::make_unique<db::EpochWatcher>(*service->m_pool);
    service->m_cache = makeCache(options.cache);
    service->m_lists = std::make_unique<ListCache>(*service->m_cache, *service->m_epochs);
    service->m_changes = service->m_pool->epochs().observe(
        [lists = service->m_lists.get()](const db::EpochChange &change) { lists->announce(change); });
    bool indexesDown = false;
    if (options.migrate) {
        A360_TRY_ASSIGN(db::Lease lease, service->m_pool->lease(db::Lane::Interactive, cancel, "migration"));
        A360_TRY_ASSIGN(service->m_migration, db::migrate(lease, cancel, options.stays ? db::LeftIndexes::Leave
                                                                                        : db::LeftIndexes::Rebuild));
        if (options.stays)
            dropLeftovers(lease);
        A360_TRY_ASSIGN(indexesDown, db::anyIndexDown(lease));
    }
    A360_TRY(service->reloadSchema(cancel));
    if (options.migrate && options.stays)
        service->m_indexes = std::make_unique<IndexRebuilder>(
            *service->m_pool, [s = service.get()](const CancelToken &end) { return s->reloadSchema(end); }, indexesDown);
    if (options.stays)
        service->startWatching(options);
    return service;
}

void Service::startWatching(const ServiceOptions &options)
{
    if (m_queries)
        m_plans = std::make_unique<db::SlowPlanFinder>(*m_queries, *m_pool);
    m_tasks = std::make_unique<tasks::TaskRunner>(options.tasks);
    m_telemetry = std::make_unique<Telemetry>(*this);
}

std::shared_ptr<const contacts::SchemaInfo> Service::schema() const
{
    const std::lock_guard lock(m_schemaMutex);
    return m_schema;
}

Result<void> Service::reloadSchema(CancelToken cancel)
{
    A360_TRY_ASSIGN(db::Lease lease, m_pool->lease(db::Lane::Interactive, std::move(cancel), "schema probe"));
    A360_TRY_ASSIGN(contacts::SchemaInfo probed, contacts::SchemaInfo::probe(lease));
    auto schema = std::make_shared<const contacts::SchemaInfo>(std::move(probed));
    const std::lock_guard lock(m_schemaMutex);
    m_schema.swap(schema); // the old one goes after the lock
    return {};
}

Result<db::IndexCreation> Service::createMissingIndexes(ProgressCounter &progress, const CancelToken &cancel)
{
    Result<db::IndexCreation> done = db::createMissingIndexes(*m_pool, progress, cancel);
    if (!done.ok() && done.error().code != ErrorCode::Cancelled)
        return done;
    const Result<void> reloaded = reloadSchema(); // also for the part that a cancelled run has made
    return done.ok() && !reloaded.ok() ? Result<db::IndexCreation>(reloaded.error()) : done;
}

Result<transfer::ImportReport> Service::import(const transfer::ImportRequest &request, ProgressCounter &progress,
                                               const CancelToken &cancel)
{
    const Registration pause = m_indexes ? m_indexes->pause() : Registration();
    return transfer::runImport(*m_pool, request, progress, cancel);
}

} // namespace a360
