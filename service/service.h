// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/repository.h"
#include "db/connection_pool.h"
#include "db/migrations.h"

#include <memory>

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
    const contacts::Repository &repository() const { return *m_repository; }
    std::shared_ptr<const contacts::SchemaInfo> schema() const { return m_schema; }
    const db::MigrationReport &migrationReport() const { return m_migration; }
    /// After an import has created indexes or changed statistics.
    Result<void> reloadSchema();

private:
    Service() = default;
    std::unique_ptr<db::ConnectionPool> m_pool;
    db::MigrationReport m_migration;
    std::shared_ptr<const contacts::SchemaInfo> m_schema;
    std::unique_ptr<contacts::Repository> m_repository;
};

} // namespace a360
