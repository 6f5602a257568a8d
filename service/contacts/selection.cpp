// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/selection.h"

#include "core/bytes.h"

#include <algorithm>

namespace a360::contacts {

namespace {

std::vector<const PhysicalColumn *> presentColumns(const SchemaInfo &schema, Table table)
{
    std::vector<const PhysicalColumn *> columns;
    for (const PhysicalColumn &column : physicalColumns(table)) {
        if (schema.has(column))
            columns.push_back(&column);
    }
    return columns;
}

} // namespace

LoadStrategy loadStrategyByName(QStringView name)
{
    return name == QLatin1String("joined") ? LoadStrategy::Joined : LoadStrategy::SelectIn;
}

Result<Selection> selectOnlyColumns(Query query, const QStringList &columns)
{
    Selection selection;
    A360_TRY_ASSIGN(selection.columns, columnsByName(query.entity, columns));
    selection.query = std::move(query);
    return selection;
}

Result<Selection> preventNPlusOne(Selection selection, const QStringList &relationships, QStringView strategy)
{
    selection.strategy = loadStrategyByName(strategy);
    const bool contact = selection.query.entity == Entity::Contact;
    for (const QString &name : relationships) {
        std::vector<Table> tables;
        if (name == QLatin1String("metadata"))
            tables = {contact ? Table::ContactsMetadata : Table::CompaniesMetadata};
        else if (name == QLatin1String("company") && contact)
            tables = {Table::Companies, Table::CompaniesMetadata};
        else
            return makeError(ErrorCode::InvalidArgument, QStringLiteral("There is no relationship '%1'.").arg(name), name);
        for (const Table table : tables) {
            if (std::find(selection.related.begin(), selection.related.end(), table) == selection.related.end())
                selection.related.push_back(table);
        }
    }
    return selection;
}

Result<LoadedRecords> loadSelection(db::Lease &lease, const SchemaInfo &schema, const Selection &selection,
                                    const PageRequest &request, const CancelToken &cancel)
{
    LoadedRecords loaded;
    std::vector<OutputColumn> columns = selection.columns;
    const Table main = selection.query.entity == Entity::Contact ? Table::Contacts : Table::Companies;
    for (const Table table : selection.related) {
        LoadedRecords::RelatedTable related;
        related.table = table;
        related.columns = presentColumns(schema, table);
        if (related.columns.empty())
            continue; // an adopted schema without this table
        if (selection.strategy == LoadStrategy::Joined) {
            related.firstColumn = static_cast<int>(columns.size());
            for (const PhysicalColumn *column : related.columns)
                columns.push_back({bytesOf(column->header), column->type, column, nullptr});
        } else {
            const bool ofCompany = main == Table::Contacts && table != Table::ContactsMetadata;
            const PhysicalColumn *key = findPhysicalColumn(main, ofCompany ? "company_id" : "uuid");
            related.keyColumn = static_cast<int>(columns.size());
            columns.push_back({bytesOf(key->header), key->type, key, nullptr});
        }
        loaded.m_related.push_back(std::move(related));
    }
    const SqlCompiler compiler(schema);
    Slice slice = request.place;
    slice.limit = request.limit;
    A360_TRY_ASSIGN(const db::Sql select, compiler.select(selection.query, columns, slice));
    db::QueryOptions options;
    options.cancel = cancel;
    options.withoutJit = !selection.query.filters.empty();
    A360_TRY_ASSIGN(loaded.m_rows, lease.query(select, compiler.resultTypes(selection.query, columns), options));
    for (LoadedRecords::RelatedTable &related : loaded.m_related) {
        if (related.keyColumn >= 0)
            A360_TRY(loaded.fetch(related, lease, cancel));
    }
    return loaded;
}

/// The related rows of all records at once.
Result<void> LoadedRecords::fetch(RelatedTable &related, db::Lease &lease, const CancelToken &cancel)
{
    db::TextList uuids;
    for (qsizetype row = 0; row < m_rows.rowCount(); ++row) {
        const db::Cell key = m_rows.cell(row, related.keyColumn);
        if (!key.isNull())
            uuids.emplace_back(key.data, key.size);
    }
    std::sort(uuids.begin(), uuids.end());
    uuids.erase(std::unique(uuids.begin(), uuids.end()), uuids.end());
    QByteArray list = "uuid";
    std::vector<db::ColumnType> types{db::ColumnType::Text};
    for (const PhysicalColumn *column : related.columns) {
        list += ", " + bytesOf(column->name);
        types.push_back(column->type);
    }
    db::Sql sql(lease.dialect(), "SELECT " + list + " FROM " + bytesOf(tableName(related.table)) + " WHERE uuid ");
    if (lease.dialect() == db::Dialect::PostgreSql)
        sql.raw("= ANY(").bind(std::move(uuids)).raw(")");
    else
        sql.raw("IN (SELECT value FROM json_each(").bind(std::move(uuids)).raw("))");
    db::QueryOptions options;
    options.cancel = cancel;
    A360_TRY_ASSIGN(related.rows, lease.query(sql, types, options));
    for (qsizetype row = 0; row < related.rows.rowCount(); ++row)
        related.rowByUuid.emplace(related.rows.cell(row, 0).text(), row);
    return {};
}

db::Cell LoadedRecords::related(qsizetype row, const PhysicalColumn &column) const
{
    for (const RelatedTable &related : m_related) {
        const auto found = std::find(related.columns.begin(), related.columns.end(), &column);
        if (related.table != column.table || found == related.columns.end())
            continue;
        const int place = static_cast<int>(found - related.columns.begin());
        if (related.keyColumn < 0)
            return m_rows.cell(row, related.firstColumn + place);
        const db::Cell key = m_rows.cell(row, related.keyColumn);
        const auto at = key.isNull() ? related.rowByUuid.end() : related.rowByUuid.find(key.text());
        return at == related.rowByUuid.end() ? db::Cell() : related.rows.cell(at->second, 1 + place);
    }
    return {};
}

} // namespace a360::contacts
