// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/row_reader.h"

#include "transfer/retry_delay.h"

#include <algorithm>

namespace a360::transfer {

namespace {

/// In order of the primary key, a short first slice comes straight from the index, so that the reader has rows at once;
/// the rest is one statement, which the server joins by hash and sorts in parallel (measured: 0.7 of the time of the
/// unordered plan, where slices of 20,000 rows with their joins by index took 2.6).
constexpr qint64 kFirstSliceRows = 2000;
/// With companies apart each batch costs a round trip for those not seen yet.
constexpr size_t kBatchBytes = 256 * 1024;
constexpr size_t kFragmentBatchBytes = 1024 * 1024;
/// A database that answers nothing is told of soon; one that was read from may be restarting (about 16 s of waits).
constexpr int kMaxAttempts = 5, kMaxAttemptsOnTheWay = 9;

bool isCompany(const contacts::PhysicalColumn *column)
{
    return column && (column->table == contacts::Table::Companies || column->table == contacts::Table::CompaniesMetadata);
}

bool orderedByIdOnly(const contacts::Query &query)
{
    return query.order.size() == 1 && !query.order.front().column;
}

} // namespace

RowReader::RowReader(const db::ReadPools &pools, std::shared_ptr<const contacts::SchemaInfo> schema,
                     RowReaderOptions options, CancelToken cancel)
    : m_pools(pools), m_schema(std::move(schema)), m_options(std::move(options)), m_cancel(std::move(cancel)),
      m_types(contacts::SqlCompiler(*m_schema).resultTypes(m_options.query, m_options.columns))
{
}

std::unique_ptr<db::RowBatch> RowReader::makeBatch() const
{
    return std::make_unique<db::RowBatch>(m_types);
}

Result<void> RowReader::run(const Deliver &deliver)
{
    m_batch = makeBatch();
    for (int attempt = 1;;) {
        const qint64 rowsBefore = m_rows;
        const Result<void> outcome = readSnapshot(deliver);
        if (outcome.ok())
            return {};
        if (m_cancel.isCancelled())
            return makeError(ErrorCode::Cancelled, QStringLiteral("Cancelled."));
        if (m_rows > rowsBefore)
            attempt = 1;
        if (!outcome.error().isTransient() || !m_options.resume || attempt >= (m_rows > 0 ? kMaxAttemptsOnTheWay : kMaxAttempts))
            return outcome;
        m_pools.failed(m_from, outcome.error());
        A360_TRY(waitBeforeRetry(attempt++, m_cancel));
    }
}

Result<void> RowReader::readSnapshot(const Deliver &deliver)
{
    A360_TRY_ASSIGN(db::Lease lease, m_pools.lease(db::Lane::Bulk, m_cancel, m_from));
    A360_TRY(lease.begin(db::TransactionMode::ReadSnapshot));
    if (lease.dialect() == db::Dialect::PostgreSql) // for the hash joins and the sort; gone with the transaction
        A360_TRY(lease.executeScript("SET LOCAL work_mem = '64MB'"));
    A360_TRY_ASSIGN(const QString name, snapshotName(lease));
    dropAttemptWithoutRows();
    m_snapshots.push_back({name, m_rows + 1, m_rows});
    openFragments(lease);
    for (bool more = true; more && !m_stopped;) {
        A360_TRY(m_cancel.check());
        A360_TRY_ASSIGN(more, readSlice(lease, deliver));
    }
    return lease.commit();
}

void RowReader::dropAttemptWithoutRows()
{
    if (!m_snapshots.empty() && m_snapshots.back().lastRow < m_snapshots.back().firstRow)
        m_snapshots.pop_back();
}

Result<bool> RowReader::readSlice(db::Lease &lease, const Deliver &deliver)
{
    contacts::Slice slice;
    slice.after = m_last;
    slice.limit = sliceRows();
    if (slice.limit == 0)
        return false;
    const contacts::SqlCompiler compiler(*m_schema);
    const auto &columns = m_fragments ? m_contactColumns : m_options.columns;
    A360_TRY_ASSIGN(const db::Sql sql, compiler.select(m_options.query, columns, slice));
    A360_TRY_ASSIGN(auto stream, lease.stream(sql, compiler.resultTypes(m_options.query, columns), m_cancel));
    qint64 got = 0;
    for (;;) {
        A360_TRY_ASSIGN(const bool any, m_fragments ? stream->next(m_contactRows, kFragmentBatchBytes, m_options.batchRows)
                                                    : stream->next(*m_batch, kBatchBytes, m_options.batchRows));
        if (!any)
            break;
        A360_TRY(m_cancel.check());
        if (m_fragments)
            A360_TRY(addCompanies(m_contactRows));
        const qsizetype rows = m_batch->rowCount();
        m_last = contacts::keysetOf(*m_batch, rows - 1, m_options.query);
        got += rows;
        m_rows += rows;
        m_snapshots.back().lastRow = m_rows;
        m_batch = deliver(std::move(m_batch));
        if (!m_batch) {
            m_stopped = true;
            m_batch = makeBatch();
            return false;
        }
    }
    return slice.limit > 0 && got == slice.limit;
}

qint64 RowReader::sliceRows() const
{
    const qint64 left = m_options.maxRows < 0 ? -1 : m_options.maxRows - m_rows;
    if (m_last || !orderedByIdOnly(m_options.query))
        return left;
    return left < 0 ? kFirstSliceRows : std::min(left, kFirstSliceRows);
}

// ---- companies apart

bool RowReader::worthFragments(const db::Lease &lease) const
{
    const bool all = m_options.maxRows < 0 || m_options.maxRows > kFirstSliceRows;
    const bool anyCompanyColumn = std::any_of(m_options.columns.begin(), m_options.columns.end(), [](const auto &c) {
        return isCompany(c.source) || isCompany(c.fallback);
    });
    return m_options.companiesApart && all && anyCompanyColumn && lease.dialect() == db::Dialect::PostgreSql
        && m_options.query.entity == contacts::Entity::Contact && !m_options.query.filtersCompanies();
}

void RowReader::openFragments(db::Lease &lease)
{
    m_fragments.reset();
    if (!worthFragments(lease))
        return;
    std::vector<const contacts::PhysicalColumn *> companyColumns;
    splitColumns(companyColumns);
    auto opened = CompanyFragments::open(*m_from.pool, lease, m_schema, std::move(companyColumns), m_cancel);
    if (opened.ok()) // otherwise the database joins, as it always can
        m_fragments = std::move(*opened);
}

void RowReader::splitColumns(std::vector<const contacts::PhysicalColumn *> &companyColumns)
{
    m_splits.clear();
    m_contactColumns.clear();
    const auto place = [&](const contacts::PhysicalColumn *column, int &company, int &contact) {
        if (!column)
            return;
        if (isCompany(column)) {
            company = static_cast<int>(companyColumns.size());
            companyColumns.push_back(column);
        } else {
            contact = static_cast<int>(m_contactColumns.size());
            m_contactColumns.push_back({{}, column->type, column, nullptr, {}});
        }
    };
    for (const contacts::OutputColumn &column : m_options.columns) {
        Split split;
        place(column.source, split.company, split.contact);
        place(column.fallback, split.companyFallback, split.contactFallback);
        m_splits.push_back(split);
    }
    const auto *companyId = contacts::findPhysicalColumn(contacts::Table::Contacts, "company_id");
    m_contactColumns.push_back({{}, db::ColumnType::Text, companyId, nullptr, {}});
    m_contactRows = db::RowBatch(contacts::SqlCompiler(*m_schema).resultTypes(m_options.query, m_contactColumns));
}

Result<void> RowReader::addCompanies(const db::RowBatch &contactRows)
{
    const int companyId = static_cast<int>(m_contactColumns.size()) - 1;
    std::vector<std::string_view> uuids;
    for (qsizetype row = 0; row < contactRows.rowCount(); ++row) {
        if (const db::Cell id = contactRows.cell(row, companyId); !id.isNull())
            uuids.push_back(id.text());
    }
    A360_TRY(m_fragments->prepare(uuids));
    m_batch->clear();
    const auto companyCell = [](const db::RowBatch *company, int column) {
        return company ? company->cell(0, column) : db::Cell();
    };
    const auto contactCell = [&](qsizetype row, int column) {
        return column < 0 ? db::Cell() : contactRows.cell(row, column);
    };
    for (qsizetype row = 0; row < contactRows.rowCount(); ++row) {
        const db::RowBatch *company = m_fragments->find(contactRows.cell(row, companyId).text());
        for (const Split &split : m_splits) {
            db::Cell cell = split.company >= 0 ? companyCell(company, split.company) : contactCell(row, split.contact);
            if (cell.isNull() || cell.text() == "_") {
                if (split.companyFallback >= 0)
                    cell = companyCell(company, split.companyFallback);
                else if (split.contactFallback >= 0)
                    cell = contactCell(row, split.contactFallback);
            }
            m_batch->appendCell(cell);
        }
        for (int key = companyId + 1; key < contactRows.columnCount(); ++key)
            m_batch->appendCell(contactRows.cell(row, key));
    }
    return {};
}

Result<QString> RowReader::snapshotName(db::Lease &lease) const
{
    if (lease.dialect() == db::Dialect::Sqlite)
        return QStringLiteral("sqlite");
    const db::Sql sql(lease.dialect(), "SELECT pg_current_snapshot()::text");
    A360_TRY_ASSIGN(const db::RowBatch rows, lease.query(sql, {db::ColumnType::Text}));
    return QString::fromUtf8(rows.cell(0, 0).data, rows.cell(0, 0).size);
}

} // namespace a360::transfer
