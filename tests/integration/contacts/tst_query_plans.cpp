// SPDX-License-Identifier: GPL-3.0-or-later
// The shapes of compiled statements must be such that the databases serve them by index: PostgreSQL looked at with EXPLAIN
// over 200,000 rows, SQLite with EXPLAIN QUERY PLAN.
#include "contacts/aggregation.h"
#include "contacts/repository.h"
#include "db/connection_pool.h"
#include "db/migrations.h"
#include "support/test_databases.h"

#include <QTest>
#include <QUrlQuery>

using namespace a360;
using namespace a360::contacts;
using namespace a360::test;
using db::Dialect;
using db::Sql;

class TestQueryPlans : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_databases.open(), m_databases.problem());
        m_pool.emplace(m_databases.fresh(Dialect::PostgreSql), db::PoolSettings{});
        auto lease = m_pool->lease();
        A360_VERIFY_OK(lease);
        m_lease.emplace(std::move(*lease));
        A360_VERIFY_OK(db::migrate(*m_lease));
        A360_VERIFY_OK(m_lease->executeScript(
            "SET random_page_cost = 1.1; SET jit = off;"
            "INSERT INTO companies (uuid, name, industries, created_at) SELECT 'co' || g, 'Company ' || md5(g::text), "
            "ARRAY['mining'], timestamp '2024-01-01' + g * interval '1 minute' FROM generate_series(1, 20000) g;"
            "INSERT INTO companies_metadata (uuid, city) SELECT 'co' || g, 'Town ' || md5(g::text) "
            "FROM generate_series(1, 20000) g;"
            "INSERT INTO contacts (uuid, company_id, email, title, created_at) SELECT 'c' || g, 'co' || g % 20000 + 1, "
            "'u' || g || '@x.example', CASE WHEN g % 5000 = 0 THEN 'Chief Zookeeper' ELSE 'Manager' END, "
            "CASE WHEN g % 1000 = 0 THEN NULL ELSE timestamp '2024-01-01' + (g / 3) * interval '1 second' END "
            "FROM generate_series(1, 200000) g;"
            "INSERT INTO contacts_metadata (uuid, city) SELECT 'c' || g, 'Place ' || g % 1000 "
            "FROM generate_series(1, 200000, 4) g;"
            "ANALYZE contacts, contacts_metadata, companies, companies_metadata"));
        const auto schema = SchemaInfo::probe(*m_lease);
        A360_VERIFY_OK(schema);
        QVERIFY(schema->ownSchema && schema->hasTrigram && schema->hasSearchIndex);
        QVERIFY(schema->trigramColumns.contains("contacts.title"));
        m_schema = std::make_shared<const SchemaInfo>(*schema);
    }

    void decision13_defaultListReadsItsIndexBothWays_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::newRow("default") << QByteArray();
        QTest::newRow("ascending") << QByteArray("ordering=created_at");
    }
    void decision13_defaultListReadsItsIndexBothWays()
    {
        QFETCH(QByteArray, query);
        const Query asked = parsed(query);
        const QByteArray first = plan(asked, {});
        QVERIFY2(first.contains("idx_contacts_created_at_id"), first.constData());
        QVERIFY2(!first.contains("Seq Scan"), first.constData());
        // Deep inside and among the NULLs: no more rows are read than the page has.
        for (const Keyset &place : {Keyset{{qint64(1704100000000000), qint64(90000)}}, Keyset{{db::Value(), qint64(90000)}}}) {
            Slice slice;
            slice.after = place;
            const QByteArray deep = plan(asked, slice);
            QVERIFY2(deep.contains("idx_contacts_created_at_id"), deep.constData());
            QVERIFY2(deep.contains("Index Cond"), deep.constData());
            QVERIFY2(!deep.contains("Seq Scan") && !deep.contains("Rows Removed by Filter"), deep.constData());
        }
    }
    void decision15_substringFilterUsesTheTrigramIndex()
    {
        const QByteArray used = plan(parsed("title=zookeeper"), {});
        QVERIFY2(used.contains("idx_contacts_title_trgm"), used.constData());
        const QByteArray rare = plan(parsed("title=chief zoo,bo\u017Fs"), {});
        QVERIFY2(rare.contains("idx_contacts_title_trgm") && !rare.contains("Seq Scan on contacts c"), rare.constData());
        const QByteArray company = plan(parsed("company=c4ca4238"), {});
        QVERIFY2(company.contains("idx_companies_name_trgm"), company.constData());
    }
    void decision16_searchUsesItsIndexes()
    {
        const QByteArray used = plan(parsed("search=zookeeper c4ca4238"), {});
        for (const char *index : {"contacts_search_trgm", "contacts_metadata_search_trgm", "companies_search_trgm",
                                  "companies_metadata_search_trgm"})
            QVERIFY2(used.contains(index), used.constData());
        const auto page = Repository(m_schema).list(*m_lease, parsed("search=ZOO cHief"), columns(), {});
        A360_VERIFY_OK(page);
        QCOMPARE(page->rows.rowCount(), qsizetype(40));
        QVERIFY(!page->scannedWithoutIndex);
    }
    void decision14_plainMatchesAreNotFoldedAgain_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<int>("rows");
        QTest::addColumn<bool>("folds");
        // "i" could be a dotted I, "s" a long one; in these rows nothing is.
        QTest::newRow("search, i") << QByteArray("search=chief") << 40 << false;
        QTest::newRow("search, s") << QByteArray("search=mines example") << 50 << false;
        QTest::newRow("filter") << QByteArray("title=chief zoo") << 40 << false;
        QTest::newRow("a rare letter") << QByteArray("search=zoo\u017F") << 1 << true;
        QTest::newRow("a rare letter in the data") << QByteArray("search=zoos") << 1 << true;
        QTest::newRow("a dotted I in the data") << QByteArray("search=kingdom") << 1 << true;
    }
    void decision14_plainMatchesAreNotFoldedAgain()
    {
        QFETCH(QByteArray, query);
        QFETCH(int, rows);
        QFETCH(bool, folds);
        A360_VERIFY_OK(m_lease->begin(db::TransactionMode::ReadWrite));
        A360_VERIFY_OK(m_lease->executeScript(
            "UPDATE contacts SET title = 'Digs mines' WHERE id BETWEEN 101 AND 150;"
            "UPDATE contacts SET title = 'Many Zoo\u017F' WHERE id = 160;"
            "UPDATE contacts SET title = 'Kingdom of \u0130zmir' WHERE id = 161;"
            "UPDATE contacts SET title = 'K\u0130ngdom' WHERE id = 162;"));
        A360_VERIFY_OK(m_lease->executeScript(spies));
        const auto page = Repository(m_schema).list(*m_lease, parsed(query), columns(), {});
        const auto folded = m_lease->queryInteger(
            Sql(Dialect::PostgreSql, "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM spy.folded"));
        A360_VERIFY_OK(m_lease->rollback());
        A360_VERIFY_OK(page);
        QCOMPARE(page->rows.rowCount(), qsizetype(rows));
        A360_VERIFY_OK(folded);
        QCOMPARE(*folded > 0, folds);
    }
    void searchesAreNotCompiledJustInTime()
    {
        A360_VERIFY_OK(m_lease->begin(db::TransactionMode::ReadWrite));
        A360_VERIFY_OK(m_lease->executeScript(spies));
        A360_VERIFY_OK(m_lease->executeScript("SET LOCAL jit = on; SET LOCAL statement_timeout = '1h'"));
        const auto seen = [&] {
            const auto row = m_lease->query(Sql(Dialect::PostgreSql, "SELECT current_setting('spy.jit', true), "
                                                                     "set_config('spy.jit', 'nothing', true), "
                                                                     "current_setting('jit')"),
                                            {db::ColumnType::Text, db::ColumnType::Text, db::ColumnType::Text});
            return row.ok() ? bytes(row->cell(0, 0)) + ' ' + bytes(row->cell(0, 2)) : describe(row.error());
        };
        const Repository repository(m_schema);
        A360_VERIFY_OK(repository.list(*m_lease, parsed("search=chief"), columns(), {}));
        QCOMPARE(seen(), QByteArray("off on"));
        A360_VERIFY_OK(repository.count(*m_lease, parsed("search=chief"), CountMode::Exact));
        QCOMPARE(seen(), QByteArray("off on"));
        Aggregation byTitle;
        byTitle.groupBy << QStringLiteral("title");
        A360_VERIFY_OK(useDatabaseAggregation(*m_lease, *m_schema, parsed("search=chief"), byTitle));
        QCOMPARE(seen(), QByteArray("off on"));
        A360_VERIFY_OK(m_lease->rollback());
    }
    void exportsByIdReadThePrimaryKey()
    {
        const Query asked = parsed("ordering=id");
        Slice slice;
        slice.limit = 100;
        slice.after = Keyset{{qint64(150000)}};
        const QByteArray used = plan(asked, slice);
        QVERIFY2(used.contains("contacts_pkey") && !used.contains("Seq Scan"), used.constData());
    }
    void aCompanysContactsAreFoundByTheirCompany()
    {
        Query asked = parsed("");
        asked.filters.push_back(filterByCompany("co77"));
        auto adopted = std::make_shared<SchemaInfo>(*m_schema); // where a placeholder may stand for no company
        adopted->ownSchema = false;
        for (const auto &schema : {m_schema, std::shared_ptr<const SchemaInfo>(adopted)}) {
            const QByteArray used = plan(asked, {}, *schema);
            QVERIFY2(used.contains("Index Cond: (company_id = "), used.constData());
            QVERIFY2(!used.contains("Seq Scan on contacts c"), used.constData());
        }
        db::ConnectionPool pool(m_databases.fresh(Dialect::Sqlite), {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(db::migrate(*lease));
        auto sqlite = SchemaInfo::probe(*lease);
        A360_VERIFY_OK(sqlite);
        for (const bool own : {true, false}) {
            sqlite->ownSchema = own;
            Slice slice;
            slice.limit = 100;
            const auto select = SqlCompiler(*sqlite).select(asked, columns(), slice);
            A360_VERIFY_OK(select);
            const QByteArray used = sqlitePlan(*lease, *select);
            QVERIFY2(used.contains("SEARCH c USING INDEX idx_contacts_company_id (company_id=?)"), used.constData());
            QVERIFY2(!used.contains("SCAN c"), used.constData());
        }
    }
    void estimatesComeFromThePlanner()
    {
        const Repository repository(m_schema);
        const auto all = repository.count(*m_lease, parsed(""), CountMode::Estimated);
        A360_VERIFY_OK(all);
        QVERIFY(all->estimated);
        QVERIFY(qAbs(all->rows - 200000) < 20000);
        const auto exact = repository.count(*m_lease, parsed("title=zookeeper"), CountMode::Exact);
        A360_VERIFY_OK(exact);
        QVERIFY(!exact->estimated);
        QCOMPARE(exact->rows, qint64(40));
    }

    void decision15_sqliteDoesNotMultiplyTwoRowLists_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("driver"); // the table whose list the rows are taken from
        QTest::newRow("contact's tables") << QByteArray("title=manager&city=berlin") << QByteArray("c");
        QTest::newRow("the longer text drives") << QByteArray("title=chief&city=amsterdam") << QByteArray("cm");
        QTest::newRow("company") << QByteArray("title=zoo&company=data systems") << QByteArray("co");
        QTest::newRow("three") << QByteArray("title=engineer&industries=software&company_country=switzerland")
                               << QByteArray("com");
        QTest::newRow("search and filter") << QByteArray("search=zookeeper&city=berlin") << QByteArray("c");
        QTest::newRow("filter and search") << QByteArray("search=zoo&city=berlin") << QByteArray("cm");
    }
    void decision15_sqliteDoesNotMultiplyTwoRowLists()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, driver);
        db::ConnectionPool pool(m_databases.fresh(Dialect::Sqlite), {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(db::migrate(*lease));
        const auto schema = SchemaInfo::probe(*lease);
        A360_VERIFY_OK(schema);
        const auto select = SqlCompiler(*schema).ids(parsed(query));
        A360_VERIFY_OK(select);
        Sql explain(Dialect::Sqlite, "EXPLAIN QUERY PLAN ");
        using enum db::ColumnType;
        const auto lines = lease->query(explain.append(*select), {Integer, Integer, Integer, Text});
        A360_VERIFY_OK(lines);
        QByteArrayList searches;
        for (qsizetype row = 0; row < lines->rowCount(); ++row) {
            const QByteArray line(lines->cell(row, 3).data, lines->cell(row, 3).size);
            if (lines->cell(row, 1).integer() == 0 && line.startsWith("SEARCH"))
                searches += line;
        }
        const QByteArray plan = searches.join('\n');
        QVERIFY2(searches.value(0) == "SEARCH " + driver + " USING INTEGER PRIMARY KEY (rowid=?)", plan.constData());
        // Whatever comes behind is found by its key, once for each row.
        QCOMPARE(plan.count("rowid=?"), 1);
    }

private:
    /// Stand in for functions of the server: what they were called for, and how. Gone with the transaction.
    static constexpr char spies[] =
        "CREATE SCHEMA spy; CREATE SEQUENCE spy.folded; SET LOCAL search_path = spy, pg_catalog, public;"
        "CREATE FUNCTION spy.translate(text, text, text) RETURNS text LANGUAGE plpgsql AS "
        "'BEGIN PERFORM nextval(''spy.folded''); RETURN pg_catalog.translate($1, $2, $3); END';"
        "CREATE FUNCTION spy.strpos(text, text) RETURNS integer LANGUAGE plpgsql AS "
        "'BEGIN PERFORM set_config(''spy.jit'', current_setting(''jit''), true); RETURN pg_catalog.strpos($1, $2); END';";

    static QByteArray bytes(db::Cell cell) { return cell.isNull() ? QByteArray("NULL") : QByteArray(cell.data, cell.size); }
    static Query parsed(const QByteArray &query)
    {
        const auto result = parseQuery(Entity::Contact, QUrlQuery(QString::fromUtf8(query)).queryItems(QUrl::FullyDecoded),
                                       DefaultOrder::NewestFirst);
        return result.ok() ? result->query : Query();
    }
    static std::vector<OutputColumn> columns() { return presetColumns(Entity::Contact, Preset::List); }
    static QByteArray sqlitePlan(db::Lease &lease, const Sql &select)
    {
        Sql explain(Dialect::Sqlite, "EXPLAIN QUERY PLAN ");
        using enum db::ColumnType;
        const auto lines = lease.query(explain.append(select), {Integer, Integer, Integer, Text});
        if (!lines.ok())
            return describe(lines.error());
        QByteArray out;
        for (qsizetype row = 0; row < lines->rowCount(); ++row)
            out += QByteArray(lines->cell(row, 3).data, lines->cell(row, 3).size) + '\n';
        return out;
    }
    QByteArray plan(const Query &query, Slice slice) { return plan(query, slice, *m_schema); }
    QByteArray plan(const Query &query, Slice slice, const SchemaInfo &schema)
    {
        slice.limit = 100;
        const auto select = SqlCompiler(schema).select(query, columns(), slice);
        if (!select.ok())
            return describe(select.error());
        Sql explain(Dialect::PostgreSql, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ");
        const auto lines = m_lease->query(explain.append(*select), {db::ColumnType::Text});
        if (!lines.ok())
            return describe(lines.error());
        QByteArray out;
        for (qsizetype row = 0; row < lines->rowCount(); ++row)
            out += QByteArray(lines->cell(row, 0).data, lines->cell(row, 0).size) + '\n';
        return out;
    }

    TestDatabases m_databases;
    std::optional<db::ConnectionPool> m_pool;
    std::optional<db::Lease> m_lease;
    std::shared_ptr<const SchemaInfo> m_schema;
};

QTEST_GUILESS_MAIN(TestQueryPlans)
#include "tst_query_plans.moc"
