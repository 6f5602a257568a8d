// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/schema_info.h"

#include "db/search_expressions.h"

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

// The tables the search path leads to, as the compiled queries find them.
constexpr char postgresTables[] =
    "(to_regclass('contacts'), to_regclass('contacts_metadata'), to_regclass('companies'), "
    "to_regclass('companies_metadata'))";

Result<void> probePostgresIndexes(Lease &lease, SchemaInfo &info)
{
    A360_TRY_ASSIGN(info.hasTrigram,
                    holds(lease, "SELECT count(*)::bigint FROM pg_extension WHERE extname = 'pg_trgm'"));
    A360_TRY_ASSIGN(info.trigramColumns,
                    textSet(lease,
                            QByteArray("SELECT t.relname || '.' || a.attname FROM pg_index i "
                                       "JOIN pg_class t ON t.oid = i.indrelid "
                                       "CROSS JOIN LATERAL unnest(i.indkey::int2[], i.indclass::oid[]) k(att, cls) "
                                       "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.att "
                                       "JOIN pg_opclass o ON o.oid = k.cls "
                                       "WHERE o.opcname IN ('gin_trgm_ops', 'gist_trgm_ops') AND i.indisvalid "
                                       "AND i.indpred IS NULL AND t.oid IN ") +
                                postgresTables));
    QByteArray names;
    for (const db::SearchTable &table : db::searchTables())
        names += (names.isEmpty() ? "'" : ", '") + bytes(table.table) + "_search_trgm'";
    A360_TRY_ASSIGN(const qint64 present,
                    lease.queryInteger(Sql(lease.dialect(),
                                           "SELECT count(*)::bigint FROM pg_index i JOIN pg_class x ON x.oid = "
                                           "i.indexrelid WHERE i.indisvalid AND x.relname IN (" +
                                               names + ") AND i.indrelid IN " + postgresTables)));
    info.hasSearchIndex = present == static_cast<qint64>(db::searchTables().size());
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
    A360_TRY_ASSIGN(info.columns,
                    textSet(lease, QByteArray("SELECT t.relname || '.' || a.attname FROM pg_class t "
                                              "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 "
                                              "AND NOT a.attisdropped WHERE t.oid IN ") +
                                       postgresTables));
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
    A360_TRY_ASSIGN(info.columns,
                    textSet(lease, "SELECT m.name || '.' || p.name FROM sqlite_master m, pragma_table_info(m.name) p "
                                   "WHERE m.type IN ('table', 'view') AND m.name IN "
                                   "('contacts', 'contacts_metadata', 'companies', 'companies_metadata')"));
    A360_TRY_ASSIGN(const auto tables, textSet(lease, "SELECT name FROM sqlite_master WHERE type = 'table'"));
    if (tables.contains("a360_meta")) {
        A360_TRY_ASSIGN(info.ownSchema, holds(lease, "SELECT count(*) FROM a360_meta "
                                                     "WHERE key = 'own_schema' AND value = 'true'"));
    }
    info.hasTrigram = info.ownSchema;
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
    A360_TRY(info.dialect == db::Dialect::PostgreSql ? probePostgres(lease, info) : probeSqlite(lease, info));
    for (const Table table : {Table::Contacts, Table::Companies}) {
        if (!info.has(*findPhysicalColumn(table, "uuid")))
            return makeError(ErrorCode::NotFound,
                             QStringLiteral("This database has no table %1 with contacts and companies to work on. "
                                            "Import a file into it, or choose another database.")
                                 .arg(QString::fromLatin1(bytes(tableName(table)))));
    }
    return info;
}

} // namespace a360::contacts
