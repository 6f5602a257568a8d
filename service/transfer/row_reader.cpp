// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/row_reader.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>

namespace a360::transfer {

namespace {

/// In order of the primary key, a short first slice comes straight from the index, so that the reader has rows at once;
/// the rest is one statement, which the server joins by hash and sorts in parallel (measured: 0.7 of the time of the
/// unordered plan, where slices of 20,000 rows with their joins by index took 2.6).
constexpr qint64 kFirstSliceRows = 2000;
constexpr int kMaxAttempts = 5;
constexpr std::chrono::milliseconds kFirstDelay{100}, kLongestDelay{5000};

bool orderedByIdOnly(const contacts::Query &query)
{
    return query.order.size() == 1 && !query.order.front().column;
}

} // namespace

RowReader::RowReader(db::ConnectionPool &pool, std::shared_ptr<const contacts::SchemaInfo> schema,
                     RowReaderOptions options, CancelToken cancel)
    : m_pool(pool), m_schema(std::move(schema)), m_options(std::move(options)), m_cancel(std::move(cancel)),
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
        if (!outcome.error().isTransient() || !m_options.resume || attempt >= kMaxAttempts)
            return outcome;
        A360_TRY(waitBeforeRetry(attempt++));
    }
}

Result<void> RowReader::readSnapshot(const Deliver &deliver)
{
    A360_TRY_ASSIGN(db::Lease lease, m_pool.lease(db::Lane::Bulk, m_cancel));
    A360_TRY(lease.begin(db::TransactionMode::ReadSnapshot));
    if (lease.dialect() == db::Dialect::PostgreSql) // for the hash joins and the sort; gone with the transaction
        A360_TRY(lease.executeScript("SET LOCAL work_mem = '64MB'"));
    A360_TRY_ASSIGN(const QString name, snapshotName(lease));
    m_snapshots.push_back({name, m_rows + 1, m_rows});
    for (bool more = true; more && !m_stopped;) {
        A360_TRY(m_cancel.check());
        A360_TRY_ASSIGN(more, readSlice(lease, deliver));
    }
    return lease.commit();
}

Result<bool> RowReader::readSlice(db::Lease &lease, const Deliver &deliver)
{
    contacts::Slice slice;
    slice.after = m_last;
    slice.limit = sliceRows();
    if (slice.limit == 0)
        return false;
    const contacts::SqlCompiler compiler(*m_schema);
    A360_TRY_ASSIGN(const db::Sql sql, compiler.select(m_options.query, m_options.columns, slice));
    A360_TRY_ASSIGN(auto stream, lease.stream(sql, m_types, m_cancel));
    qint64 got = 0;
    for (;;) {
        A360_TRY_ASSIGN(const bool any, stream->next(*m_batch));
        if (!any)
            break;
        A360_TRY(m_cancel.check());
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

Result<QString> RowReader::snapshotName(db::Lease &lease) const
{
    if (lease.dialect() == db::Dialect::Sqlite)
        return QStringLiteral("sqlite");
    const db::Sql sql(lease.dialect(), "SELECT pg_current_snapshot()::text");
    A360_TRY_ASSIGN(const db::RowBatch rows, lease.query(sql, {db::ColumnType::Text}));
    return QString::fromUtf8(rows.cell(0, 0).data, rows.cell(0, 0).size);
}

Result<void> RowReader::waitBeforeRetry(int attempt) const
{
    // Exponential, capped, with jitter: many exports that lost the same server must not come back in step.
    const auto longest = std::min(kLongestDelay, kFirstDelay * (1 << attempt));
    thread_local std::minstd_rand random{std::random_device{}()};
    const auto delay = std::chrono::milliseconds(
        std::uniform_int_distribution<qint64>(longest.count() / 2, longest.count())(random));
    std::mutex mutex;
    std::condition_variable wake;
    const auto registration = m_cancel.onCancel([&] {
        std::lock_guard lock(mutex);
        wake.notify_all();
    });
    std::unique_lock lock(mutex);
    wake.wait_for(lock, delay, [&] { return m_cancel.isCancelled(); });
    return m_cancel.check();
}

} // namespace a360::transfer
