// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/repository.h"

#include "contacts/search_scan.h"

#include <QRegularExpression>

namespace a360::contacts {

namespace {

using db::ColumnType;
using db::Sql;

// SQLite has no statistics of filters: it counts up to here and extrapolates from there.
constexpr qint64 countedExactly = 100'000;
// A search without indexes must not occupy the database for long (decision 16).
constexpr std::chrono::seconds longestScan{5};

using ScanReason = std::optional<QString>;

db::QueryOptions optionsFor(const Query &query, const ScanReason &scan, const CancelToken &cancel)
{
    db::QueryOptions options;
    options.cancel = cancel;
    options.withoutJit = !query.filters.empty();
    if (scan)
        options.timeout = longestScan;
    return options;
}

/// A scan that ran out of time says why.
Error explained(const Error &error, const ScanReason &scan)
{
    return scan && error.code == ErrorCode::Timeout ? searchTimeout(*scan) : error;
}

Result<Count> plannersFigure(db::Lease &lease, const Sql &ids, const db::QueryOptions &options)
{
    Sql explain(lease.dialect(), "EXPLAIN ");
    explain.append(ids);
    A360_TRY_ASSIGN(const db::RowBatch plan, lease.query(explain, {ColumnType::Text}, options));
    static const QRegularExpression rows(QStringLiteral(" rows=(\\d+)"));
    const std::string_view line = plan.rowCount() > 0 ? plan.cell(0, 0).text() : std::string_view();
    const auto match = rows.match(QString::fromUtf8(line.data(), static_cast<qsizetype>(line.size())));
    if (!match.hasMatch())
        return makeError(ErrorCode::Database, QStringLiteral("The database gave no estimate of the number of rows."));
    return Count{match.captured(1).toLongLong(), true};
}

Result<Count> extrapolated(db::Lease &lease, const Sql &upTo, Entity entity, const db::QueryOptions &options)
{
    A360_TRY_ASSIGN(const db::RowBatch counted, lease.query(upTo, {ColumnType::Integer, ColumnType::Integer}, options));
    const qint64 matches = counted.cell(0, 0).integer();
    if (matches <= countedExactly)
        return Count{matches, false};
    const std::string_view name = entityName(entity);
    Sql highest(lease.dialect(), "SELECT max(id) FROM ");
    highest.raw(QByteArrayView(name.data(), static_cast<qsizetype>(name.size())));
    A360_TRY_ASSIGN(const qint64 last, lease.queryInteger(highest, options));
    const qint64 reached = std::max<qint64>(counted.cell(0, 1).integer(), 1);
    const double share = static_cast<double>(last) / static_cast<double>(reached);
    return Count{static_cast<qint64>(static_cast<double>(matches) * share), true};
}

} // namespace

Result<Page> Repository::list(db::Lease &lease, const Query &query, const std::vector<OutputColumn> &columns,
                              const PageRequest &request, const CancelToken &cancel) const
{
    const SqlCompiler compiler(*m_schema);
    Slice slice = request.place;
    slice.limit = request.limit + 1; // one more tells whether rows follow
    A360_TRY_ASSIGN(const Sql select, compiler.select(query, columns, slice));
    Page page;
    const ScanReason scan = searchScanReason(*m_schema, query.filters);
    page.scannedWithoutIndex = scan.has_value();
    auto rows = lease.query(select, compiler.resultTypes(query, columns), optionsFor(query, scan, cancel));
    if (!rows.ok())
        return explained(rows.error(), scan);
    page.columns = columns;
    page.rows = std::move(rows).value();
    page.more = page.rows.rowCount() > request.limit;
    if (page.more)
        page.rows.dropLastRow();
    if (page.rows.rowCount() > 0) {
        page.first = keysetOf(page.rows, 0, query);
        page.last = keysetOf(page.rows, page.rows.rowCount() - 1, query);
    }
    return page;
}

Result<Count> Repository::count(db::Lease &lease, const Query &query, CountMode mode, const CancelToken &cancel) const
{
    const SqlCompiler compiler(*m_schema);
    const ScanReason scan = searchScanReason(*m_schema, query.filters);
    const db::QueryOptions options = optionsFor(query, scan, cancel);
    if (mode == CountMode::Exact) {
        A360_TRY_ASSIGN(const Sql count, compiler.count(query));
        const auto rows = lease.queryInteger(count, options);
        if (!rows.ok())
            return explained(rows.error(), scan);
        return Count{*rows, false};
    }
    if (m_schema->dialect == db::Dialect::PostgreSql) {
        A360_TRY_ASSIGN(const Sql ids, compiler.ids(query));
        return plannersFigure(lease, ids, options);
    }
    A360_TRY_ASSIGN(const Sql upTo, compiler.countUpTo(query, countedExactly + 1));
    auto counted = extrapolated(lease, upTo, query.entity, options);
    if (!counted.ok())
        return explained(counted.error(), scan);
    return counted;
}

Result<db::RowBatch> Repository::detail(db::Lease &lease, Entity entity, const QByteArray &uuid,
                                        const std::vector<OutputColumn> &columns, const CancelToken &cancel) const
{
    std::vector<ColumnType> types;
    for (const OutputColumn &column : columns)
        types.push_back(column.type);
    A360_TRY_ASSIGN(db::RowBatch row, lease.query(SqlCompiler(*m_schema).detail(entity, uuid, columns), types, {{}, cancel}));
    if (row.rowCount() == 0)
        return makeError(ErrorCode::NotFound, entity == Entity::Contact ? QStringLiteral("Contact not found")
                                                                        : QStringLiteral("Company not found"));
    return row;
}

} // namespace a360::contacts
