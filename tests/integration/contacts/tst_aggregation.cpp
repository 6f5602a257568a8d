// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/aggregation.h"
#include "contacts/selection.h"
#include "db/connection_pool.h"
#include "db/migrations.h"
#include "db/query_monitor.h"
#include "support/test_databases.h"

#include <QTest>

using namespace a360;
using namespace a360::contacts;
using namespace a360::test;
using db::Dialect;

/// Groups and related rows, the same on both databases.
class TestAggregation : public QObject
{
    Q_OBJECT

    static constexpr char rows[] =
        "INSERT INTO companies (uuid, name, employees_count) VALUES ('co1', 'Acme', 10), ('co2', 'Beta', 21);"
        "INSERT INTO companies_metadata (uuid, city) VALUES ('co1', 'Rome');"
        "INSERT INTO contacts (uuid, first_name, email, company_id) VALUES "
        "('c1', 'Ada', 'ada@x.example', 'co1'), ('c2', 'Bob', 'bob@X.example', 'co1'), ('c3', 'Eve', 'eve@y.example', 'co2'), "
        "('c4', 'Kim', NULL, NULL);"
        "INSERT INTO contacts_metadata (uuid, country) VALUES ('c1', 'Italy');";

    static Query everyone(const Parameters &filters = {})
    {
        return parseQuery(Entity::Contact, filters, DefaultOrder::ById)->query;
    }
    static QByteArrayList text(const Result<std::vector<AggregateGroup>> &groups)
    {
        if (!groups.ok())
            return {describe(groups.error())};
        QByteArrayList lines;
        for (const AggregateGroup &group : *groups) {
            QByteArray line = group.figure ? QByteArray::number(*group.figure) : QByteArray("NULL");
            for (const auto &key : group.keys)
                line += ' ' + key.value_or("NULL");
            lines << line;
        }
        return lines;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }

    void groups_data() { addDialectRows(); }
    void groups()
    {
        QFETCH(Dialect, dialect);
        db::ConnectionPool pool(m_databases.fresh(dialect), {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(db::migrate(*lease));
        A360_VERIFY_OK(lease->executeScript(rows));
        const auto schema = SchemaInfo::probe(*lease);
        A360_VERIFY_OK(schema);
        const auto grouped = [&](AggregateFunction function, const char *of, const char *by, qint64 most = -1,
                                 const Parameters &filters = {}) {
            Aggregation aggregation{function, QString::fromLatin1(of),
                                    QString::fromLatin1(by).split(u',', Qt::SkipEmptyParts), most};
            return text(useDatabaseAggregation(*lease, *schema, everyone(filters), aggregation));
        };
        QCOMPARE(grouped(AggregateFunction::Count, "", "company"), (QByteArrayList{"2 Acme", "1 Beta", "1 NULL"}));
        QCOMPARE(grouped(AggregateFunction::Count, "", "email_domain"),
                 (QByteArrayList{"2 x.example", "1 y.example", "1 NULL"}));
        QCOMPARE(grouped(AggregateFunction::Count, "", "company,country", 1), QByteArrayList{"1 Acme Italy"});
        QCOMPARE(grouped(AggregateFunction::Count, "", ""), QByteArrayList{"4"});
        QCOMPARE(grouped(AggregateFunction::Count, "", "company", -1, {{QStringLiteral("first_name"), QStringLiteral("e")}}),
                 QByteArrayList{"1 Beta"});
        QCOMPARE(grouped(AggregateFunction::Sum, "employees", ""), QByteArrayList{"41"});
        QCOMPARE(grouped(AggregateFunction::Average, "employees", ""), QByteArrayList{"14"}); // 13.67
        QCOMPARE(grouped(AggregateFunction::Maximum, "employees", "company"),
                 (QByteArrayList{"21 Beta", "10 Acme", "NULL NULL"}));
        for (const char *bad : {"nothing", "departments"}) {
            const auto refused = useDatabaseAggregation(*lease, *schema, everyone(),
                                                        {AggregateFunction::Count, {}, {QString::fromLatin1(bad)}, -1});
            QVERIFY(!refused.ok());
            QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        }
        QVERIFY(!useDatabaseAggregation(*lease, *schema, everyone(),
                                        {AggregateFunction::Sum, QStringLiteral("title"), {}, -1}).ok());
    }

    void relatedRowsComeTogether_data()
    {
        QTest::addColumn<Dialect>("dialect");
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<int>("statements");
        for (const Dialect dialect : {Dialect::Sqlite, Dialect::PostgreSql}) {
            const char *name = dialect == Dialect::Sqlite ? "sqlite" : "postgresql";
            QTest::addRow("%s selectin", name) << dialect << QStringLiteral("selectin") << 4;
            QTest::addRow("%s joined", name) << dialect << QStringLiteral("joined") << 1;
            QTest::addRow("%s unknown", name) << dialect << QStringLiteral("subquery") << 4;
        }
    }
    void relatedRowsComeTogether()
    {
        QFETCH(Dialect, dialect);
        QFETCH(QString, strategy);
        QFETCH(int, statements);
        db::QueryMonitor monitor({});
        db::PoolSettings settings;
        settings.statements = &monitor;
        db::ConnectionPool pool(m_databases.fresh(dialect), settings);
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(db::migrate(*lease));
        A360_VERIFY_OK(lease->executeScript(rows));
        const auto schema = SchemaInfo::probe(*lease);
        A360_VERIFY_OK(schema);
        auto selection = selectOnlyColumns(everyone(), {QStringLiteral("first_name")});
        A360_VERIFY_OK(selection);
        selection = preventNPlusOne(*selection, {QStringLiteral("company"), QStringLiteral("metadata")}, strategy);
        A360_VERIFY_OK(selection);
        const qint64 before = monitor.statistics().totalQueries;
        const auto loaded = loadSelection(*lease, *schema, *selection, {});
        A360_VERIFY_OK(loaded);
        QCOMPARE(monitor.statistics().totalQueries - before, qint64(statements)); // whatever the number of contacts
        QCOMPARE(loaded->rows().rowCount(), qsizetype(4));
        const auto cell = [&](qsizetype row, Table table, const char *column) {
            const db::Cell found = loaded->related(row, *findPhysicalColumn(table, column));
            return found.isNull() ? QByteArray("NULL") : QByteArray(found.data, found.size);
        };
        QCOMPARE(cell(0, Table::Companies, "name"), QByteArray("Acme"));
        QCOMPARE(cell(1, Table::CompaniesMetadata, "city"), QByteArray("Rome"));
        QCOMPARE(cell(2, Table::Companies, "name"), QByteArray("Beta"));
        QCOMPARE(cell(2, Table::CompaniesMetadata, "city"), QByteArray("NULL"));
        QCOMPARE(cell(3, Table::Companies, "name"), QByteArray("NULL"));
        QCOMPARE(cell(0, Table::ContactsMetadata, "country"), QByteArray("Italy"));
        QCOMPARE(cell(1, Table::ContactsMetadata, "country"), QByteArray("NULL"));
        QVERIFY(!preventNPlusOne(*selection, {QStringLiteral("activities")}).ok());
    }

private:
    TestDatabases m_databases;
};

QTEST_GUILESS_MAIN(TestAggregation)
#include "tst_aggregation.moc"
