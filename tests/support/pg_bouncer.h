// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "db/database_url.h"

#include <QProcess>
#include <QTemporaryDir>

#include <memory>

namespace a360::test {

/// A PgBouncer in transaction mode in front of the server of a database URL, with `poolSize` server connections. Ends
/// with the object.
class PgBouncer
{
public:
    static Result<std::unique_ptr<PgBouncer>> start(const db::DatabaseUrl &server, int poolSize);
    ~PgBouncer();
    PgBouncer(const PgBouncer &) = delete;
    PgBouncer &operator=(const PgBouncer &) = delete;

    /// The same database, through PgBouncer.
    const db::DatabaseUrl &url() const { return m_url; }

private:
    PgBouncer() = default;
    QTemporaryDir m_folder;
    QProcess m_process;
    db::DatabaseUrl m_url;
};

} // namespace a360::test
