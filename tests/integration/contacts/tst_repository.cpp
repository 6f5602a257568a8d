// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/repository.h"
#include "db/connection_pool.h"
#include "db/index_claim.h"
#include "db/migrations.h"
#include "support/test_databases.h"

#include <QElapsedTimer>
#include <QTest>
#include <QUrlQuery>

using namespace a360;
using namespace a360::contacts;
using namespace a360::test;
using db::Dialect;
using db::Sql;

namespace {

// An older schema of the existing service: no status, no linkedin_sales_url, no metadata of contacts at all.
constexpr char oldTables[] =
    "CREATE TABLE companies (id integer PRIMARY KEY, uuid text NOT NULL UNIQUE, name text, employees_count bigint);"
    "CREATE TABLE companies_metadata (id integer PRIMARY KEY, uuid text NOT NULL UNIQUE, city text, facebook_url text);"
    "CREATE TABLE contacts (id bigint PRIMARY KEY, uuid text NOT NULL UNIQUE, first_name text, company_id text, "
    "title text, created_at timestamp);"
    "INSERT INTO companies VALUES (1, 'co1', 'Acme', 10), (2, 'co2', '_', NULL);"
    "INSERT INTO companies_metadata VALUES (1, 'co1', 'Rome', 'fb.example/acme');"
    "INSERT INTO contacts VALUES (1, 'c1', 'Ada', 'co1', 'CTO', '2024-01-01 00:00:00'), "
    "(2, 'c2', '_', 'co2', '_', NULL), (3, 'c3', 'Bob', NULL, 'CEO', '2024-01-02 00:00:00');";

Query parsed(const char *query, Entity entity = Entity::Contact)
{
    const auto result = parseQuery(entity, QUrlQuery(QString::fromUtf8(query)).queryItems(QUrl::FullyDecoded),
                                   DefaultOrder::NewestFirst);
    return result.ok() ? result->query : Query();
}

QByteArray cellText(const db::RowBatch &rows, qsizetype row, int column)
{
    const db::Cell cell = rows.cell(row, column);
    return cell.isNull() ? QByteArray("NULL") : QByteArray(cell.data, cell.size);
}

} // namespace

class TestRepository : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }

    void decision20_missingColumns_data() { addDialectRows(); }
    void decision20_missingColumns()
    {
        QFETCH(Dialect, dialect);
        db::ConnectionPool pool(m_databases.fresh(dialect), {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript(oldTables));
        const Repository repository = probed(*lease);
        QVERIFY(!repository.schema().ownSchema);

        // They come out empty, and do no harm to what is there.
        const auto full = repository.list(*lease, parsed(""), presetColumns(Entity::Contact, Preset::Full), {});
        A360_VERIFY_OK(full);
        QCOMPARE(full->rows.rowCount(), qsizetype(3));
        QCOMPARE(cellText(full->rows, 1, 1), QByteArray("Ada"));
        QCOMPARE(cellText(full->rows, 1, 4), QByteArray("NULL"));  // contact_email
        QCOMPARE(cellText(full->rows, 1, 25), QByteArray("Acme")); // company_name
        QCOMPARE(cellText(full->rows, 2, 25), QByteArray("NULL")); // '_'
        const auto list = repository.list(*lease, parsed("search=acme&facebook_url=FB.&ordering=facebook_url"),
                                          presetColumns(Entity::Contact, Preset::List), {});
        A360_VERIFY_OK(list);
        QCOMPARE(list->rows.rowCount(), qsizetype(1));

        // A filter or an order on them names them.
        for (const char *query : {"status=x", "city=x", "employees=1&company_state=x", "exclude_departments=x",
                                  "updated_at_after=2024-01-01"}) {
            const auto refused = repository.list(*lease, parsed(query), {}, {});
            QVERIFY2(!refused.ok(), query);
            QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
            QVERIFY(!refused.error().field.isEmpty());
            QVERIFY(refused.error().message.contains(QStringLiteral("has no column")));
        }
        const auto named = repository.count(*lease, parsed("status=x"), CountMode::Exact);
        QVERIFY(named.error().message.contains(QStringLiteral("contacts.status")));
        QCOMPARE(named.error().field, QStringLiteral("status"));
        const auto order = repository.list(*lease, parsed("ordering=stage"), {}, {});
        QVERIFY(!order.ok());
        QCOMPARE(order.error().field, QStringLiteral("ordering"));
        QVERIFY(order.error().message.contains(QStringLiteral("stage")));
    }

    void placeholdersReadAsNull_data() { addDialectRows(); }
    void placeholdersReadAsNull()
    {
        QFETCH(Dialect, dialect);
        db::ConnectionPool pool(m_databases.fresh(dialect), {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript(oldTables));
        const Repository repository = probed(*lease);
        const auto count = [&](const char *query) {
            const auto counted = repository.count(*lease, parsed(query), CountMode::Exact);
            return counted.ok() ? counted->rows : -1;
        };
        QCOMPARE(count("title=_"), qint64(0));
        QCOMPARE(count("search=_"), qint64(0));
        QCOMPARE(count("company=_"), qint64(0));
        QCOMPARE(count("exclude_titles=_,cto"), qint64(2));
        QCOMPARE(count("exclude_company_name=_"), qint64(3));
        const auto ordered = repository.list(*lease, parsed("ordering=-title"), {}, {});
        A360_VERIFY_OK(ordered);
        QCOMPARE(cellText(ordered->rows, 0, 0), QByteArray("CTO"));
        QCOMPARE(cellText(ordered->rows, 2, 0), QByteArray("NULL"));
    }

    void decision13_nullsLastBothWays_data() { addDialectRows(); }
    void decision13_nullsLastBothWays()
    {
        QFETCH(Dialect, dialect);
        db::ConnectionPool pool(m_databases.fresh(dialect), {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript(oldTables));
        const Repository repository = probed(*lease);
        const auto ids = [&](const char *query) {
            QByteArray found;
            PageRequest request;
            request.limit = 1;
            for (int pages = 0; pages < 9; ++pages) {
                const auto page = repository.list(*lease, parsed(query), {}, request);
                if (!page.ok())
                    return describe(page.error());
                found += QByteArray::number(page->rows.cell(0, page->rows.columnCount() - 1).integer());
                if (!page->more)
                    break;
                request.place.after = page->last;
            }
            return found;
        };
        QCOMPARE(ids("ordering=created_at"), QByteArray("132"));
        QCOMPARE(ids("ordering=-created_at"), QByteArray("312"));
        QCOMPARE(ids("ordering=employees"), QByteArray("123"));
        QCOMPARE(ids("ordering=-employees"), QByteArray("132"));
        QCOMPARE(ids("ordering=-employees,id"), QByteArray("123"));
    }

    void timesBeyondTheCalendarArePagedOver_data()
    {
        QTest::addColumn<QByteArray>("order");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("ascending") << QByteArray("ordering=created_at") << QByteArray("7 8 9 2 10 1 3 11 4 5 6 12 13 ");
        QTest::newRow("descending") << QByteArray("ordering=-created_at,id") << QByteArray("4 5 6 11 3 1 10 2 7 8 9 12 13 ");
        QTest::newRow("default") << QByteArray() << QByteArray("6 5 4 11 3 1 10 2 9 8 7 13 12 ");
    }
    void timesBeyondTheCalendarArePagedOver()
    {
        QFETCH(QByteArray, order);
        QFETCH(QByteArray, expected);
        db::ConnectionPool pool(m_databases.fresh(Dialect::PostgreSql), {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript(
            "CREATE TABLE companies (id integer PRIMARY KEY, uuid text NOT NULL UNIQUE, name text);"
            "CREATE TABLE contacts (id bigint PRIMARY KEY, uuid text NOT NULL UNIQUE, created_at timestamp);"
            "INSERT INTO contacts SELECT id, 'c' || id, t::timestamp FROM (VALUES (1, '2024-01-01'), "
            "(2, '0044-03-15 12:00:00.000001 BC'), (3, '9999-12-31 23:59:59.999998'), (4, 'infinity'), (5, 'infinity'), "
            "(6, 'infinity'), (7, '-infinity'), (8, '-infinity'), (9, '-infinity'), (10, '0001-01-01'), "
            "(11, '9999-12-31 23:59:59.999999'), (12, NULL), (13, NULL)) v (id, t)"));
        const Repository repository = probed(*lease);
        for (const qint64 limit : {1, 2, 5}) {
            QByteArray found;
            PageRequest request;
            request.limit = limit;
            for (int pages = 0; pages < 20; ++pages) {
                const auto page = repository.list(*lease, parsed(order.constData()), {}, request);
                A360_VERIFY_OK(page);
                for (qsizetype row = 0; row < page->rows.rowCount(); ++row)
                    found += QByteArray::number(page->rows.cell(row, page->rows.columnCount() - 1).integer()) + ' ';
                if (!page->more)
                    break;
                // As a client has it: through the text of the cursor.
                const auto place = decodeCursor(parsed(order.constData()), encodeCursor(parsed(order.constData()), *page->last));
                A360_VERIFY_OK(place);
                request.place = *place;
            }
            QCOMPARE(found, expected);
        }
    }

    void anEmptyDatabaseIsNamed_data() { addDialectRows(); }
    void anEmptyDatabaseIsNamed()
    {
        QFETCH(Dialect, dialect);
        db::ConnectionPool pool(m_databases.fresh(dialect), {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        const auto schema = SchemaInfo::probe(*lease);
        QVERIFY(!schema.ok());
        QCOMPARE(schema.error().code, ErrorCode::NotFound);
    }

    void detailByUuid_data() { addDialectRows(); }
    void detailByUuid()
    {
        QFETCH(Dialect, dialect);
        db::ConnectionPool pool(m_databases.fresh(dialect), {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript(oldTables));
        const Repository repository = probed(*lease);
        const auto columns = columnsByName(Entity::Contact, {QStringLiteral("company"), QStringLiteral("company_city")});
        A360_VERIFY_OK(columns);
        const auto row = repository.detail(*lease, Entity::Contact, "c1", *columns);
        A360_VERIFY_OK(row);
        QCOMPARE(row->rowCount(), qsizetype(1));
        QCOMPARE(cellText(*row, 0, 0), QByteArray("Acme"));
        QCOMPARE(cellText(*row, 0, 1), QByteArray("Rome"));
        const auto nobody = repository.detail(*lease, Entity::Contact, "' OR ''='", *columns);
        QCOMPARE(nobody.error().code, ErrorCode::NotFound);
        QCOMPARE(nobody.error().message, QStringLiteral("Contact not found"));
        const auto names = columnsByName(Entity::Company, {QStringLiteral("name")});
        A360_VERIFY_OK(names);
        QCOMPARE(repository.detail(*lease, Entity::Company, "c1", *names).error().message, QStringLiteral("Company not found"));
        CancelSource gone;
        gone.cancel();
        const auto unwanted = repository.detail(*lease, Entity::Contact, "c1", *columns, gone.token());
        QVERIFY(!unwanted.ok());
        QCOMPARE(unwanted.error().code, ErrorCode::Cancelled);
    }

    void estimatesOnSqliteSaySo()
    {
        db::ConnectionPool pool(m_databases.fresh(Dialect::Sqlite), {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript(oldTables));
        A360_VERIFY_OK(lease->executeScript(
            "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) "
            "INSERT INTO contacts (id, uuid, title) SELECT i, 'u' || i, CASE i % 10 WHEN 0 THEN 'Cook' ELSE 'Clerk' END "
            "FROM n"));
        const Repository repository = probed(*lease);
        const auto few = repository.count(*lease, parsed("title=cook"), CountMode::Estimated);
        A360_VERIFY_OK(few);
        QVERIFY(!few->estimated);
        QCOMPARE(few->rows, qint64(30000));
        const auto many = repository.count(*lease, parsed("title=clerk"), CountMode::Estimated);
        A360_VERIFY_OK(many);
        QVERIFY(many->estimated);
        QVERIFY(qAbs(many->rows - 270000) < 3000);
        const auto exact = repository.count(*lease, parsed("title=clerk"), CountMode::Exact);
        A360_VERIFY_OK(exact);
        QCOMPARE(exact->rows, qint64(269991));
    }

    void decision16_searchWithoutIndexesSaysSo_data() { addDialectRows(); }
    void decision16_searchWithoutIndexesSaysSo()
    {
        QFETCH(Dialect, dialect);
        const db::DatabaseUrl url = m_databases.fresh(dialect);
        db::ConnectionPool pool(url, {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript(oldTables));
        const Repository adopted = probed(*lease);
        const auto page = adopted.list(*lease, parsed("search=ADA cto"), {}, {});
        A360_VERIFY_OK(page);
        QVERIFY(page->scannedWithoutIndex);
        QCOMPARE(page->rows.rowCount(), qsizetype(1));
        QVERIFY(!adopted.list(*lease, parsed("title=cto"), {}, {})->scannedWithoutIndex);

        db::ConnectionPool ownPool(m_databases.fresh(dialect), {});
        auto own = ownPool.lease();
        A360_VERIFY_OK(own);
        A360_VERIFY_OK(db::migrate(*own));
        const Repository indexed = probed(*own);
        QVERIFY(!indexed.list(*own, parsed("search=ada quill"), {}, {})->scannedWithoutIndex);
        QVERIFY(indexed.list(*own, parsed("search=ada x"), {}, {})->scannedWithoutIndex); // too short for the index
    }
    void decision22_rowsOfARunningLoadAreFound_data() { addDialectRows(); }
    void decision22_rowsOfARunningLoadAreFound()
    {
        QFETCH(Dialect, dialect);
        db::ConnectionPool pool(m_databases.fresh(dialect), {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(db::migrate(*lease));
        const Repository repository = probed(*lease); // a reader that started before the load
        const auto found = [&](const char *query) {
            const auto counted = repository.count(*lease, parsed(query), CountMode::Exact);
            return counted.ok() ? counted->rows : -1;
        };
        A360_VERIFY_OK(lease->executeScript("INSERT INTO contacts (uuid, title) VALUES ('1', 'Zookeeper')"));
        db::IndexClaim claim(*lease);
        A360_VERIFY_OK(claim.drop({"contacts", "contacts_metadata", "companies", "companies_metadata"}));
        A360_VERIFY_OK(lease->executeScript("INSERT INTO contacts (uuid, title) VALUES ('2', 'Zookeeper of Berlin');"
                                            "INSERT INTO contacts_metadata (uuid, city) VALUES ('2', 'Berlin');"
                                            "UPDATE contacts SET title = 'Gardener' WHERE uuid = '1'"));
        const auto look = [&] {
            QCOMPARE(found("title=zookeeper"), qint64(1));
            QCOMPARE(found("title=gardener"), qint64(1));
            QCOMPARE(found("city=berlin&title=zoo"), qint64(1));
            QCOMPARE(found("search=berlin zookeeper"), qint64(1));
        };
        look();
        ProgressCounter progress;
        A360_VERIFY_OK(claim.rebuild(progress));
        look();
    }
    void decision16_aScanStopsAfterFiveSeconds()
    {
        const db::DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
        db::ConnectionPool pool(url, {});
        auto lease = pool.lease();
        auto blocker = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(blocker);
        A360_VERIFY_OK(lease->executeScript(oldTables));
        const Repository repository = probed(*lease);
        // Waiting for a lock counts like scanning.
        A360_VERIFY_OK(blocker->begin(db::TransactionMode::ReadWrite));
        A360_VERIFY_OK(blocker->execute(Sql(Dialect::PostgreSql, "LOCK TABLE contacts")));
        QElapsedTimer timer;
        timer.start();
        const auto page = repository.list(*lease, parsed("search=ada"), {}, {});
        QVERIFY(!page.ok());
        QCOMPARE(page.error().code, ErrorCode::Timeout);
        const QString message = page.error().message;
        QVERIFY2(message.contains(QStringLiteral("a360 indexes --create")), qPrintable(message));
        QVERIFY2(!message.contains(QStringLiteral("letters")), qPrintable(message)); // they would not help
        QCOMPARE(page.error().field, QStringLiteral("search"));
        QVERIFY(timer.elapsed() >= 4900 && timer.elapsed() < 9000);
        A360_VERIFY_OK(blocker->rollback());
    }

    void readersWithSelectRightsOnly()
    {
        const db::DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
        {
            db::ConnectionPool pool(url, {});
            auto lease = pool.lease();
            A360_VERIFY_OK(lease);
            A360_VERIFY_OK(db::migrate(*lease));
            A360_VERIFY_OK(lease->executeScript(
                "DROP ROLE IF EXISTS only_reader; CREATE ROLE only_reader LOGIN;"
                "GRANT SELECT ON contacts, contacts_metadata, companies, companies_metadata TO only_reader;"
                "INSERT INTO contacts (uuid, title) VALUES ('c1', 'CTO')"));
        }
        db::DatabaseUrl readerUrl = url;
        readerUrl.user = QStringLiteral("only_reader");
        db::ConnectionPool pool(readerUrl, {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        const Repository repository = probed(*lease);
        QVERIFY(!repository.schema().ownSchema); // the safe assumption, as a360_meta cannot be read
        const auto page =
            repository.list(*lease, parsed("search=cto"), presetColumns(Entity::Contact, Preset::List), {});
        A360_VERIFY_OK(page);
        QCOMPARE(page->rows.rowCount(), qsizetype(1));
    }

    void decision14_serversOfLocaleCFoldAsWell()
    {
        db::DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
        A360_VERIFY_OK(m_databases.postgres().run(
            url, "CREATE DATABASE plain_c TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"));
        url.name = QStringLiteral("plain_c");
        db::ConnectionPool pool(url, {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(db::migrate(*lease));
        A360_VERIFY_OK(lease->executeScript("INSERT INTO contacts (uuid, title) VALUES ('1', '\u00C9T\u00C9 \u017Fale'), "
                                            "('2', '\u0130stanbul \u212A'), ('3', 'istanbul sale')"));
        const Repository repository = probed(*lease);
        const auto count = [&](const char *query) {
            const auto counted = repository.count(*lease, parsed(query), CountMode::Exact);
            return counted.ok() ? counted->rows : -1;
        };
        QCOMPARE(count("title=\u00E9t\u00E9"), qint64(1));
        QCOMPARE(count("title=SALE"), qint64(2));
        QCOMPARE(count("title=istanbul"), qint64(1));
        QCOMPARE(count("title=\u0130STANBUL"), qint64(1));
        QCOMPARE(count("search=\u00E9t\u00E9 sale"), qint64(1));
        QCOMPARE(count("exclude_titles=\u0130stanbul k"), qint64(2));
        QCOMPARE(count("title=sale istanbul&normalize_title_column=1"), qint64(1));
    }

private:
    static Repository probed(db::Lease &lease)
    {
        auto schema = SchemaInfo::probe(lease);
        if (!schema.ok())
            qFatal("%s", describe(schema.error()).constData());
        return Repository(std::make_shared<const SchemaInfo>(std::move(*schema)));
    }

    TestDatabases m_databases;
};

QTEST_GUILESS_MAIN(TestRepository)
#include "tst_repository.moc"
