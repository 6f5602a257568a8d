// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/observed_statements.h"

namespace a360::db {

namespace {

class ObservedStream final : public RowStream
{
public:
    ObservedStream(std::unique_ptr<RowStream> stream, StatementWatch watch)
        : m_watch(std::move(watch)), m_stream(std::move(stream))
    {
    }
    Result<bool> next(RowBatch &batch, size_t byteBudget, qsizetype rowBudget) override
    {
        Result<bool> more = m_watch.timed([&] { return m_stream->next(batch, byteBudget, rowBudget); });
        if (more.ok() && *more)
            m_watch.addRows(batch.rowCount());
        else if (more.ok())
            m_watch.tell(nullptr);
        return more;
    }

private:
    StatementWatch m_watch;
    std::unique_ptr<RowStream> m_stream; // ends before the watch tells of it
};

class ObservedLoad final : public BulkLoad
{
public:
    ObservedLoad(std::unique_ptr<BulkLoad> load, StatementWatch watch) : m_watch(std::move(watch)), m_load(std::move(load)) {}
    Result<void> append(const RowBatch &batch) override
    {
        return m_watch.timed([&] { return m_load->append(batch); });
    }
    Result<qint64> finish() override
    {
        Result<qint64> rows = m_watch.timed([&] { return m_load->finish(); });
        if (rows.ok()) {
            m_watch.addRows(*rows);
            m_watch.tell(nullptr);
        }
        return rows;
    }

private:
    StatementWatch m_watch;
    std::unique_ptr<BulkLoad> m_load;
};

} // namespace

const char *statementKindName(StatementKind kind)
{
    switch (kind) {
    case StatementKind::Query: return "query";
    case StatementKind::Execute: return "execute";
    case StatementKind::Script: return "script";
    case StatementKind::Stream: return "stream";
    case StatementKind::BulkLoad: return "bulk_load";
    }
    return "";
}

std::unique_ptr<RowStream> observedStream(std::unique_ptr<RowStream> stream, StatementWatch watch)
{
    return std::make_unique<ObservedStream>(std::move(stream), std::move(watch));
}

std::unique_ptr<BulkLoad> observedLoad(std::unique_ptr<BulkLoad> load, StatementWatch watch)
{
    return std::make_unique<ObservedLoad>(std::move(load), std::move(watch));
}

} // namespace a360::db
