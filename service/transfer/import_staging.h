// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancel_token.h"
#include "db/lease.h"
#include "transfer/import_parser.h"
#include "transfer/staging_file.h"

namespace a360::transfer {

/// The rows of one import on their way into the data tables: an unlogged table on PostgreSQL, a table in an attached
/// file beside the database on SQLite (decision 25). Dropped by the destructor. Works on one lease, in one thread.
class ImportStaging
{
public:
    /// Removes what dead imports left behind, then creates this import's table.
    static Result<std::unique_ptr<ImportStaging>> create(db::Lease &lease, const ImportPlan &plan, const CancelToken &cancel);
    /// Drops it. After a cancellation a PostgreSQL server does that alone, as it may take seconds; the lease is given up then.
    ~ImportStaging();
    ImportStaging(const ImportStaging &) = delete;
    ImportStaging &operator=(const ImportStaging &) = delete;

    /// Starts the load; rows then come through append(), in file order, and seal() ends it.
    Result<void> beginLoad(const CancelToken &cancel);
    Result<void> append(const ParsedChunk &chunk);
    /// Ends the load, finds rows of existing contacts for `--match`, marks duplicates (decision 4) and makes the rows
    /// findable by number. Returns the number of duplicates.
    Result<qint64> seal(const CancelToken &cancel);

    const QByteArray &table() const { return m_table; } ///< as to be written in SQL
    qint64 lastRow() const { return m_lastRow; }        ///< greatest record number staged

private:
    ImportStaging(db::Lease &lease, const ImportPlan &plan, const CancelToken &cancel);
    Result<void> createTable();
    Result<void> resolveMatches(const CancelToken &cancel);
    Result<void> run(const QByteArray &sql, const CancelToken &cancel);
    bool isPostgres() const { return m_lease.dialect() == db::Dialect::PostgreSql; }

    db::Lease &m_lease;
    const ImportPlan &m_plan;
    const CancelToken m_cancel;
    QByteArray m_table;
    std::unique_ptr<StagingFile> m_file; ///< SQLite: the attached one
    std::unique_ptr<db::BulkLoad> m_load;
    db::RowBatch m_batch;
    qint64 m_lastRow = 0;
    /// Companies whose values were sent already: a table of fixed size indexed by key, so that memory stays flat; a
    /// collision only means that the same values are sent again.
    std::vector<CompanyDigest> m_sent;
};

} // namespace a360::transfer
