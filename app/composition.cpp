// SPDX-License-Identifier: GPL-3.0-or-later
#include "composition.h"

#include "cache/redis_backend.h"
#include "parallel/parallel_options.h"

#include <QDir>
#include <QFileInfo>

namespace a360::app {

namespace {

db::ResetOnReturn resetOnReturn(const QString &name)
{
    if (name == u"commit")
        return db::ResetOnReturn::Commit;
    return name == u"none" ? db::ResetOnReturn::None : db::ResetOnReturn::Rollback;
}

bool migrates(Access access)
{
    return access == Access::Migrate || access == Access::Serve;
}

Result<void> prepareSqliteFile(const QString &path, Access access)
{
    const QFileInfo file(path);
    if (!migrates(access) && !file.exists()) {
        return makeError(ErrorCode::NotFound,
                         QStringLiteral("There is no database %1 yet; `a360 import FILE` makes one.").arg(path),
                         QStringLiteral("DATABASE_URL"));
    }
    if (!file.exists() && !QDir().mkpath(file.absolutePath())) {
        return makeError(ErrorCode::PermissionDenied,
                         QStringLiteral("Cannot make the folder %1 for the database.").arg(file.absolutePath()),
                         QStringLiteral("DATABASE_URL"));
    }
    return {};
}

/// The query cache's share of the settings. REDIS_URL is looked at here, so that a wrong one is told at once; the server
/// itself may come later.
Result<CacheOptions> cacheOptions(const Settings &settings)
{
    CacheOptions options;
    options.enabled = settings.flag("ENABLE_QUERY_CACHING");
    options.ttl = std::chrono::seconds(settings.integer("QUERY_CACHE_TTL"));
    options.maxEntries = settings.integer("CACHE_MAX_SIZE");
    if (!settings.flag("ENABLE_REDIS_CACHE"))
        return options;
    A360_TRY_ASSIGN(const cache::RedisUrl url, cache::RedisUrl::parse(settings.text("REDIS_URL")));
    options.farTier = [url] { return std::make_unique<cache::RedisBackend>(url); };
    return options;
}

/// Of a program that ends with its work nobody asks for statistics, and on a terminal an import's own long statements are no
/// news: there only the echo is left.
std::optional<db::QueryMonitorOptions> queryMonitorOptions(const Settings &settings, Access access)
{
    db::QueryMonitorOptions options;
    options.statistics = access == Access::Serve && settings.flag("ENABLE_QUERY_MONITORING");
    options.slow = std::chrono::duration<double>(settings.decimal("SLOW_QUERY_THRESHOLD"));
    options.echo = settings.flag("DATABASE_ECHO");
    return options.statistics || options.echo ? std::make_optional(options) : std::nullopt;
}

Result<std::optional<db::ReplicaOptions>> replicaOptions(const Settings &settings, const db::PoolSettings &pool)
{
    if (!settings.flag("USE_REPLICA"))
        return std::optional<db::ReplicaOptions>();
    db::ReplicaOptions options;
    const QString text = settings.text("DATABASE_REPLICA_URL");
    const Result<db::DatabaseUrl> url = db::DatabaseUrl::parse(text);
    if (!url && !text.isEmpty())
        return makeError(ErrorCode::InvalidArgument, QStringLiteral("DATABASE_REPLICA_URL: %1").arg(url.error().message),
                         QStringLiteral("DATABASE_REPLICA_URL"));
    if (!url || url->dialect != db::Dialect::PostgreSql) {
        return makeError(ErrorCode::InvalidArgument,
                         QStringLiteral("USE_REPLICA needs DATABASE_REPLICA_URL, the postgresql:// address of a standby."),
                         QStringLiteral("DATABASE_REPLICA_URL"));
    }
    options.url = *url;
    options.pool = pool;
    options.mostLag =
        std::chrono::milliseconds(static_cast<qint64>(settings.decimal("DATABASE_REPLICA_MAX_LAG") * 1000.0));
    return std::make_optional(std::move(options));
}

transfer::TransferPace transferPace(const Settings &settings)
{
    const parallel::ParallelOptions threads = parallel::ParallelOptions::from(settings);
    transfer::TransferPace pace;
    pace.batchRows = settings.integer("STREAMING_BATCH_SIZE");
    pace.chunkBytes = settings.integer("STREAMING_CHUNK_SIZE");
    pace.workers = threads.clamped(threads.workers);
    return pace;
}

} // namespace

Result<ServiceOptions> serviceOptions(const Settings &settings, Access access)
{
    ServiceOptions options;
    A360_TRY_ASSIGN(options.database, db::DatabaseUrl::parse(settings.text("DATABASE_URL")));
    options.pool.size = static_cast<int>(settings.integer("DATABASE_POOL_SIZE"));
    options.pool.maxOverflow = static_cast<int>(settings.integer("DATABASE_MAX_OVERFLOW"));
    options.pool.timeout = std::chrono::seconds(settings.integer("DATABASE_POOL_TIMEOUT"));
    options.pool.recycle = std::chrono::seconds(settings.integer("DATABASE_POOL_RECYCLE"));
    options.pool.prePing = settings.flag("DATABASE_POOL_PRE_PING");
    options.pool.resetOnReturn = resetOnReturn(settings.text("DATABASE_POOL_RESET_ON_RETURN"));
    options.pool.monitoring = access == Access::Serve && settings.flag("ENABLE_POOL_MONITORING");
    options.pool.monitoringInterval = std::chrono::seconds(settings.integer("POOL_MONITORING_INTERVAL"));
    options.pool.readOnly = access == Access::ReadOnly;
    options.migrate = migrates(access);
    A360_TRY_ASSIGN(options.replica, replicaOptions(settings, options.pool));
    A360_TRY_ASSIGN(options.cache, cacheOptions(settings));
    options.queries = queryMonitorOptions(settings, access);
    options.stays = access == Access::Serve;
    options.tasks = tasks::TaskOptions::from(settings);
    options.pace = transferPace(settings);
    return options;
}

Result<std::unique_ptr<Service>> openService(const Settings &settings, Access access, CancelToken cancel)
{
    A360_TRY_ASSIGN(const ServiceOptions options, serviceOptions(settings, access));
    if (options.database.dialect == db::Dialect::Sqlite)
        A360_TRY(prepareSqliteFile(options.database.path, access));
    return Service::open(options, std::move(cancel));
}

} // namespace a360::app
