// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cache/process_memo.h"
#include "cache/query_cache.h"
#include "contacts/repository.h"
#include "db/connection_pool.h"
#include "db/epoch_watcher.h"
#include "db/index_creation.h"
#include "db/migrations.h"
#include "db/read_router.h"
#include "db/slow_plan_finder.h"
#include "index_rebuilder.h"
#include "list_cache.h"
#include "tasks/task_runner.h"
#include "telemetry.h"
#include "transfer/importer.h"

#include <memory>
#include <mutex>

namespace a360 {

/// The query cache of an open database.
struct CacheOptions
{
    bool enabled = true;                        ///< ENABLE_QUERY_CACHING
    std::chrono::seconds ttl{300};              ///< QUERY_CACHE_TTL
    qint64 maxEntries = 1000;                   ///< CACHE_MAX_SIZE
    qint64 maxBytes = 64 * 1024 * 1024;         ///< of the memory tier
    /// Makes the tier behind the memory (Redis); none: memory alone.
    std::function<std::unique_ptr<cache::CacheBackend>()> farTier;
};

struct ServiceOptions
{
    db::DatabaseUrl database;
    db::PoolSettings pool;
    /// Bring the schema up to date while opening (import, serve, token, the window). Off for export, count and the
    /// like, which never create or migrate (decision 19). Indexes that an import has left out are rebuilt: while opening, or
    /// in programs that stay in the background.
    bool migrate = false;
    CacheOptions cache;
    /// Statistics of statements (ENABLE_QUERY_MONITORING) or their log (DATABASE_ECHO); none: statements cost nothing more.
    std::optional<db::QueryMonitorOptions> queries;
    std::optional<db::ReplicaOptions> replica; ///< USE_REPLICA: where lists, counts and exports may be read as well
    /// For programs that stay (serve, the window): background tasks, plans of slow statements, an hour of metrics.
    bool stays = false;
    tasks::TaskOptions tasks;
    transfer::TransferPace pace; ///< of the imports and exports of this program
};

/// One open database with everything that works on it. Owns its parts; destruction runs in reverse order of the
/// members. open() blocks (network, disk): the window calls it from a worker thread.
class Service
{
public:
    static Result<std::unique_ptr<Service>> open(const ServiceOptions &options, CancelToken cancel = {});

    db::ConnectionPool &pool() { return *m_pool; }
    /// Chooses between the primary and the replica for lists, counts and exports.
    db::ReadRouter &reads() { return *m_reads; }
    /// What is known of the schema at this moment, one immutable whole. A call takes it once, at its start, and keeps it
    /// whatever reloadSchema() does meanwhile. Thread-safe.
    std::shared_ptr<const contacts::SchemaInfo> schema() const;
    /// Reads with the schema of this moment.
    contacts::Repository repository() const { return contacts::Repository(schema()); }
    /// Answers of queries; `lists()` keeps pages in it that are never stale.
    cache::QueryCache &cache() { return *m_cache; }
    const ListCache &lists() const { return *m_lists; }
    db::EpochWatcher &epochs() { return *m_epochs; }
    /// What functions of immutable data remember for as long as the process runs, by name.
    cache::MemoRegistry &memos() { return m_memos; }
    /// Null unless ServiceOptions asked for it, as are the two after it.
    db::QueryMonitor *queries() { return m_queries.get(); }
    tasks::TaskRunner *tasks() { return m_tasks.get(); }
    Telemetry *telemetry() { return m_telemetry.get(); }
    /// Null also where the schema was not brought up to date.
    IndexRebuilder *indexes() { return m_indexes.get(); }
    const transfer::TransferPace &pace() const { return m_pace; }
    const db::MigrationReport &migrationReport() const { return m_migration; }
    /// After something has created indexes or changed statistics. Thread-safe; what runs already keeps what it started
    /// with.
    Result<void> reloadSchema(CancelToken cancel = {});
    /// Makes the indexes this database lacks (db/index_creation.h); from then on searches use them, also those of a server
    /// that is running.
    Result<db::IndexCreation> createMissingIndexes(ProgressCounter &progress, const CancelToken &cancel);
    /// transfer::runImport() while nothing rebuilds indexes beside it; what it leaves out is rebuilt afterwards.
    Result<transfer::ImportReport> import(const transfer::ImportRequest &request, ProgressCounter &progress,
                                          const CancelToken &cancel);

private:
    Service() = default;
    void startWatching(const ServiceOptions &options);
    cache::MemoRegistry m_memos;
    std::unique_ptr<db::QueryMonitor> m_queries; // the pool tells it of every statement
    std::unique_ptr<db::ConnectionPool> m_pool;
    std::unique_ptr<db::ReadRouter> m_reads;
    std::unique_ptr<db::EpochWatcher> m_epochs;
    std::unique_ptr<cache::QueryCache> m_cache;
    std::unique_ptr<ListCache> m_lists;
    Registration m_changes; // tells the lists of writes
    db::MigrationReport m_migration;
    transfer::TransferPace m_pace;
    mutable std::mutex m_schemaMutex;
    std::shared_ptr<const contacts::SchemaInfo> m_schema; // guarded by m_schemaMutex
    std::unique_ptr<IndexRebuilder> m_indexes;
    std::unique_ptr<db::SlowPlanFinder> m_plans;
    std::unique_ptr<tasks::TaskRunner> m_tasks; // tasks may use everything above
    std::unique_ptr<Telemetry> m_telemetry;
};

} // namespace a360
