// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/connection_pool.h"
#include "db/timestamp_text.h"
#include "support/test_databases.h"

#include <QtTest>

#include <limits>

using namespace a360;
using namespace a360::db;

/// Every type of cell, with awkward values, by every road on both databases.
class TestCells : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }
    void decision23_boundValuesReturnUnchanged_data() { test::addDialectRows(); }
    void decision23_boundValuesReturnUnchanged();
    void bulkLoadedRowsReturnByQueryAndStream_data() { test::addDialectRows(); }
    void bulkLoadedRowsReturnByQueryAndStream();
    void streamBindsEveryKindOfValue_data() { test::addDialectRows(); }
    void streamBindsEveryKindOfValue();
    void batchesKeepTheirBudgets_data() { test::addDialectRows(); }
    void batchesKeepTheirBudgets();
    void timeOutsideTheRangeIsRefused();
    void foreignTypesAreRead();
    void foreignTypesAreWritten();

private:
    Result<Lease> table(ConnectionPool &pool);
    test::TestDatabases m_databases;
};

namespace {

const std::vector<ColumnType> allTypes{ColumnType::Integer, ColumnType::Text, ColumnType::Integer, ColumnType::Timestamp,
                                       ColumnType::TextList};

std::vector<QByteArray> texts()
{
    return {"",
            "plain",
            "Grüße aus Köln",
            "\xF0\x9F\x98\x80 emoji \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB",
            "line\nbreak\r\nand\ttab",
            "quotes ' \" ` and back\\slash",
            "{braces,and\"commas\"}",
            "NULL",
            "\\N",
            "$1 ?1 :name %s %1",
            "a;b--c/*d*/",
            "['json']",
            "[\"json\"]",
            " leading and trailing ",
            "\xE2\x80\xA8 separator",
            QByteArray(100'000, 'x')};
}

std::vector<TextList> lists()
{
    return {{},
            {""},
            {"", ""},
            {"one"},
            {"with,comma", "with\"quote", "with\\backslash", "with{brace}", "NULL", "null"},
            {"line\nbreak", "tab\t", "\x01 control", "\xF0\x9F\x98\x80"},
            {" space ", "['a','b']", "[\"a\",\"b\"]"}};
}

std::vector<qint64> integers()
{
    return {0, 1, -1, 42, std::numeric_limits<qint32>::max(), std::numeric_limits<qint64>::max(),
            std::numeric_limits<qint64>::min()};
}

std::vector<qint64> times()
{
    return {0,
            1,
            -1,                                // 1969-12-31T23:59:59.999999
            1'762'619'180'987'054,             // with microseconds
            946'684'800'000'000,               // PostgreSQL's own epoch
            -62'135'596'800'000'000,           // 0001-01-01
            -11'644'473'600'000'001,           // before 1601
            253'402'300'799'999'999};          // 9999-12-31T23:59:59.999999
}

std::string listBytes(const TextList &list, bool withNull)
{
    std::string bytes;
    const auto add = [&bytes](qint32 size) { bytes.append(reinterpret_cast<const char *>(&size), sizeof size); };
    for (const QByteArray &element : list) {
        add(static_cast<qint32>(element.size()));
        bytes.append(element.constData(), static_cast<size_t>(element.size()));
    }
    if (withNull)
        add(-1);
    return bytes;
}

/// As many rows as the longest list of samples; the shorter ones are repeated, every fourth cell is NULL.
RowBatch sampleRows(qint64 firstId = 1, int repeat = 1)
{
    RowBatch batch(allTypes);
    qint64 id = firstId;
    for (int round = 0; round < repeat; ++round) {
        for (size_t i = 0; i < 24; ++i, ++id) {
            batch.appendInteger(id);
            i % 6 == 5 ? batch.appendNull() : batch.appendText(texts()[i % texts().size()].toStdString());
            i % 4 == 3 ? batch.appendNull() : batch.appendInteger(integers()[i % integers().size()]);
            i % 5 == 4 ? batch.appendNull() : batch.appendTimestamp(times()[i % times().size()]);
            i % 7 == 6 ? batch.appendNull() : batch.appendListBytes(listBytes(lists()[i % lists().size()], i % 3 == 0));
        }
    }
    return batch;
}

bool sameCell(Cell a, Cell b)
{
    return a.isNull() == b.isNull() && a.text() == b.text();
}

/// Row and column of the first difference, or nothing.
QByteArray firstDifference(const RowBatch &got, qsizetype gotRow, const RowBatch &expected, qsizetype expectedRow)
{
    for (int column = 0; column < expected.columnCount(); ++column) {
        if (!sameCell(got.cell(gotRow, column), expected.cell(expectedRow, column)))
            return "row " + QByteArray::number(expectedRow) + ", column " + QByteArray::number(column);
    }
    return {};
}

} // namespace

Result<Lease> TestCells::table(ConnectionPool &pool)
{
    A360_TRY_ASSIGN(Lease lease, pool.lease());
    A360_TRY(lease.executeScript(pool.dialect() == Dialect::PostgreSql
                                     ? QByteArrayView("CREATE TABLE cells (id bigint PRIMARY KEY, txt text, num bigint, "
                                                      "at timestamp, list text[])")
                                     : QByteArrayView("CREATE TABLE cells (id INTEGER PRIMARY KEY, txt TEXT, num INTEGER, "
                                                      "at TEXT, list TEXT)")));
    return lease;
}

void TestCells::decision23_boundValuesReturnUnchanged()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> leased = table(pool);
    A360_VERIFY_OK(leased);
    Lease &lease = *leased;
    const auto echoed = [&](const Value &value, ColumnType type) {
        return lease.query(Sql(dialect, "SELECT ").bind(value), {type});
    };
    for (const QByteArray &text : texts()) {
        const Result<RowBatch> rows = echoed(text, ColumnType::Text);
        A360_VERIFY_OK(rows);
        QCOMPARE(QByteArray::fromStdString(std::string((*rows).cell(0, 0).text())), text);
        QVERIFY(!(*rows).cell(0, 0).isNull());
    }
    for (const qint64 number : integers()) {
        const Result<RowBatch> rows = echoed(number, ColumnType::Integer);
        A360_VERIFY_OK(rows);
        QCOMPARE((*rows).cell(0, 0).integer(), number);
    }
    for (const TextList &list : lists()) {
        const Result<RowBatch> rows = echoed(list, ColumnType::TextList);
        A360_VERIFY_OK(rows);
        QVERIFY((*rows).cell(0, 0).text() == listBytes(list, false));
    }
    const Result<RowBatch> null = echoed(Value(), ColumnType::Text);
    A360_VERIFY_OK(null);
    QVERIFY((*null).cell(0, 0).isNull());
    // Nothing is left behind on the connection: no prepared statement that a pooler would lose or that piles up.
    if (dialect == Dialect::PostgreSql)
        QCOMPARE(*lease.queryInteger(Sql(dialect, "SELECT count(*) FROM pg_prepared_statements")), 0);
}

void TestCells::bulkLoadedRowsReturnByQueryAndStream()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> leased = table(pool);
    A360_VERIFY_OK(leased);
    Lease &lease = *leased;
    const RowBatch sample = sampleRows();
    {
        auto load = lease.bulkLoad("cells", {"id", "txt", "num", "at", "list"}, allTypes);
        A360_VERIFY_OK(load);
        A360_VERIFY_OK((*load)->append(sample));
        const Result<qint64> rows = (*load)->finish();
        A360_VERIFY_OK(rows);
        QCOMPARE(*rows, sample.rowCount());
    }
    const Sql select(dialect, "SELECT id, txt, num, at, list FROM cells ORDER BY id");
    const Result<RowBatch> queried = lease.query(select, allTypes);
    A360_VERIFY_OK(queried);
    QCOMPARE((*queried).rowCount(), sample.rowCount());
    for (qsizetype row = 0; row < sample.rowCount(); ++row)
        QCOMPARE(firstDifference(*queried, row, sample, row), QByteArray());

    auto stream = lease.stream(select, allTypes);
    A360_VERIFY_OK(stream);
    RowBatch batch;
    qsizetype seen = 0;
    for (;;) {
        const Result<bool> more = (*stream)->next(batch, 64 * 1024, 5);
        A360_VERIFY_OK(more);
        if (!*more)
            break;
        for (qsizetype row = 0; row < batch.rowCount(); ++row, ++seen)
            QCOMPARE(firstDifference(batch, row, sample, seen), QByteArray());
    }
    QCOMPARE(seen, sample.rowCount());
    stream->reset();
    if (dialect == Dialect::Sqlite) { // fixed width: the order of bytes is the order of time
        const Result<qint64> wrong = lease.queryInteger(
            Sql(dialect, "SELECT count(*) FROM cells WHERE at IS NOT NULL AND (length(at) <> 26 OR at NOT LIKE '%T%')"));
        A360_VERIFY_OK(wrong);
        QCOMPARE(*wrong, 0);
    }
}

void TestCells::streamBindsEveryKindOfValue()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    for (const QByteArray &text : texts()) {
        Sql select(dialect, "SELECT ");
        select.bind(text).raw(", ").bind(qint64(-7)).raw(" - ").bind(qint64(-1)).raw(", ").bind(TextList{text, "b"});
        select.raw(", ").bind(Value());
        auto stream = lease->stream(select, {ColumnType::Text, ColumnType::Integer, ColumnType::TextList, ColumnType::Text});
        A360_VERIFY_OK(stream);
        RowBatch batch;
        const Result<bool> more = (*stream)->next(batch);
        A360_VERIFY_OK(more);
        QVERIFY(*more);
        QCOMPARE(QByteArray::fromStdString(std::string(batch.cell(0, 0).text())), text);
        QCOMPARE(batch.cell(0, 1).integer(), -6);
        QVERIFY(batch.cell(0, 2).text() == listBytes({text, "b"}, false));
        QVERIFY(batch.cell(0, 3).isNull());
    }
}

void TestCells::batchesKeepTheirBudgets()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    const QByteArray rows = dialect == Dialect::PostgreSql
                                ? "SELECT n, repeat('x', 100) FROM generate_series(1, 20000) n"
                                : "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 20000) "
                                  "SELECT n, printf('%.100c', 'x') FROM s";
    auto stream = lease->stream(Sql(dialect, rows), {ColumnType::Integer, ColumnType::Text});
    A360_VERIFY_OK(stream);
    RowBatch batch;
    qint64 expected = 1;
    bool useRows = false;
    for (;; useRows = !useRows) {
        const Result<bool> more = useRows ? (*stream)->next(batch, 1 << 20, 10) : (*stream)->next(batch, 5000, 4096);
        A360_VERIFY_OK(more);
        if (!*more)
            break;
        if (useRows)
            QVERIFY(batch.rowCount() <= 10);
        else
            QVERIFY(batch.byteCount() <= 5000 + 108);
        for (qsizetype row = 0; row < batch.rowCount(); ++row)
            QCOMPARE(batch.cell(row, 0).integer(), expected++);
    }
    QCOMPARE(expected, 20001);
    const Result<bool> after = (*stream)->next(batch);
    A360_VERIFY_OK(after);
    QVERIFY(!*after);
}

void TestCells::timeOutsideTheRangeIsRefused()
{
    ConnectionPool pool(m_databases.fresh(Dialect::Sqlite), {});
    Result<Lease> lease = table(pool);
    A360_VERIFY_OK(lease);
    RowBatch batch({ColumnType::Timestamp});
    batch.appendTimestamp(253'402'300'800'000'000); // the year 10000
    auto load = lease->bulkLoad("cells", {"at"}, {ColumnType::Timestamp});
    A360_VERIFY_OK(load);
    const Result<void> appended = (*load)->append(batch);
    QVERIFY(!appended.ok());
    QCOMPARE(appended.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(appended.error().field, QStringLiteral("at"));
}

void TestCells::foreignTypesAreRead()
{
    ConnectionPool pool(m_databases.fresh(Dialect::PostgreSql), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript("CREATE TYPE mood AS ENUM ('happy')"));
    const auto text = [&](const QByteArray &expression) {
        const Sql select(Dialect::PostgreSql, "SELECT " + expression);
        const Result<RowBatch> rows = lease->query(select, {ColumnType::Text});
        if (!rows.ok())
            return test::describe(rows.error());
        return QByteArray::fromStdString(std::string((*rows).cell(0, 0).text()));
    };
    QCOMPARE(text("12345678901234567890.0012300::numeric"), QByteArray("12345678901234567890.0012300"));
    QCOMPARE(text("-0.00012::numeric"), QByteArray("-0.00012"));
    QCOMPARE(text("10000::numeric"), QByteArray("10000"));
    QCOMPARE(text("0::numeric"), QByteArray("0"));
    QCOMPARE(text("0.5::numeric"), QByteArray("0.5"));
    QCOMPARE(text("'NaN'::numeric"), QByteArray("NaN"));
    QCOMPARE(text("1.5::float8"), QByteArray("1.5"));
    QCOMPARE(text("true"), QByteArray("true"));
    QCOMPARE(text("(-7)::int2"), QByteArray("-7"));
    QCOMPARE(text("'00112233-4455-6677-8899-aabbccddeeff'::uuid"), QByteArray("00112233-4455-6677-8899-aabbccddeeff"));
    QCOMPARE(text("'{\"a\": 1}'::jsonb"), QByteArray("{\"a\": 1}"));
    QCOMPARE(text("'happy'::mood"), QByteArray("happy"));
    QCOMPARE(text("'2024-02-29'::date"), QByteArray("2024-02-29"));
    QCOMPARE(text("'2024-02-29 01:02:03.000004'::timestamp"), QByteArray("2024-02-29T01:02:03.000004"));
    QCOMPARE(text("ARRAY['a','b c']"), QByteArray("{\"a\",\"b c\"}"));

    const Sql dates(Dialect::PostgreSql, "SELECT '1970-01-02'::date, '1970-01-01 01:00+01'::timestamptz, "
                                         "'infinity'::timestamp, true, 7::numeric, ARRAY[[1,2],[3,4]]::bigint[]");
    const Result<RowBatch> rows =
        lease->query(dates, {ColumnType::Timestamp, ColumnType::Timestamp, ColumnType::Timestamp, ColumnType::Integer,
                             ColumnType::Integer, ColumnType::TextList});
    A360_VERIFY_OK(rows);
    QCOMPARE((*rows).cell(0, 0).integer(), 86'400'000'000);
    QCOMPARE((*rows).cell(0, 1).integer(), 0);
    QCOMPARE((*rows).cell(0, 2).integer(), infiniteFuture);
    QCOMPARE(text("'infinity'::timestamp"), QByteArray("9999-12-31T23:59:59.999999"));
    QCOMPARE(text("'-infinity'::timestamptz"), QByteArray("0001-01-01T00:00:00.000000"));
    QCOMPARE(text("'infinity'::date"), QByteArray("9999-12-31"));
    QCOMPARE((*rows).cell(0, 3).integer(), 1);
    QCOMPARE((*rows).cell(0, 4).integer(), 7);
    QVERIFY((*rows).cell(0, 5).text() == listBytes({"1", "2", "3", "4"}, false));

    const Result<RowBatch> fraction = lease->query(Sql(Dialect::PostgreSql, "SELECT 7.5::numeric"), {ColumnType::Integer});
    QVERIFY(!fraction.ok());
    const Result<RowBatch> point = lease->query(Sql(Dialect::PostgreSql, "SELECT point(1,2) AS spot"), {ColumnType::Text});
    QVERIFY(!point.ok());
    QVERIFY(point.error().message.contains(QStringLiteral("spot")));
}

void TestCells::foreignTypesAreWritten()
{
    ConnectionPool pool(m_databases.fresh(Dialect::PostgreSql), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript("CREATE SCHEMA \"odd schema\"; CREATE TABLE \"odd schema\".t (a int, b smallint, "
                                        "c varchar(40), d timestamptz, e varchar(10)[], f jsonb, \"odd \"\"col\" text)"));
    RowBatch batch({ColumnType::Integer, ColumnType::Integer, ColumnType::Text, ColumnType::Timestamp, ColumnType::TextList,
                    ColumnType::Text, ColumnType::Text});
    const auto row = [&batch](qint64 a) {
        batch.clear();
        batch.appendInteger(a);
        batch.appendInteger(-2);
        batch.appendText("text");
        batch.appendTimestamp(1'500'000);
        batch.appendListBytes(listBytes({"x", "y"}, true));
        batch.appendText("{\"k\":1}");
        batch.appendText("odd");
    };
    const auto load = [&]() -> Result<qint64> {
        A360_TRY_ASSIGN(auto sink, lease->bulkLoad("odd schema.t", {"a", "b", "c", "d", "e", "f", "odd \"col"}, batch.types()));
        A360_TRY(sink->append(batch));
        return sink->finish();
    };
    row(1);
    A360_VERIFY_OK(load());
    batch.clear();
    for (const qint64 time : {infiniteFuture, infinitePast}) {
        for (const qint64 number : {5, 5})
            batch.appendInteger(number);
        batch.appendNull();
        batch.appendTimestamp(time);
        for (int i = 0; i < 3; ++i)
            batch.appendNull();
    }
    A360_VERIFY_OK(load());
    const Sql infinite(Dialect::PostgreSql, "SELECT count(*) FROM \"odd schema\".t WHERE d IN ('infinity', '-infinity')");
    QCOMPARE(*lease->queryInteger(infinite), 2);
    A360_VERIFY_OK(lease->executeScript("DELETE FROM \"odd schema\".t WHERE a = 5"));
    row(3'000'000'000); // no int4
    const Result<qint64> tooBig = load();
    QVERIFY(!tooBig.ok());
    QCOMPARE(tooBig.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(tooBig.error().field, QStringLiteral("a"));
    const Sql select(Dialect::PostgreSql, "SELECT a || '/' || b || '/' || c || '/' || extract(epoch FROM d) || '/' || "
                                          "array_to_string(e, ',', '-') || '/' || (f ->> 'k') FROM \"odd schema\".t");
    const Result<RowBatch> rows = lease->query(select, {ColumnType::Text});
    A360_VERIFY_OK(rows);
    QCOMPARE((*rows).rowCount(), 1);
    QVERIFY((*rows).cell(0, 0).text() == "1/-2/text/1.500000/x,y,-/1");
}

QTEST_GUILESS_MAIN(TestCells)
#include "tst_cells.moc"
