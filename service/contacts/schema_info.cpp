// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/schema_info.h"

#include "db/index_facts.h"
#include "db/schema_facts.h"
#include "db/search_expressions.h"

#include <algorithm>
#include <iterator>

namespace a360::contacts {

namespace {

using db::ColumnType;
using db::Lease;
using db::Sql;

QByteArray bytes(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

Result<std::set<QByteArray>> textSet(Lease &lease, QByteArrayView statement)
{
    A360_TRY_ASSIGN(const db::RowBatch rows, lease.query(Sql(lease.dialect(), statement), {ColumnType::Text}));
    std::set<QByteArray> found;
    for (qsizetype row = 0; row < rows.rowCount(); ++row)
        found.insert(bytes(rows.cell(row, 0).text()));
    return found;
}

Result<bool> holds(Lease &lease, QByteArrayView statement)
{
    A360_TRY_ASSIGN(const qint64 number, lease.queryInteger(Sql(lease.dialect(), statement)));
    return number != 0;
}

/// Indexes are told by what they are made of: adopted databases call them as they like.
Result<void> probePostgresIndexes(Lease &lease, SchemaInfo &info)
{
    A360_TRY_ASSIGN(info.hasTrigram,
                    holds(lease, "SELECT count(*)::bigint FROM pg_extension WHERE extname = 'pg_trgm'"));
    A360_TRY_ASSIGN(const std::vector<db::IndexFact> indexes, db::listIndexes(lease));
    std::set<QByteArray> found; // "contacts.title", "contacts.<expression>"
    for (const db::IndexFact &index : indexes) {
        for (const db::IndexKey &key : index.keys) {
            if (db::isTrigramClass(key.operatorClass) && index.valid && !index.partial)
                found.insert(index.table + '.' + key.expression);
        }
    }
    info.hasSearchIndex = true;
    for (const db::SearchTable &table : db::searchTables()) {
        const QByteArray expression = db::normalisedIndexKey(db::postgresSearchExpression(table, {}));
        info.hasSearchIndex = info.hasSearchIndex && found.contains(bytes(table.table) + '.' + expression);
    }
    std::set_intersection(found.begin(), found.end(), info.columns.begin(), info.columns.end(),
                          std::inserter(info.trigramColumns, info.trigramColumns.end()));
    return {};
}

Result<void> probePostgresFolding(Lease &lease, SchemaInfo &info)
{
    A360_TRY_ASSIGN(const bool unicode, holds(lease, "SELECT (lower('\xC3\x89') = '\xC3\xA9')::int::bigint"));
    if (unicode)
        return {};
    info.serverLower = ServerLower::AsciiOnly;
    A360_TRY_ASSIGN(const db::RowBatch rows,
                    lease.query(Sql(lease.dialect(),
                                    "SELECT quote_ident(collname) FROM pg_collation "
                                    "WHERE collname IN ('pg_c_utf8', 'C.utf8', 'C.UTF-8', 'und-x-icu', 'en_US.utf8') "
                                    "AND collencoding IN (-1, pg_char_to_encoding(getdatabaseencoding())) "
                                    "AND pg_collation_is_visible(oid) ORDER BY collname LIMIT 1"),
                                {ColumnType::Text}));
    if (rows.rowCount() > 0)
        info.foldCollation = bytes(rows.cell(0, 0).text());
    return {};
}

Result<void> probePostgres(Lease &lease, SchemaInfo &info)
{
    // A role that may only read the data tables sees the schema as one made by somebody else, which is always safe.
    A360_TRY_ASSIGN(const bool readable,
                    holds(lease, "SELECT (to_regclass('a360_meta') IS NOT NULL AND "
                                 "has_table_privilege(to_regclass('a360_meta'), 'SELECT'))::int::bigint"));
    if (readable) {
        A360_TRY_ASSIGN(info.ownSchema, holds(lease, "SELECT count(*)::bigint FROM a360_meta "
                                                     "WHERE key = 'own_schema' AND value = 'true'"));
    }
    A360_TRY(probePostgresIndexes(lease, info));
    A360_TRY(probePostgresFolding(lease, info));
    const auto rows = [&](const char *table) {
        return lease.queryInteger(Sql(lease.dialect(), "SELECT coalesce((SELECT reltuples::bigint FROM pg_class WHERE "
                                                       "oid = to_regclass('" + QByteArray(table) + "')), -1)"));
    };
    A360_TRY_ASSIGN(info.approximateContacts, rows("contacts"));
    A360_TRY_ASSIGN(info.approximateCompanies, rows("companies"));
    return {};
}

Result<void> probeSqlite(Lease &lease, SchemaInfo &info)
{
    A360_TRY_ASSIGN(const auto tables, textSet(lease, "SELECT name FROM sqlite_master WHERE type = 'table'"));
    if (tables.contains("a360_meta")) {
        A360_TRY_ASSIGN(info.ownSchema, holds(lease, "SELECT count(*) FROM a360_meta "
                                                     "WHERE key = 'own_schema' AND value = 'true'"));
    }
    info.hasTrigram = info.ownSchema && tables.contains("a360_deferred_indexes");
    for (const db::SearchTable &table : db::searchTables())
        info.hasTrigram = info.hasTrigram && tables.contains(bytes(table.ftsTable));
    info.hasSearchIndex = info.hasTrigram;
    const auto highest = [&](const char *table) -> Result<qint64> {
        if (!tables.contains(table) || !info.columns.contains(QByteArray(table) + ".id"))
            return qint64(-1);
        return lease.queryInteger(Sql(lease.dialect(), "SELECT coalesce(max(id), 0) FROM " + QByteArray(table)));
    };
    A360_TRY_ASSIGN(info.approximateContacts, highest("contacts"));
    A360_TRY_ASSIGN(info.approximateCompanies, highest("companies"));
    return {};
}

} // namespace

bool SchemaInfo::has(const PhysicalColumn &column) const
{
    return columns.contains(bytes(tableName(column.table)) + '.' + bytes(column.name));
}

Result<SchemaInfo> SchemaInfo::probe(Lease &lease)
{
    SchemaInfo info;
    info.dialect = lease.dialect();
    A360_TRY_ASSIGN(info.columns, db::existingDataColumns(lease));
    A360_TRY(info.dialect == db::Dialect::PostgreSql ? probePostgres(lease, info) : probeSqlite(lease, info));
    for (const Table table : {Table::Contacts, Table::Companies}) {
        if (!info.has(*findPhysicalColumn(table, "uuid")))
            return makeError(ErrorCode::NotFound,
                             QStringLiteral("This database has no table %1: it holds no contacts and companies yet. "
                                            "Import a file into it, or choose another database.")
                                 .arg(QString::fromLatin1(bytes(tableName(table)))));
    }
    return info;
}

} // namespace a360::contacts
