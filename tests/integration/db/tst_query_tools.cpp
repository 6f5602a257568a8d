// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/connection_pool.h"
#include "db/query_analysis.h"
#include "db/slow_plan_finder.h"
#include "db/sql_expressions.h"
#include "support/test_databases.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace a360;
using namespace a360::db;
using namespace a360::test;

namespace {

QByteArray bytes(Cell cell)
{
    return cell.isNull() ? QByteArray("NULL") : QByteArray(cell.data, cell.size);
}

QByteArrayList elements(Cell cell)
{
    QByteArrayList list;
    for (TextListReader reader(cell); reader.next();)
        list << (reader.elementIsNull() ? QByteArray("NULL")
                                        : QByteArray(reader.element().data(), qsizetype(reader.element().size())));
    return list;
}

} // namespace

class TestQueryTools : public QObject
{
    Q_OBJECT

    /// Runs `SELECT <expression> FROM people`.
    static Result<RowBatch> select(Lease &lease, const Expression &what, ColumnType type, const char *tail = "")
    {
        return lease.query(Sql(lease.dialect(), "SELECT ").append(selected(what)).raw(" FROM people ").raw(tail), {type});
    }
    static constexpr char people[] =
        "CREATE TABLE people (id bigint, name text, mail text);"
        "INSERT INTO people VALUES (1, 'Ada', 'ada@B.example'), (2, 'bob', 'bob@a.example'), (3, 'Ada', NULL), "
        "(10, NULL, 'eve@b.example');";

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }

    void statementsAreCounted_data() { addDialectRows(); }
    void statementsAreCounted()
    {
        QFETCH(Dialect, dialect);
        QueryMonitor monitor({true, std::chrono::duration<double>(3600), false, 50, 3});
        PoolSettings settings;
        settings.statements = &monitor;
        ConnectionPool pool(m_databases.fresh(dialect), settings);
        {
            auto lease = pool.lease();
            A360_VERIFY_OK(lease);
            A360_VERIFY_OK(lease->executeScript(people));
            for (int i = 0; i < 5; ++i)
                A360_VERIFY_OK(lease->query(Sql(dialect, "SELECT id FROM people WHERE id = ").bind(qint64(i)),
                                            {ColumnType::Integer}));
            QVERIFY(!lease->execute(Sql(dialect, "UPDATE nothing SET a = 1")).ok());
            auto stream = lease->stream(Sql(dialect, "SELECT id FROM people"), {ColumnType::Integer});
            A360_VERIFY_OK(stream);
            RowBatch batch;
            while ((*stream)->next(batch).value()) {}
            stream->reset();
            lease->doNotObserve();
            A360_VERIFY_OK(lease->query(Sql(dialect, "SELECT name FROM people"), {ColumnType::Text}));
        }
        const QueryStatistics statistics = monitor.statistics();
        QCOMPARE(statistics.totalQueries, qint64(8));
        QCOMPARE(statistics.failedQueries, qint64(1));
        QCOMPARE(statistics.slowQueries, qint64(0));
        QCOMPARE(statistics.statements.size(), size_t(3)); // bounded: the script's figures gave way
        QCOMPARE(statistics.forgottenStatements, qint64(1));
        const auto lookup = std::find_if(statistics.statements.begin(), statistics.statements.end(), [](const auto &s) {
            return s.text == "SELECT id FROM people WHERE id = ?";
        });
        QVERIFY(lookup != statistics.statements.end());
        QCOMPARE(lookup->calls, qint64(5));
        QCOMPARE(lookup->rows, qint64(3));
        QVERIFY(lookup->p95 > 0 && lookup->p95 <= lookup->longest * 1.001);
        const QJsonObject json = statistics.toJson();
        for (const char *key : {"total_queries", "slow_queries", "total_query_time", "average_query_time",
                                "slow_query_threshold"})
            QVERIFY2(json[QLatin1String(key)].isDouble(), key);
    }

    void slowStatementsHavePlansWithoutValues_data() { addDialectRows(); }
    void slowStatementsHavePlansWithoutValues()
    {
        QFETCH(Dialect, dialect);
        QueryMonitor monitor({true, std::chrono::duration<double>(0), false, 2, 10}); // everything is slow
        PoolSettings settings;
        settings.statements = &monitor;
        ConnectionPool pool(m_databases.fresh(dialect), settings);
        const SlowPlanFinder finder(monitor, pool);
        {
            auto lease = pool.lease();
            A360_VERIFY_OK(lease);
            A360_VERIFY_OK(lease->executeScript(people));
            A360_VERIFY_OK(lease->query(Sql(dialect, "SELECT id FROM people WHERE name = ").bind(QByteArray("secret-value")),
                                        {ColumnType::Integer}));
        }
        QTRY_VERIFY_WITH_TIMEOUT(!monitor.statistics().slowStatements.front().plan.isEmpty(), 10'000);
        const QueryStatistics statistics = monitor.statistics();
        const SlowStatement slow = statistics.slowStatements.front();
        QVERIFY2(slow.plan.contains("people"), slow.plan.constData());
        QVERIFY(!slow.plan.contains("secret-value"));
        QCOMPARE(slow.text, QByteArray("SELECT id FROM people WHERE name = ?"));
        QCOMPARE(statistics.totalQueries, qint64(2)); // finding the plan counts for nothing
    }

    void analysisFindsWhatIsMissing_data() { addDialectRows(); }
    void analysisFindsWhatIsMissing()
    {
        QFETCH(Dialect, dialect);
        ConnectionPool pool(m_databases.fresh(dialect), {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript(
            "CREATE TABLE big (id integer PRIMARY KEY, mail text);"
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
            "INSERT INTO big SELECT i, 'm' || i || '@x.example' FROM n; ANALYZE big;"));
        const Sql lookup = Sql(dialect, "SELECT id FROM big WHERE mail = ").bind(QByteArray("m5@x.example"));
        const auto scanned = analyzeQuery(*lease, lookup);
        A360_VERIFY_OK(scanned);
        QCOMPARE(scanned->scans.size(), size_t(1));
        QCOMPARE(scanned->scans.front().table, QByteArray("big"));
        QCOMPARE(scanned->suggestions.size(), size_t(1));
        QCOMPARE(scanned->suggestions.front().column, QByteArray("mail"));
        QVERIFY(scanned->estimatedCost > 0);
        QVERIFY(!scanned->warnings.isEmpty());

        A360_VERIFY_OK(lease->executeScript(scanned->suggestions.front().statement));
        const auto indexed = analyzeQuery(*lease, lookup);
        A360_VERIFY_OK(indexed);
        QVERIFY2(indexed->scans.empty(), planText(indexed->plan, PlanValues::Shown).constData());
        QVERIFY(indexed->suggestions.empty());
        QVERIFY2(indexed->warnings.isEmpty(), qPrintable(indexed->warnings.join(u'\n')));
        QVERIFY(indexed->estimatedCost < scanned->estimatedCost);

        const auto like = analyzeQuery(*lease, Sql(dialect, "SELECT id FROM big WHERE mail LIKE ").bind(QByteArray("%5@x%")));
        A360_VERIFY_OK(like);
        QVERIFY(like->warnings.join(u'\n').contains(QStringLiteral("LIKE with a wildcard in front")));
        const auto all = analyzeQuery(*lease, Sql(dialect, "SELECT * FROM big ORDER BY id LIMIT 5 OFFSET 50"));
        A360_VERIFY_OK(all);
        QVERIFY(all->warnings.join(u'\n').contains(QStringLiteral("SELECT *")));
        QVERIFY(all->warnings.join(u'\n').contains(QStringLiteral("OFFSET")));
        QVERIFY(all->toJson().contains(QStringLiteral("execution_plan")));
    }

    void sqliteAliasesAreNotMixedUp()
    {
        ConnectionPool pool(m_databases.fresh(Dialect::Sqlite), {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript("CREATE TABLE one (id integer PRIMARY KEY, a text);"
                                            "CREATE TABLE two (id integer PRIMARY KEY, a text);"
                                            "CREATE INDEX one_a ON one (a); CREATE INDEX two_a ON two (a);"));
        const auto text = [&](const char *statement) {
            const auto plan = explainQuery(*lease, Sql(Dialect::Sqlite, statement));
            return plan.ok() ? planText(*plan, PlanValues::Shown) : describe(plan.error());
        };
        // One alias stands for two tables; the index tells which is meant.
        const QByteArray indexed = text("SELECT x.id FROM one x WHERE x.a = 'k' UNION ALL SELECT x.id FROM two x WHERE x.a = 'k'");
        QVERIFY2(indexed.contains("SEARCH on one by one_a") && indexed.contains("SEARCH on two by two_a"), indexed.constData());
        // Without one nothing does: rather no table than a wrong one.
        const QByteArray bare = text("SELECT x.* FROM one x WHERE x.a LIKE '%k' UNION ALL SELECT x.* FROM two x WHERE x.a LIKE '%k'");
        QVERIFY2(bare.count("SCAN x\n") == 2 && !bare.contains(" on "), bare.constData());
        const QByteArray automatic =
            text("SELECT l.id FROM one l CROSS JOIN (SELECT DISTINCT a || 'x' AS b FROM two) r WHERE r.b = l.a || 'y'");
        QVERIFY2(!automatic.contains("by ("), automatic.constData());
    }

    void sqliteFullReadOfAnIndexIsAScan()
    {
        ConnectionPool pool(m_databases.fresh(Dialect::Sqlite), {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript(
            "CREATE TABLE big (id integer PRIMARY KEY, mail text, first text, last text); CREATE INDEX big_mail ON big (mail);"
            "CREATE TABLE hollow (id integer PRIMARY KEY, name text);"
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
            "INSERT INTO big (mail) SELECT 'm' || i FROM n;"));
        const auto counted = analyzeQuery(*lease, Sql(Dialect::Sqlite, "SELECT count(*) FROM big WHERE mail || 'x' = 'mx'"));
        A360_VERIFY_OK(counted);
        const QByteArray plan = planText(counted->plan, PlanValues::Shown);
        QVERIFY2(plan.contains("SCAN on big by big_mail"), plan.constData());
        QCOMPARE(counted->scans.size(), size_t(1));
        QCOMPARE(counted->scans.front().table, QByteArray("big"));
        QCOMPARE(counted->scans.front().rows, qint64(20000));
        QVERIFY(counted->warnings.join(u'\n').contains(QStringLiteral("The whole of big is read")));

        // The inner table of a join is not read when the outer one is empty.
        const auto unreached =
            analyzeQuery(*lease, Sql(Dialect::Sqlite, "SELECT b.id FROM hollow n CROSS JOIN big b WHERE n.name = 'x'"));
        A360_VERIFY_OK(unreached);
        QCOMPARE(unreached->scans.size(), size_t(1));
        QCOMPARE(unreached->scans.front().table, QByteArray("hollow"));
        QVERIFY2(unreached->warnings.isEmpty(), qPrintable(unreached->warnings.join(u'\n')));
        A360_VERIFY_OK(lease->executeScript("INSERT INTO hollow VALUES (1, 'x')"));
        const auto reached =
            analyzeQuery(*lease, Sql(Dialect::Sqlite, "SELECT b.id FROM hollow n CROSS JOIN big b WHERE n.name = 'x'"));
        A360_VERIFY_OK(reached);
        QCOMPARE(reached->scans.size(), size_t(2));
    }

    void expressionsAgree_data() { addDialectRows(); }
    void expressionsAgree()
    {
        QFETCH(Dialect, dialect);
        ConnectionPool pool(m_databases.fresh(dialect), {});
        auto lease = pool.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->executeScript(people));
        const Expression id = expression(dialect, "id", ColumnType::Integer);
        const Expression name = expression(dialect, "name");
        const Expression mail = expression(dialect, "mail");

        for (const bool binary : {false, true}) {
            const JsonMembers members{{"id", id}, {"it's", name}};
            const auto object = select(*lease, binary ? buildJsonbObject(dialect, members) : buildJsonObject(dialect, members),
                                       ColumnType::Text, "ORDER BY id");
            A360_VERIFY_OK(object);
            const QJsonObject first = QJsonDocument::fromJson(bytes(object->cell(0, 0))).object();
            QCOMPARE(first, (QJsonObject{{QStringLiteral("id"), 1}, {QStringLiteral("it's"), QStringLiteral("Ada")}}));
            QVERIFY(QJsonDocument::fromJson(bytes(object->cell(3, 0)))[QStringLiteral("it's")].isNull());
        }
        const auto list = [&](bool distinct, std::optional<ArrayOrder> order, const Expression &of) {
            const auto built = aggregateArray(of, distinct, std::move(order));
            const auto rows = built.ok() ? select(*lease, *built, ColumnType::TextList) : Result<RowBatch>(built.error());
            return rows.ok() ? elements(rows->cell(0, 0)) : QByteArrayList{describe(rows.error())};
        };
        QCOMPARE(list(true, {}, name), (QByteArrayList{"Ada", "bob", "NULL"}));
        QCOMPARE(list(true, ArrayOrder{{}, true}, name), (QByteArrayList{"bob", "Ada", "NULL"}));
        QCOMPARE(list(false, ArrayOrder{id, true}, name), (QByteArrayList{"NULL", "Ada", "bob", "Ada"}));
        QCOMPARE(list(true, {}, id), (QByteArrayList{"1", "2", "3", "10"}));
        QVERIFY(!aggregateArray(name, true, ArrayOrder{id, false}).ok());

        const auto json = select(*lease, jsonAgg(buildJsonObject(dialect, {{"n", name}}), ArrayOrder{id, true}), ColumnType::Text);
        A360_VERIFY_OK(json);
        const QJsonArray array = QJsonDocument::fromJson(bytes(json->cell(0, 0))).array();
        QCOMPARE(array.size(), 4);
        QCOMPARE(array.at(3).toObject(), (QJsonObject{{QStringLiteral("n"), QStringLiteral("Ada")}}));

        const Expression parts = stringToArray(boundValue(dialect, QByteArray("a,,c")), ",");
        const auto split = select(*lease, parts, ColumnType::TextList, "LIMIT 1");
        A360_VERIFY_OK(split);
        QCOMPARE(elements(split->cell(0, 0)), (QByteArrayList{"a", "", "c"}));
        const auto joined = select(*lease, arrayToString(parts, " | "), ColumnType::Text, "LIMIT 1");
        A360_VERIFY_OK(joined);
        QCOMPARE(bytes(joined->cell(0, 0)), QByteArray("a |  | c"));
        const auto domains = select(*lease, emailDomain(mail), ColumnType::Text, "ORDER BY id");
        A360_VERIFY_OK(domains);
        QCOMPARE(bytes(domains->cell(0, 0)), QByteArray("b.example"));
        QCOMPARE(bytes(domains->cell(2, 0)), QByteArray("NULL"));
    }

private:
    TestDatabases m_databases;
};

QTEST_GUILESS_MAIN(TestQueryTools)
#include "tst_query_tools.moc"
