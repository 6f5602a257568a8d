// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/schema_facts.h"

#include <sqlite3.h>

namespace a360::db {

namespace {

QString textOf(Cell cell)
{
    return QString::fromUtf8(cell.text().data(), static_cast<qsizetype>(cell.text().size()));
}

Result<bool> isTrue(Lease &lease, const QByteArray &select)
{
    A360_TRY_ASSIGN(const qint64 value, lease.queryInteger(Sql(lease.dialect(), select)));
    return value != 0;
}

} // namespace

Result<bool> tableExists(Lease &lease, const QByteArray &table)
{
    Sql look(lease.dialect());
    if (lease.dialect() == Dialect::PostgreSql)
        look.raw("SELECT (to_regclass(").bind(table).raw(") IS NOT NULL)::int");
    else
        look.raw("SELECT count(*) FROM sqlite_master WHERE type IN ('table', 'view') AND lower(name) = ").bind(table);
    A360_TRY_ASSIGN(const qint64 found, lease.queryInteger(look));
    return found > 0;
}

Result<QStringList> existingDataTables(Lease &lease)
{
    QStringList found;
    for (const char *table : {"companies", "companies_metadata", "contacts", "contacts_metadata"}) {
        A360_TRY_ASSIGN(const bool exists, tableExists(lease, table));
        if (exists)
            found += QString::fromLatin1(table);
    }
    return found;
}

Result<std::set<QByteArray>> existingDataColumns(Lease &lease)
{
    const bool postgres = lease.dialect() == Dialect::PostgreSql;
    const Sql select(lease.dialect(),
                     postgres ? "SELECT t.relname || '.' || a.attname FROM pg_class t "
                                "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped "
                                "WHERE t.oid IN (to_regclass('contacts'), to_regclass('contacts_metadata'), "
                                "to_regclass('companies'), to_regclass('companies_metadata'))"
                              : "SELECT m.name || '.' || p.name FROM sqlite_master m, pragma_table_info(m.name) p "
                                "WHERE m.type IN ('table', 'view') AND m.name IN "
                                "('contacts', 'contacts_metadata', 'companies', 'companies_metadata')");
    A360_TRY_ASSIGN(const RowBatch rows, lease.query(select, {ColumnType::Text}));
    std::set<QByteArray> columns;
    for (qsizetype row = 0; row < rows.rowCount(); ++row) {
        const std::string_view name = rows.cell(row, 0).text();
        columns.insert({name.data(), static_cast<qsizetype>(name.size())});
    }
    return columns;
}

Result<QStringList> appliedMigrations(Lease &lease)
{
    A360_TRY_ASSIGN(const bool exists, tableExists(lease, "a360_schema_migrations"));
    if (!exists)
        return QStringList();
    A360_TRY_ASSIGN(const RowBatch rows, lease.query(Sql(lease.dialect(), "SELECT name FROM a360_schema_migrations"),
                                                     {ColumnType::Text}));
    QStringList names;
    for (qsizetype row = 0; row < rows.rowCount(); ++row)
        names += textOf(rows.cell(row, 0));
    return names;
}

Result<bool> isOwnSchema(Lease &lease)
{
    A360_TRY_ASSIGN(const bool exists, tableExists(lease, "a360_meta"));
    if (!exists)
        return false;
    return isTrue(lease, "SELECT count(*) FROM a360_meta WHERE key = 'own_schema' AND value = 'true'");
}

Result<bool> isTrigramAvailable(Lease &lease)
{
    if (lease.dialect() == Dialect::PostgreSql)
        return isTrue(lease, "SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'");
    // The trigram tokenizer came with 3.34.
    return sqlite3_compileoption_used("ENABLE_FTS5") == 1 && sqlite3_libversion_number() >= 3'034'000;
}

Result<bool> makeTrigramAvailable(Lease &lease, QStringList &notes)
{
    A360_TRY_ASSIGN(const bool there, isTrigramAvailable(lease));
    if (there)
        return true;
    if (lease.dialect() == Dialect::Sqlite) {
        notes += QStringLiteral("This SQLite library has no full-text search with trigrams: searches read whole tables.");
        return false;
    }
    A360_TRY(lease.executeScript("SAVEPOINT a360_extension"));
    const Result<void> created = lease.executeScript("CREATE EXTENSION IF NOT EXISTS pg_trgm");
    if (created.ok()) {
        A360_TRY(lease.executeScript("RELEASE SAVEPOINT a360_extension"));
        return true;
    }
    if (created.error().isTransient())
        return created.error();
    A360_TRY(lease.executeScript("ROLLBACK TO SAVEPOINT a360_extension; RELEASE SAVEPOINT a360_extension"));
    notes += QStringLiteral("The PostgreSQL extension pg_trgm is missing and could not be created (%1): searches for parts of "
                            "a text read whole tables. An administrator can add it with CREATE EXTENSION pg_trgm.")
                 .arg(created.error().detail);
    return false;
}

Result<void> noteWeakCollation(Lease &lease, QStringList &notes)
{
    if (lease.dialect() == Dialect::Sqlite)
        return {};
    A360_TRY_ASSIGN(const bool unicode, isTrue(lease, "SELECT (lower('Ä') = 'ä')::int"));
    if (!unicode)
        notes += QStringLiteral("The locale of this database knows upper and lower case for ASCII letters only; filters on "
                                "other letters are slower. A database made with the locale C.UTF-8 or a language's own has "
                                "no such limit.");
    return {};
}

} // namespace a360::db
