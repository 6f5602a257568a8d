// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/sql_compiler.h"
#include "core/cancel_token.h"
#include "db/read_router.h"
#include "transfer/company_fragments.h"

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
    /// Read companies once each over a second connection in the same snapshot, where the query allows it (decision 28).
    bool companiesApart = false;
    qsizetype batchRows = 4096; ///< most rows of a batch (STREAMING_BATCH_SIZE)
};

/// Reads a query's rows in its total order, from one snapshot where nothing breaks, and hands them on in batches.
/// Runs in the calling thread.
class RowReader
{
public:
    /// Takes a batch (its columns are those of SqlCompiler::select()); returns an empty one to fill, or nullptr to stop.
    using Deliver = std::function<std::unique_ptr<db::RowBatch>(std::unique_ptr<db::RowBatch>)>;

    RowReader(const db::ReadPools &pools, std::shared_ptr<const contacts::SchemaInfo> schema, RowReaderOptions options,
              CancelToken cancel);

    Result<void> run(const Deliver &deliver);

    qint64 rowsDelivered() const { return m_rows; }
    /// Ranges follow one another without a gap; only the last one may be without rows (lastRow < firstRow).
    const std::vector<SnapshotRange> &snapshots() const { return m_snapshots; }
    /// Batches of the right shape for Deliver to hand back.
    std::unique_ptr<db::RowBatch> makeBatch() const;

    /// True when the last snapshot was read with companies apart (decision 28).
    bool usedFragments() const { return m_fragments != nullptr; }

private:
    /// Where an output column comes from when companies are read apart: positions in the contact row and among the
    /// fragment columns, -1 where there is none; the first one that is not NULL, company side first, is the cell.
    struct Split
    {
        int company = -1, companyFallback = -1, contact = -1, contactFallback = -1;
    };
    Result<void> readSnapshot(const Deliver &deliver);
    /// A failed attempt that brought no row is no part of the result. One that ended well is, even without rows: that
    /// nothing follows is what its snapshot says.
    void dropAttemptWithoutRows();
    Result<bool> readSlice(db::Lease &lease, const Deliver &deliver);
    void openFragments(db::Lease &lease);
    bool worthFragments(const db::Lease &lease) const;
    void splitColumns(std::vector<const contacts::PhysicalColumn *> &companyColumns);
    Result<void> addCompanies(const db::RowBatch &contactRows);
    Result<QString> snapshotName(db::Lease &lease) const;
    qint64 sliceRows() const;

    const db::ReadPools m_pools;
    db::ReadTarget m_from; ///< where the present snapshot is read
    std::shared_ptr<const contacts::SchemaInfo> m_schema;
    const RowReaderOptions m_options;
    const CancelToken m_cancel;
    const std::vector<db::ColumnType> m_types;

    std::unique_ptr<CompanyFragments> m_fragments;
    std::vector<Split> m_splits;                         ///< one per output column
    std::vector<contacts::OutputColumn> m_contactColumns; ///< with fragments: what the contact select yields
    db::RowBatch m_contactRows;
    std::unique_ptr<db::RowBatch> m_batch;
    std::optional<contacts::Keyset> m_last; ///< place of the last delivered row
    qint64 m_rows = 0;
    bool m_stopped = false;                 ///< Deliver wants no more
    std::vector<SnapshotRange> m_snapshots;
};

} // namespace a360::transfer
