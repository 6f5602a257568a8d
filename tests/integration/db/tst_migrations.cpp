// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/connection_pool.h"
#include "db/migrations.h"
#include "db/search_expressions.h"
#include "support/test_databases.h"

#include <QtTest>

#include <thread>

using namespace a360;
using namespace a360::db;

class TestMigrations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }
    void makesTheSchemaOnce_data() { test::addDialectRows(); }
    void makesTheSchemaOnce();
    void severalProcessesAtOnce_data() { test::addDialectRows(); }
    void severalProcessesAtOnce();
    void decision19_adoptedTablesStayAsTheyAre();
    void decision19_adoptedSqliteTablesStayAsTheyAre();
    void decision19_withoutTheRightToCreateTheGrantIsNamed();
    void decision19_lookingNeverWrites_data() { test::addDialectRows(); }
    void decision19_lookingNeverWrites();
    void decision19_migratedDatabaseNeedsNoRightToCreate();
    void decision21_indexSetHasNoPrefixOfAnother();
    void decision13_defaultOrderIsServedByAnIndex_data() { test::addDialectRows(); }
    void decision13_defaultOrderIsServedByAnIndex();
    void decision16_searchExpressionHitsItsIndex_data();
    void decision16_searchExpressionHitsItsIndex();
    void decision15_searchTablesFollowSingleEdits();
    void decision15_searchTablesHaveTheColumnsOfTheCompiler();
    void withoutTrigramExtensionTheSchemaStillComes();
    void trigramIndexesComeLaterWhenTheyCan();

private:
    Result<MigrationReport> migrated(const DatabaseUrl &url)
    {
        ConnectionPool pool(url, {});
        A360_TRY_ASSIGN(Lease lease, pool.lease());
        return migrate(lease);
    }
    QByteArray ask(const DatabaseUrl &url, const QByteArray &sql);
    QByteArray schemaDump(const DatabaseUrl &url);
    test::TestDatabases m_databases;
};

namespace {

const QByteArray adoptedTables =
    "CREATE TABLE companies (id bigserial PRIMARY KEY, uuid text NOT NULL UNIQUE, name varchar(200) DEFAULT 'x', "
    "employees_count int, industries text[], keywords text[], address text, annual_revenue bigint, total_funding bigint, "
    "technologies text[], text_search text, created_at timestamp, updated_at timestamp);"
    "CREATE TABLE companies_metadata (id bigserial PRIMARY KEY, uuid text NOT NULL UNIQUE, linkedin_url text DEFAULT '_', "
    "website text, city text, state text, country text);"
    "CREATE TABLE contacts (id bigserial PRIMARY KEY, uuid text NOT NULL UNIQUE, first_name text, last_name text, "
    "company_id text REFERENCES companies(uuid) ON DELETE SET NULL, email text, title text, departments text[], "
    "mobile_phone text, email_status text, text_search text, created_at timestamp, updated_at timestamp, "
    "seniority text DEFAULT '_', note text);"
    "CREATE TABLE contacts_metadata (id bigserial PRIMARY KEY, uuid text NOT NULL UNIQUE, linkedin_url text DEFAULT '_', "
    "city text DEFAULT '_', state text, country text);"
    "INSERT INTO contacts (uuid, seniority) VALUES ('u1', '_');";

} // namespace

QByteArray TestMigrations::ask(const DatabaseUrl &url, const QByteArray &sql)
{
    Result<QByteArray> answer = m_databases.postgres().ask(url, sql);
    return answer.ok() ? answer.value() : test::describe(answer.error());
}

/// Everything about the four data tables and whatever else was there before us.
QByteArray TestMigrations::schemaDump(const DatabaseUrl &url)
{
    return ask(url, "SELECT table_name, column_name, data_type, column_default, is_nullable FROM information_schema.columns "
                    "WHERE table_schema = 'public' AND table_name NOT LIKE 'a360%' ORDER BY 1, ordinal_position") +
           ask(url, "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'a360%' ORDER BY 1") +
           ask(url, "SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint "
                    "WHERE conrelid::regclass::text NOT LIKE 'a360%' AND conrelid <> 0 ORDER BY 1, 2") +
           ask(url, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal") + ask(url, "SELECT * FROM contacts");
}

void TestMigrations::makesTheSchemaOnce()
{
    QFETCH(Dialect, dialect);
    const DatabaseUrl url = m_databases.fresh(dialect);
    ConnectionPool pool(url, {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    Result<bool> before = isMigrated(*lease);
    A360_VERIFY_OK(before);
    QVERIFY(!*before);

    const Result<MigrationReport> first = migrate(*lease);
    A360_VERIFY_OK(first);
    QVERIFY(!first.value().adopted);
    QVERIFY(first.value().trigramAvailable);
    QCOMPARE(first.value().applied.size(), 5);
    QCOMPARE(first.value().notes, QStringList());

    const Result<MigrationReport> second = migrate(*lease);
    A360_VERIFY_OK(second);
    QCOMPARE(second.value().applied, QStringList());
    QVERIFY(!second.value().adopted);
    const Result<bool> after = isMigrated(*lease);
    A360_VERIFY_OK(after);
    QVERIFY(*after);

    const Result<qint64> own = lease->queryInteger(Sql(dialect, "SELECT count(*) FROM a360_meta WHERE key = 'own_schema'"));
    A360_VERIFY_OK(own);
    QCOMPARE(*own, 1);
    // No '_' anywhere: what is not given is NULL.
    A360_VERIFY_OK(lease->executeScript("INSERT INTO contacts (uuid) VALUES ('u'); "
                                        "INSERT INTO contacts_metadata (uuid) VALUES ('u')"));
    const Result<qint64> nulls = lease->queryInteger(
        Sql(dialect, "SELECT count(*) FROM contacts c JOIN contacts_metadata m ON m.uuid = c.uuid "
                     "WHERE c.seniority IS NULL AND c.status IS NULL AND m.city IS NULL AND m.stage IS NULL"));
    A360_VERIFY_OK(nulls);
    QCOMPARE(*nulls, 1);
    // A company id without its company is kept.
    A360_VERIFY_OK(lease->executeScript("INSERT INTO contacts (uuid, company_id) VALUES ('v', 'gone')"));
}

void TestMigrations::severalProcessesAtOnce()
{
    QFETCH(Dialect, dialect);
    const DatabaseUrl url = m_databases.fresh(dialect);
    constexpr int count = 4;
    std::vector<Result<MigrationReport>> reports(count, makeError(ErrorCode::Internal, {}));
    {
        std::vector<std::thread> threads;
        for (int i = 0; i < count; ++i)
            threads.emplace_back([&, i] { reports[static_cast<size_t>(i)] = migrated(url); });
        for (std::thread &thread : threads)
            thread.join();
    }
    qsizetype applied = 0;
    for (const Result<MigrationReport> &report : reports) {
        A360_VERIFY_OK(report);
        QVERIFY(!report.value().adopted);
        applied += report.value().applied.size();
    }
    QCOMPARE(applied, 5); // each script once, whoever ran it
}

void TestMigrations::decision19_adoptedTablesStayAsTheyAre()
{
    const DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    A360_VERIFY_OK(m_databases.postgres().run(url, adoptedTables));
    const QByteArray before = schemaDump(url);
    const Result<MigrationReport> report = migrated(url);
    A360_VERIFY_OK(report);
    QVERIFY(report.value().adopted);
    QVERIFY(!report.value().applied.contains(QStringLiteral("0003_indexes")));
    QVERIFY(!report.value().notes.isEmpty());
    QCOMPARE(schemaDump(url), before);
    // And the next start leaves them alone as well.
    const Result<MigrationReport> again = migrated(url);
    A360_VERIFY_OK(again);
    QVERIFY(again.value().adopted);
    QCOMPARE(again.value().applied, QStringList());
    QCOMPARE(schemaDump(url), before);
    ConnectionPool pool(url, {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    const Result<bool> done = isMigrated(*lease);
    A360_VERIFY_OK(done);
    QVERIFY(*done);
}

void TestMigrations::decision19_adoptedSqliteTablesStayAsTheyAre()
{
    const DatabaseUrl url = m_databases.fresh(Dialect::Sqlite);
    ConnectionPool pool(url, {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript("CREATE TABLE contacts (id INTEGER PRIMARY KEY, uuid TEXT, title TEXT DEFAULT '_')"));
    const Sql dump(Dialect::Sqlite, "SELECT group_concat(sql, ';') FROM sqlite_master WHERE tbl_name = 'contacts'");
    const auto definition = [&] {
        const Result<RowBatch> rows = lease->query(dump, {ColumnType::Text});
        return rows.ok() ? QByteArray::fromStdString(std::string(rows.value().cell(0, 0).text()))
                         : test::describe(rows.error());
    };
    const QByteArray before = definition();
    const Result<MigrationReport> report = migrate(*lease);
    A360_VERIFY_OK(report);
    QVERIFY(report.value().adopted);
    QCOMPARE(definition(), before);
    const Result<qint64> search =
        lease->queryInteger(Sql(Dialect::Sqlite, "SELECT count(*) FROM sqlite_master WHERE name LIKE '%_fts%'"));
    A360_VERIFY_OK(search);
    QCOMPARE(*search, 0);
}

void TestMigrations::decision19_withoutTheRightToCreateTheGrantIsNamed()
{
    DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    A360_VERIFY_OK(m_databases.postgres().run(url, "CREATE ROLE \"Only Reader\" LOGIN"));
    url.user = QStringLiteral("Only Reader");
    const Result<MigrationReport> report = migrated(url);
    QVERIFY(!report.ok());
    QCOMPARE(report.error().code, ErrorCode::PermissionDenied);
    QVERIFY2(report.error().message.contains(QStringLiteral("GRANT CREATE ON SCHEMA public TO \"Only Reader\"")),
             qPrintable(report.error().message));
    // The named grant is what it takes.
    A360_VERIFY_OK(m_databases.postgres().run(url, "GRANT CREATE ON SCHEMA public TO \"Only Reader\""));
    A360_VERIFY_OK(migrated(url));
}

void TestMigrations::decision19_lookingNeverWrites()
{
    QFETCH(Dialect, dialect);
    const DatabaseUrl url = m_databases.fresh(dialect);
    if (dialect == Dialect::Sqlite) { // a file to look at
        ConnectionPool maker(url, {});
        A360_VERIFY_OK(maker.lease());
    }
    PoolSettings settings;
    settings.readOnly = true;
    ConnectionPool pool(url, settings);
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    const Result<bool> done = isMigrated(*lease);
    A360_VERIFY_OK(done);
    QVERIFY(!*done);
    const Result<MigrationReport> refused = migrate(*lease);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::PermissionDenied);
    const Sql tables(dialect, dialect == Dialect::Sqlite ? "SELECT count(*) FROM sqlite_master"
                                                         : "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'");
    const Result<qint64> count = lease->queryInteger(tables);
    A360_VERIFY_OK(count);
    QCOMPARE(*count, 0);
}

void TestMigrations::decision19_migratedDatabaseNeedsNoRightToCreate()
{
    DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    A360_VERIFY_OK(migrated(url));
    A360_VERIFY_OK(m_databases.postgres().run(url, "CREATE ROLE plain_user LOGIN; "
                                                   "GRANT SELECT ON ALL TABLES IN SCHEMA public TO plain_user"));
    url.user = QStringLiteral("plain_user");
    A360_VERIFY_OK(migrated(url));
}

void TestMigrations::decision21_indexSetHasNoPrefixOfAnother()
{
    const DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    A360_VERIFY_OK(migrated(url));
    const QByteArray prefixes =
        ask(url, "SELECT a.indexrelid::regclass, b.indexrelid::regclass FROM pg_index a JOIN pg_index b "
                 "ON a.indrelid = b.indrelid AND a.indexrelid <> b.indexrelid "
                 "JOIN pg_class ca ON ca.oid = a.indexrelid JOIN pg_class cb ON cb.oid = b.indexrelid AND cb.relam = ca.relam "
                 "WHERE a.indrelid::regclass::text IN ('contacts', 'contacts_metadata', 'companies', 'companies_metadata') "
                 "AND a.indexprs IS NULL AND b.indexprs IS NULL "
                 "AND b.indkey::text || ' ' LIKE a.indkey::text || ' %'");
    QCOMPARE(prefixes, QByteArray());
    // Every column list of the existing service is still served, by itself or as the prefix of another.
    for (const char *wanted : {"contacts|first_name", "contacts|last_name", "contacts|company_id", "contacts|email",
                               "contacts|mobile_phone", "contacts|email_status", "contacts|title", "contacts|email, company_id",
                               "contacts|first_name, last_name, company_id", "contacts|created_at", "contacts|seniority",
                               "contacts|seniority, company_id", "contacts|company_id, departments",
                               "contacts|seniority, departments", "contacts|status", "contacts|status, company_id",
                               "contacts_metadata|city", "contacts_metadata|state", "contacts_metadata|country",
                               "companies|name", "companies|employees_count", "companies|annual_revenue",
                               "companies|total_funding", "companies|created_at", "companies|annual_revenue, industries",
                               "companies_metadata|company_name_for_emails", "companies_metadata|city",
                               "companies_metadata|state", "companies_metadata|country"}) {
        const QList<QByteArray> parts = QByteArray(wanted).split('|');
        const QByteArray found =
            ask(url, "SELECT count(*) > 0 FROM pg_indexes WHERE tablename = '" + parts[0] + "' AND (indexdef LIKE '%btree (" +
                         parts[1] + ")' OR indexdef LIKE '%btree (" + parts[1] + ", %')");
        QVERIFY2(found == "t\n", wanted);
    }
}

void TestMigrations::decision13_defaultOrderIsServedByAnIndex()
{
    QFETCH(Dialect, dialect);
    const DatabaseUrl url = m_databases.fresh(dialect);
    A360_VERIFY_OK(migrated(url));
    ConnectionPool pool(url, {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    for (const QByteArray table : {"contacts", "companies"}) {
        const QByteArray select = "SELECT id FROM " + table + " WHERE created_at IS NOT NULL ORDER BY created_at DESC, id DESC LIMIT 100";
        const bool postgres = dialect == Dialect::PostgreSql;
        if (postgres) {
            A360_VERIFY_OK(lease->begin(TransactionMode::ReadWrite));
            A360_VERIFY_OK(lease->executeScript("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"));
        }
        const Sql explain(dialect, (postgres ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + select);
        const Result<RowBatch> plan =
            lease->query(explain, std::vector<ColumnType>(postgres ? 1 : 4, ColumnType::Text));
        A360_VERIFY_OK(plan);
        QByteArray text;
        for (qsizetype row = 0; row < plan.value().rowCount(); ++row)
            text += QByteArray::fromStdString(std::string(plan.value().cell(row, postgres ? 0 : 3).text())) + '\n';
        QVERIFY2(text.contains("idx_" + table + "_created_at_id"), text.constData());
        QVERIFY2(!text.contains("Sort") && !text.contains("TEMP B-TREE"), text.constData());
        if (postgres)
            A360_VERIFY_OK(lease->rollback());
    }
}

void TestMigrations::decision16_searchExpressionHitsItsIndex_data()
{
    QTest::addColumn<QByteArray>("table");
    for (const SearchTable &table : searchTables())
        QTest::newRow(table.table.data()) << QByteArray(table.table.data());
}

void TestMigrations::decision16_searchExpressionHitsItsIndex()
{
    QFETCH(QByteArray, table);
    const DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    A360_VERIFY_OK(migrated(url));
    const SearchTable *search = findSearchTable(table.toStdString());
    QVERIFY(search);
    const QByteArray plan = ask(url, "SET enable_seqscan = off; EXPLAIN SELECT t.id FROM " + table + " t WHERE " +
                                         postgresSearchExpression(*search, "t.") + " ILIKE '%needle%'");
    QVERIFY2(plan.contains(table + "_search_trgm"), plan.constData());
    QVERIFY2(plan.contains("Index Cond"), plan.constData());
}

void TestMigrations::decision15_searchTablesFollowSingleEdits()
{
    const DatabaseUrl url = m_databases.fresh(Dialect::Sqlite);
    A360_VERIFY_OK(migrated(url));
    ConnectionPool pool(url, {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    const auto hits = [&](const QByteArray &table, const QByteArray &phrase) {
        Sql select(Dialect::Sqlite, "SELECT count(*) FROM " + table + " WHERE " + table + " MATCH ");
        select.bind('"' + phrase + '"');
        const Result<qint64> found = lease->queryInteger(select);
        return found.ok() ? found.value() : -1;
    };
    A360_VERIFY_OK(lease->executeScript("INSERT INTO contacts (uuid, title, email) VALUES ('a', 'Leiter KÖLN', 'a@b.example');"
                                        "INSERT INTO companies (uuid, name, industries) VALUES ('c', 'Pumps', '[\"Water works\"]');"
                                        "INSERT INTO contacts_metadata (uuid, city) VALUES ('a', 'Austin');"
                                        "INSERT INTO companies_metadata (uuid, website) VALUES ('c', 'pumps.example')"));
    QCOMPARE(hits("contacts_fts", "iter köln"), 1);
    QCOMPARE(hits("companies_fts", "ter wor"), 1);
    QCOMPARE(hits("contacts_metadata_fts", "usti"), 1);
    QCOMPARE(hits("companies_metadata_fts", "pumps.ex"), 1);
    A360_VERIFY_OK(lease->executeScript("UPDATE contacts SET title = 'Chief' WHERE uuid = 'a'"));
    QCOMPARE(hits("contacts_fts", "iter köln"), 0);
    QCOMPARE(hits("contacts_fts", "chief"), 1);
    A360_VERIFY_OK(lease->executeScript("DELETE FROM contacts WHERE uuid = 'a'"));
    QCOMPARE(hits("contacts_fts", "chief"), 0);
    A360_VERIFY_OK(lease->executeScript("INSERT INTO contacts_fts(contacts_fts) VALUES ('integrity-check')"));
}

void TestMigrations::decision15_searchTablesHaveTheColumnsOfTheCompiler()
{
    const DatabaseUrl url = m_databases.fresh(Dialect::Sqlite);
    A360_VERIFY_OK(migrated(url));
    ConnectionPool pool(url, {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    for (const SearchTable &table : searchTables()) {
        Sql select(Dialect::Sqlite, "SELECT name FROM pragma_table_info(");
        select.bind(QByteArray(table.ftsTable.data())).raw(") ORDER BY cid");
        const Result<RowBatch> rows = lease->query(select, {ColumnType::Text});
        A360_VERIFY_OK(rows);
        std::vector<std::string> expected(table.textColumns.begin(), table.textColumns.end());
        expected.insert(expected.end(), table.listColumns.begin(), table.listColumns.end());
        QCOMPARE(rows.value().rowCount(), static_cast<qsizetype>(expected.size()));
        for (size_t i = 0; i < expected.size(); ++i)
            QCOMPARE(std::string(rows.value().cell(static_cast<qsizetype>(i), 0).text()), expected[i]);
    }
}

void TestMigrations::withoutTrigramExtensionTheSchemaStillComes()
{
    DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    A360_VERIFY_OK(m_databases.postgres().run(url, "CREATE ROLE no_extension LOGIN; "
                                                   "GRANT CREATE ON SCHEMA public TO no_extension"));
    url.user = QStringLiteral("no_extension");
    const Result<MigrationReport> report = migrated(url);
    A360_VERIFY_OK(report);
    QVERIFY(!report.value().adopted);
    QVERIFY(!report.value().trigramAvailable);
    QCOMPARE(report.value().applied.size(), 4);
    QVERIFY(report.value().notes.join(u'\n').contains(QStringLiteral("pg_trgm")));
    ConnectionPool pool(url, {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    const Result<bool> done = isMigrated(*lease);
    A360_VERIFY_OK(done);
    QVERIFY(*done);
}

void TestMigrations::trigramIndexesComeLaterWhenTheyCan()
{
    DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    A360_VERIFY_OK(m_databases.postgres().run(url, "CREATE ROLE patient LOGIN; GRANT CREATE ON SCHEMA public TO patient"));
    url.user = QStringLiteral("patient");
    A360_VERIFY_OK(migrated(url));
    A360_VERIFY_OK(m_databases.postgres().run(url, "CREATE EXTENSION pg_trgm"));
    const Result<MigrationReport> report = migrated(url);
    A360_VERIFY_OK(report);
    QCOMPARE(report.value().applied, QStringList{QStringLiteral("0004_trigram_indexes")});
    QVERIFY(report.value().trigramAvailable);
    QCOMPARE(report.value().notes, QStringList());
}

QTEST_GUILESS_MAIN(TestMigrations)
#include "tst_migrations.moc"
