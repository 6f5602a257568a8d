// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/sql_compiler.h"
#include "core/cancel_token.h"
#include "db/connection_pool.h"

#include <functional>
#include <memory>

namespace a360::transfer {

/// Rows read from one snapshot: the server's name of it ("sqlite" where there is none) and the rows, from 1.
struct SnapshotRange
{
    QString snapshot;
    qint64 firstRow = 0, lastRow = 0;
};

struct RowReaderOptions
{
    contacts::Query query;
    std::vector<contacts::OutputColumn> columns;
    qint64 maxRows = -1;
    bool resume = true; ///< go on behind the last delivered row after a transient error (decision 27)
};

/// Reads a query's rows in its total order, from one snapshot where nothing breaks, and hands them on in batches.
/// Runs in the calling thread.
class RowReader
{
public:
    /// Takes a batch (its columns are those of SqlCompiler::select()); returns an empty one to fill, or nullptr to stop.
    using Deliver = std::function<std::unique_ptr<db::RowBatch>(std::unique_ptr<db::RowBatch>)>;

    RowReader(db::ConnectionPool &pool, std::shared_ptr<const contacts::SchemaInfo> schema, RowReaderOptions options,
              CancelToken cancel);

    Result<void> run(const Deliver &deliver);

    qint64 rowsDelivered() const { return m_rows; }
    const std::vector<SnapshotRange> &snapshots() const { return m_snapshots; }
    /// Batches of the right shape for Deliver to hand back.
    std::unique_ptr<db::RowBatch> makeBatch() const;

private:
    Result<void> readSnapshot(const Deliver &deliver);
    Result<bool> readSlice(db::Lease &lease, const Deliver &deliver);
    Result<QString> snapshotName(db::Lease &lease) const;
    qint64 sliceRows() const;
    Result<void> waitBeforeRetry(int attempt) const;

    db::ConnectionPool &m_pool;
    std::shared_ptr<const contacts::SchemaInfo> m_schema;
    const RowReaderOptions m_options;
    const CancelToken m_cancel;
    const std::vector<db::ColumnType> m_types;

    std::unique_ptr<db::RowBatch> m_batch;
    std::optional<contacts::Keyset> m_last; ///< place of the last delivered row
    qint64 m_rows = 0;
    bool m_stopped = false;                 ///< Deliver wants no more
    std::vector<SnapshotRange> m_snapshots;
};

} // namespace a360::transfer
