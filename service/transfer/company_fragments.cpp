// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/company_fragments.h"

#include "core/bytes.h"

namespace a360::transfer {

namespace {

constexpr size_t kCacheBytes = 24 * 1024 * 1024;
constexpr size_t kEntryOverhead = 256; // map node, list node and vectors of one entry, about

Result<QByteArray> exportSnapshot(db::Lease &lease)
{
    const db::Sql sql(db::Dialect::PostgreSql, "SELECT pg_export_snapshot()");
    A360_TRY_ASSIGN(const db::RowBatch rows, lease.query(sql, {db::ColumnType::Text}));
    return bytesOf(rows.cell(0, 0).text());
}

} // namespace

CompanyFragments::CompanyFragments(db::Lease lease, std::shared_ptr<const contacts::SchemaInfo> schema,
                                   std::vector<const contacts::PhysicalColumn *> columns, CancelToken cancel)
    : m_lease(std::move(lease)), m_schema(std::move(schema)), m_columns(std::move(columns)), m_cancel(std::move(cancel))
{
    // Each side joins the contact's company_id by itself, as the joined plan does.
    m_select = "SELECT wanted.id";
    m_types.push_back(db::ColumnType::Text);
    for (const contacts::PhysicalColumn *column : m_columns) {
        m_select += m_schema->has(*column)
            ? ", " + bytesOf(contacts::tableAlias(column->table)) + '.' + bytesOf(column->name)
            : QByteArray(", NULL");
        m_types.push_back(column->type);
    }
    m_select += " FROM unnest(";
}

Result<std::unique_ptr<CompanyFragments>> CompanyFragments::open(db::ConnectionPool &pool, db::Lease &exporting,
                                                                 std::shared_ptr<const contacts::SchemaInfo> schema,
                                                                 std::vector<const contacts::PhysicalColumn *> columns,
                                                                 const CancelToken &cancel)
{
    A360_TRY_ASSIGN(const QByteArray snapshot, exportSnapshot(exporting));
    // Two exports that each hold one connection and wait for a second would wait for ever: take it now or do without.
    A360_TRY_ASSIGN(db::Lease lease, pool.tryLease(db::Lane::Bulk, "companies of an export"));
    // Not begin(): that runs a statement of its own, and a snapshot can only be taken over before the first one.
    A360_TRY(lease.executeScript("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '" + snapshot
                                 + "'"));
    return std::unique_ptr<CompanyFragments>(
        new CompanyFragments(std::move(lease), std::move(schema), std::move(columns), cancel));
}

Result<void> CompanyFragments::prepare(const std::vector<std::string_view> &uuids)
{
    shrink();
    db::TextList missing;
    for (const std::string_view uuid : uuids) {
        const auto known = m_companies.find(uuid);
        if (known != m_companies.end()) {
            m_byAge.splice(m_byAge.begin(), m_byAge, known->second.age);
            continue;
        }
        insert(uuid, {}, -1); // also keeps a uuid from being asked for twice, and remembers that a company is missing
        missing.push_back(bytesOf(uuid));
    }
    return missing.empty() ? Result<void>() : fetch(std::move(missing));
}

Result<void> CompanyFragments::fetch(db::TextList missing)
{
    db::Sql sql(db::Dialect::PostgreSql, m_select);
    sql.bind(std::move(missing))
        .raw(") AS wanted(id) LEFT JOIN companies co ON co.uuid = wanted.id LEFT JOIN companies_metadata com ON com.uuid = "
             "wanted.id");
    db::QueryOptions options;
    options.cancel = m_cancel;
    A360_TRY_ASSIGN(const db::RowBatch rows, m_lease.query(sql, m_types, options));
    for (qsizetype row = 0; row < rows.rowCount(); ++row)
        insert(rows.cell(row, 0).text(), rows, row);
    return {};
}

void CompanyFragments::insert(std::string_view uuid, const db::RowBatch &rows, qsizetype row)
{
    auto found = m_companies.find(uuid);
    if (found == m_companies.end()) {
        found = m_companies.emplace(std::string(uuid), Entry{}).first;
        m_byAge.push_front(found->first);
        found->second.age = m_byAge.begin();
        m_bytes += kEntryOverhead + uuid.size();
    }
    if (row < 0)
        return;
    db::RowBatch &kept = found->second.row;
    kept = db::RowBatch(std::vector<db::ColumnType>(m_types.begin() + 1, m_types.end()));
    for (int column = 1; column < rows.columnCount(); ++column)
        kept.appendCell(rows.cell(row, column));
    m_bytes += kept.byteCount() + m_columns.size() * sizeof(db::Cell);
}

void CompanyFragments::shrink()
{
    while (m_bytes > kCacheBytes && !m_byAge.empty()) {
        const auto oldest = m_companies.find(m_byAge.back());
        m_bytes -= kEntryOverhead + oldest->first.size() + oldest->second.row.byteCount();
        if (oldest->second.row.rowCount() > 0)
            m_bytes -= m_columns.size() * sizeof(db::Cell);
        m_byAge.pop_back();
        m_companies.erase(oldest);
    }
}

const db::RowBatch *CompanyFragments::find(std::string_view uuid) const
{
    const auto found = m_companies.find(uuid);
    return found == m_companies.end() || found->second.row.rowCount() == 0 ? nullptr : &found->second.row;
}

} // namespace a360::transfer
