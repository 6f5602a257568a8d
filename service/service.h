// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/repository.h"
#include "db/connection_pool.h"
#include "db/index_creation.h"
#include "db/migrations.h"

#include <memory>
#include <mutex>

namespace a360 {

struct ServiceOptions
{
    db::DatabaseUrl database;
    db::PoolSettings pool;
    /// Bring the schema up to date while opening (import, serve, token, the window). Off for export, count and the
    /// like, which never create or migrate (decision 19).
    bool migrate = false;
};

/// One open database with everything that works on it. Owns its parts; destruction runs in reverse order of the
/// members. open() blocks (network, disk): the window calls it from a worker thread.
class Service
{
public:
    static Result<std::unique_ptr<Service>> open(const ServiceOptions &options, CancelToken cancel = {});

    db::ConnectionPool &pool() { return *m_pool; }
    /// What is known of the schema at this moment, one immutable whole. A call takes it once, at its start, and keeps it
    /// whatever reloadSchema() does meanwhile. Thread-safe.
    std::shared_ptr<const contacts::SchemaInfo> schema() const;
    /// Reads with the schema of this moment.
    contacts::Repository repository() const { return contacts::Repository(schema()); }
    const db::MigrationReport &migrationReport() const { return m_migration; }
    /// After something has created indexes or changed statistics. Thread-safe; what runs already keeps what it started
    /// with.
    Result<void> reloadSchema(CancelToken cancel = {});
    /// Makes the indexes this database lacks (db/index_creation.h); from then on searches use them, also those of a server
    /// that is running.
    Result<db::IndexCreation> createMissingIndexes(ProgressCounter &progress, const CancelToken &cancel);

private:
    Service() = default;
    std::unique_ptr<db::ConnectionPool> m_pool;
    db::MigrationReport m_migration;
    mutable std::mutex m_schemaMutex;
    std::shared_ptr<const contacts::SchemaInfo> m_schema; // guarded by m_schemaMutex
};

} // namespace a360
