// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/connection_pool.h"
#include "support/test_databases.h"

#include <QtTest>

#include <thread>

using namespace a360;
using namespace a360::db;
using namespace std::chrono_literals;

/// Statements, streams and loads that are cancelled, run late, or lose their server; and what the lease is good for then.
class TestInterruption : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }
    void cancelEndsAStatement_data() { test::addDialectRows(); }
    void cancelEndsAStatement();
    void cancelledBeforeTheStart_data() { test::addDialectRows(); }
    void cancelledBeforeTheStart();
    void timeoutEndsAStatement_data() { test::addDialectRows(); }
    void timeoutEndsAStatement();
    void decision23_timeoutIsLocal();
    void cancelEndsAStream_data() { test::addDialectRows(); }
    void cancelEndsAStream();
    void cancelEndsAStreamThatIsSilent_data() { test::addDialectRows(); }
    void cancelEndsAStreamThatIsSilent();
    void droppedStreamLeavesTheLeaseUsable_data() { test::addDialectRows(); }
    void droppedStreamLeavesTheLeaseUsable();
    void streamReportsAnErrorInTheMiddle_data() { test::addDialectRows(); }
    void streamReportsAnErrorInTheMiddle();
    void streamReportsALostServer();
    void cancelEndsALoad_data() { test::addDialectRows(); }
    void cancelEndsALoad();
    void cancelEndsALoadThatWaits();
    void droppedLoadLeavesNothing_data() { test::addDialectRows(); }
    void droppedLoadLeavesNothing();
    void loadReportsARefusedRow_data() { test::addDialectRows(); }
    void loadReportsARefusedRow();
    void loadReportsALostServer();
    void nothingElseRunsBesideAStream_data() { test::addDialectRows(); }
    void nothingElseRunsBesideAStream();
    void failedStatementInATransactionIsHeardAtCommit();
    void lockedRowsAreAConflict();
    void busySqliteFileIsAConflict();
    void errorsNeverShowValues();
    void snapshotHidesLaterChanges_data() { test::addDialectRows(); }
    void snapshotHidesLaterChanges();

private:
    static bool usable(Lease &lease)
    {
        const Result<qint64> one = lease.queryInteger(Sql(lease.dialect(), "SELECT 1"));
        return one.ok() && one.value() == 1;
    }
    test::TestDatabases m_databases;
};

namespace {

/// Runs for hours.
Sql endless(Dialect dialect)
{
    return Sql(dialect, dialect == Dialect::PostgreSql
                            ? "SELECT count(*) FROM (SELECT generate_series(1, 10000000000)) s"
                            : "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s) SELECT count(*) FROM s");
}

/// Rows without end, the n-th holding n and a text.
Sql endlessRows(Dialect dialect)
{
    return Sql(dialect, dialect == Dialect::PostgreSql
                            ? "SELECT generate_series(1, 10000000000), repeat('x', 200)"
                            : "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s) SELECT n, printf('%.200c', 'x') FROM s");
}

const std::vector<ColumnType> rowTypes{ColumnType::Integer, ColumnType::Text};

RowBatch someRows(qint64 first, int count)
{
    RowBatch batch(rowTypes);
    for (int i = 0; i < count; ++i) {
        batch.appendInteger(first + i);
        batch.appendText(std::string(200, 'y'));
    }
    return batch;
}

/// Cancels from another thread after a while.
class CancelLater
{
public:
    explicit CancelLater(std::chrono::milliseconds delay)
        : m_thread([this, delay] {
              std::unique_lock lock(m_mutex);
              m_stop.wait_for(lock, delay, [this] { return m_stopped; });
              m_at.start();
              m_source.cancel();
          })
    {
    }
    ~CancelLater()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_stopped = true;
        }
        m_stop.notify_one();
        m_thread.join();
    }
    CancelToken token() const { return m_source.token(); }
    qint64 millisecondsSince() const { return m_at.elapsed(); }

private:
    CancelSource m_source;
    QElapsedTimer m_at;
    std::mutex m_mutex;
    std::condition_variable m_stop;
    bool m_stopped = false;
    std::thread m_thread;
};

Result<void> readAll(RowStream &stream)
{
    RowBatch batch;
    for (;;) {
        A360_TRY_ASSIGN(const bool more, stream.next(batch));
        if (!more)
            return {};
    }
}

} // namespace

void TestInterruption::cancelEndsAStatement()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    CancelLater later(100ms);
    const Result<qint64> result = lease->queryInteger(endless(dialect), {0ms, later.token()});
    QVERIFY(!result.ok());
    QVERIFY2(result.error().code == ErrorCode::Cancelled, test::describe(result.error()).constData());
    QVERIFY2(later.millisecondsSince() < 700, QByteArray::number(later.millisecondsSince()).constData());
    QVERIFY(usable(*lease));
    QVERIFY(!lease->inTransaction());
}

void TestInterruption::cancelledBeforeTheStart()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    CancelSource source;
    source.cancel();
    const Result<qint64> result = lease->queryInteger(endless(dialect), {0ms, source.token()});
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code, ErrorCode::Cancelled);
    const auto stream = lease->stream(endlessRows(dialect), rowTypes, source.token());
    QVERIFY(!stream.ok());
    QCOMPARE(stream.error().code, ErrorCode::Cancelled);
    QVERIFY(usable(*lease));
}

void TestInterruption::timeoutEndsAStatement()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    QElapsedTimer timer;
    timer.start();
    const Result<qint64> result = lease->queryInteger(endless(dialect), {200ms, {}});
    QVERIFY(!result.ok());
    QVERIFY2(result.error().code == ErrorCode::Timeout, test::describe(result.error()).constData());
    QVERIFY(timer.elapsed() >= 190);
    QVERIFY(timer.elapsed() < 1500);
    QVERIFY(usable(*lease));
    QVERIFY(!lease->inTransaction());
    // In time, it does its work; and the effect of a timed statement is kept.
    A360_VERIFY_OK(lease->executeScript("CREATE TABLE t (n INTEGER)"));
    const Result<qint64> inserted = lease->execute(Sql(dialect, "INSERT INTO t VALUES (1)"), {5s, {}});
    A360_VERIFY_OK(inserted);
    QCOMPARE(*inserted, 1);
    QCOMPARE(*lease->queryInteger(Sql(dialect, "SELECT count(*) FROM t"), {5s, {}}), 1);
}

void TestInterruption::decision23_timeoutIsLocal()
{
    ConnectionPool pool(m_databases.fresh(Dialect::PostgreSql), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    const Sql ask(Dialect::PostgreSql, "SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout'");
    QCOMPARE(*lease->queryInteger(ask, {1500ms, {}}), 1500);
    QCOMPARE(*lease->queryInteger(ask), 0);
    A360_VERIFY_OK(lease->begin(TransactionMode::ReadWrite));
    QCOMPARE(*lease->queryInteger(ask, {1500ms, {}}), 1500);
    QCOMPARE(*lease->queryInteger(ask), 0); // also inside the caller's transaction it ends with the statement
    A360_VERIFY_OK(lease->commit());
}

void TestInterruption::cancelEndsAStream()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    CancelLater later(150ms);
    auto stream = lease->stream(endlessRows(dialect), rowTypes, later.token());
    A360_VERIFY_OK(stream);
    const Result<void> end = readAll(**stream);
    QVERIFY(!end.ok());
    QVERIFY2(end.error().code == ErrorCode::Cancelled, test::describe(end.error()).constData());
    QVERIFY2(later.millisecondsSince() < 700, QByteArray::number(later.millisecondsSince()).constData());
    stream->reset();
    QVERIFY(usable(*lease));
}

void TestInterruption::cancelEndsAStreamThatIsSilent()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    CancelLater later(150ms);
    // PostgreSQL says that a copy has begun only with its first rows: there the opening itself is cancelled.
    auto stream = lease->stream(endless(dialect), {ColumnType::Integer}, later.token());
    const Result<void> end = stream.ok() ? readAll(**stream) : Result<void>(stream.error());
    QVERIFY(!end.ok());
    QVERIFY2(end.error().code == ErrorCode::Cancelled, test::describe(end.error()).constData());
    QVERIFY2(later.millisecondsSince() < 700, QByteArray::number(later.millisecondsSince()).constData());
    if (stream.ok())
        stream->reset();
    QVERIFY(usable(*lease));
}

void TestInterruption::droppedStreamLeavesTheLeaseUsable()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->begin(TransactionMode::ReadSnapshot));
    QElapsedTimer timer;
    {
        auto stream = lease->stream(endlessRows(dialect), rowTypes);
        A360_VERIFY_OK(stream);
        RowBatch batch;
        const Result<bool> more = (*stream)->next(batch);
        A360_VERIFY_OK(more);
        QVERIFY(*more);
        timer.start();
    }
    QVERIFY(timer.elapsed() < 1000);
    A360_VERIFY_OK(lease->rollback());
    QVERIFY(usable(*lease));
    *lease = Lease();
    QCOMPARE(pool.stats().totalInvalidated, 0);
    QCOMPARE(pool.stats().checkedIn, 1);
}

void TestInterruption::streamReportsAnErrorInTheMiddle()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    const Sql select(dialect, dialect == Dialect::PostgreSql
                                  ? "SELECT n, (100 / (n - 50000))::text FROM generate_series(1, 60000) n"
                                  : "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 60000) "
                                    "SELECT n, json_extract(iif(n = 50000, 'x{', '{}'), '$') FROM s");
    auto stream = lease->stream(select, rowTypes);
    A360_VERIFY_OK(stream);
    const Result<void> end = readAll(**stream);
    QVERIFY(!end.ok());
    QVERIFY2(end.error().code == ErrorCode::Database, test::describe(end.error()).constData());
    QVERIFY(!end.error().detail.isEmpty());
    if (dialect == Dialect::PostgreSql)
        QVERIFY(end.error().detail.contains(QStringLiteral("22012")));
    stream->reset();
    QVERIFY(usable(*lease));
}

void TestInterruption::streamReportsALostServer()
{
    const DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    ConnectionPool pool(url, {});
    {
        Result<Lease> lease = pool.lease();
        A360_VERIFY_OK(lease);
        const Result<qint64> pid = lease->queryInteger(Sql(Dialect::PostgreSql, "SELECT pg_backend_pid()"));
        A360_VERIFY_OK(pid);
        auto stream = lease->stream(endlessRows(Dialect::PostgreSql), rowTypes);
        A360_VERIFY_OK(stream);
        RowBatch batch;
        A360_VERIFY_OK((*stream)->next(batch));
        A360_VERIFY_OK(m_databases.postgres().run(url, "SELECT pg_terminate_backend(" + QByteArray::number(*pid) + ')'));
        const Result<void> end = readAll(**stream);
        QVERIFY(!end.ok());
        QVERIFY2(end.error().code == ErrorCode::Unavailable, test::describe(end.error()).constData());
        QVERIFY(end.error().isTransient());
        stream->reset();
        QVERIFY(!usable(*lease));
    }
    QCOMPARE(pool.stats().totalInvalidated, 1);
    Result<Lease> next = pool.lease();
    A360_VERIFY_OK(next);
    QVERIFY(usable(*next));
}

void TestInterruption::cancelEndsALoad()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript("CREATE TABLE t (n BIGINT, txt TEXT)"));
    CancelLater later(150ms);
    {
        auto load = lease->bulkLoad("t", {"n", "txt"}, rowTypes, later.token());
        A360_VERIFY_OK(load);
        const RowBatch rows = someRows(1, 1000);
        Result<void> appended;
        while (appended.ok())
            appended = (*load)->append(rows);
        QVERIFY2(appended.error().code == ErrorCode::Cancelled, test::describe(appended.error()).constData());
        QVERIFY2(later.millisecondsSince() < 700, QByteArray::number(later.millisecondsSince()).constData());
        const Result<qint64> finished = (*load)->finish();
        QVERIFY(!finished.ok()); // it cannot be finished any more
    }
    QVERIFY(usable(*lease));
    QCOMPARE(*lease->queryInteger(Sql(dialect, "SELECT count(*) FROM t")), 0);
}

void TestInterruption::cancelEndsALoadThatWaits()
{
    const DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    ConnectionPool pool(url, {});
    Result<Lease> lease = pool.lease(), other = pool.lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(other);
    A360_VERIFY_OK(lease->executeScript("CREATE TABLE t (n BIGINT PRIMARY KEY, txt TEXT)"));
    A360_VERIFY_OK(other->begin(TransactionMode::ReadWrite));
    A360_VERIFY_OK(other->executeScript("INSERT INTO t VALUES (1, 'not committed')"));
    CancelLater later(300ms);
    {
        auto load = lease->bulkLoad("t", {"n", "txt"}, rowTypes, later.token());
        A360_VERIFY_OK(load);
        // The server stops reading at the first row, which waits for the other transaction; our side fills up.
        Result<void> appended;
        for (int i = 0; appended.ok() && i < 1000; ++i)
            appended = (*load)->append(someRows(1 + i * 1000, 1000));
        QVERIFY(!appended.ok());
        QVERIFY2(appended.error().code == ErrorCode::Cancelled, test::describe(appended.error()).constData());
    }
    QVERIFY2(later.millisecondsSince() < 1500, QByteArray::number(later.millisecondsSince()).constData());
    A360_VERIFY_OK(other->rollback());
    QVERIFY(usable(*lease));
    QCOMPARE(*lease->queryInteger(Sql(Dialect::PostgreSql, "SELECT count(*) FROM t")), 0);
}

void TestInterruption::droppedLoadLeavesNothing()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript("CREATE TABLE t (n BIGINT, txt TEXT)"));
    {
        auto load = lease->bulkLoad("t", {"n", "txt"}, rowTypes);
        A360_VERIFY_OK(load);
        A360_VERIFY_OK((*load)->append(someRows(1, 5000)));
    }
    QVERIFY(!lease->inTransaction());
    QVERIFY(usable(*lease));
    QCOMPARE(*lease->queryInteger(Sql(dialect, "SELECT count(*) FROM t")), 0);
    // In the caller's transaction a finished load waits for the commit.
    A360_VERIFY_OK(lease->begin(TransactionMode::ReadWrite));
    {
        auto load = lease->bulkLoad("t", {"n", "txt"}, rowTypes);
        A360_VERIFY_OK(load);
        A360_VERIFY_OK((*load)->append(someRows(1, 10)));
        A360_VERIFY_OK((*load)->finish());
    }
    QVERIFY(lease->inTransaction());
    A360_VERIFY_OK(lease->rollback());
    QCOMPARE(*lease->queryInteger(Sql(dialect, "SELECT count(*) FROM t")), 0);
}

void TestInterruption::loadReportsARefusedRow()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript("CREATE TABLE t (n BIGINT PRIMARY KEY, txt TEXT)"));
    {
        auto load = lease->bulkLoad("t", {"n", "txt"}, rowTypes);
        A360_VERIFY_OK(load);
        Result<void> done = (*load)->append(someRows(1, 20'000));
        if (done.ok())
            done = (*load)->append(someRows(7, 20'000)); // the keys again
        const Result<qint64> finished = done.ok() ? (*load)->finish() : Result<qint64>(done.error());
        QVERIFY(!finished.ok());
        QVERIFY2(finished.error().code == ErrorCode::Database, test::describe(finished.error()).constData());
        if (dialect == Dialect::PostgreSql)
            QVERIFY2(finished.error().detail.contains(QStringLiteral("23505")), qPrintable(finished.error().detail));
    }
    QVERIFY(usable(*lease));
    QCOMPARE(*lease->queryInteger(Sql(dialect, "SELECT count(*) FROM t")), 0);
}

void TestInterruption::loadReportsALostServer()
{
    const DatabaseUrl url = m_databases.fresh(Dialect::PostgreSql);
    ConnectionPool pool(url, {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript("CREATE TABLE t (n BIGINT, txt TEXT)"));
    const Result<qint64> pid = lease->queryInteger(Sql(Dialect::PostgreSql, "SELECT pg_backend_pid()"));
    A360_VERIFY_OK(pid);
    {
        auto load = lease->bulkLoad("t", {"n", "txt"}, rowTypes);
        A360_VERIFY_OK(load);
        A360_VERIFY_OK((*load)->append(someRows(1, 1000)));
        A360_VERIFY_OK(m_databases.postgres().run(url, "SELECT pg_terminate_backend(" + QByteArray::number(*pid) + ", 5000)"));
        Result<void> done;
        for (int i = 0; done.ok() && i < 10'000; ++i)
            done = (*load)->append(someRows(1, 1000));
        QVERIFY(!done.ok());
        QVERIFY2(done.error().code == ErrorCode::Unavailable, test::describe(done.error()).constData());
    }
    *lease = Lease();
    QCOMPARE(pool.stats().totalInvalidated, 1);
}

void TestInterruption::nothingElseRunsBesideAStream()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    auto stream = lease->stream(endlessRows(dialect), rowTypes);
    A360_VERIFY_OK(stream);
    QVERIFY(!usable(*lease));
    const auto second = lease->stream(endlessRows(dialect), rowTypes);
    QVERIFY(!second.ok());
    QVERIFY(!lease->begin(TransactionMode::ReadWrite).ok());
    RowBatch batch;
    const Result<bool> more = (*stream)->next(batch);
    A360_VERIFY_OK(more); // the stream is not disturbed by them
    QCOMPARE(batch.cell(0, 0).integer(), 1);
}

void TestInterruption::failedStatementInATransactionIsHeardAtCommit()
{
    ConnectionPool pool(m_databases.fresh(Dialect::PostgreSql), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript("CREATE TABLE t (n INTEGER)"));
    A360_VERIFY_OK(lease->begin(TransactionMode::ReadWrite));
    A360_VERIFY_OK(lease->executeScript("INSERT INTO t VALUES (1)"));
    QVERIFY(!lease->execute(Sql(Dialect::PostgreSql, "SELECT 1 / 0")).ok());
    const Result<void> committed = lease->commit();
    QVERIFY(!committed.ok());
    QVERIFY(!lease->inTransaction());
    QCOMPARE(*lease->queryInteger(Sql(Dialect::PostgreSql, "SELECT count(*) FROM t")), 0);
}

void TestInterruption::lockedRowsAreAConflict()
{
    ConnectionPool pool(m_databases.fresh(Dialect::PostgreSql), {});
    Result<Lease> lease = pool.lease(), other = pool.lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(other);
    A360_VERIFY_OK(other->executeScript("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1)"));
    A360_VERIFY_OK(other->begin(TransactionMode::ReadWrite));
    A360_VERIFY_OK(other->executeScript("LOCK TABLE t"));
    const Result<void> locked = lease->executeScript("BEGIN; LOCK TABLE t NOWAIT");
    QVERIFY(!locked.ok());
    QCOMPARE(locked.error().code, ErrorCode::Conflict);
    QVERIFY(locked.error().isTransient());
}

void TestInterruption::busySqliteFileIsAConflict()
{
    ConnectionPool pool(m_databases.fresh(Dialect::Sqlite), {});
    Result<Lease> lease = pool.lease(), other = pool.lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(other);
    A360_VERIFY_OK(other->executeScript("CREATE TABLE t (n INTEGER)"));
    A360_VERIFY_OK(other->begin(TransactionMode::ReadWrite));
    const Result<qint64> late = lease->execute(Sql(Dialect::Sqlite, "INSERT INTO t VALUES (1)"), {200ms, {}});
    QVERIFY(!late.ok());
    QCOMPARE(late.error().code, ErrorCode::Conflict);
    // Waiting for the lock can be cancelled, too.
    CancelLater later(100ms);
    const Result<qint64> cancelled = lease->execute(Sql(Dialect::Sqlite, "INSERT INTO t VALUES (1)"), {0ms, later.token()});
    QVERIFY(!cancelled.ok());
    QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
    QVERIFY(later.millisecondsSince() < 500);
    // And it is waited for: the other one commits, the writer gets through.
    std::thread committer([&] { static_cast<void>(other->commit()); });
    A360_VERIFY_OK(lease->execute(Sql(Dialect::Sqlite, "INSERT INTO t VALUES (1)")));
    committer.join();
}

void TestInterruption::errorsNeverShowValues()
{
    ConnectionPool pool(m_databases.fresh(Dialect::PostgreSql), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript("CREATE TABLE t (n BIGINT, txt TEXT UNIQUE); INSERT INTO t VALUES (1, 'pr1vate')"));
    const auto texts = [](const Error &error) { return error.message + error.detail + error.field; };
    Sql cast(Dialect::PostgreSql, "SELECT CAST(");
    cast.bind(QByteArray("pr1vate")).raw(" AS bigint)");
    const Result<qint64> number = lease->queryInteger(cast);
    QVERIFY(!number.ok());
    QVERIFY2(!texts(number.error()).contains(QStringLiteral("pr1vate")), qPrintable(texts(number.error())));
    QVERIFY(number.error().detail.contains(QStringLiteral("22P02")));
    Sql twice(Dialect::PostgreSql, "INSERT INTO t VALUES (2, ");
    twice.bind(QByteArray("pr1vate")).raw(")");
    const Result<qint64> unique = lease->execute(twice);
    QVERIFY(!unique.ok());
    QVERIFY2(!texts(unique.error()).contains(QStringLiteral("pr1vate")), qPrintable(texts(unique.error())));
    QVERIFY(unique.error().detail.contains(QStringLiteral("23505")));
}

void TestInterruption::snapshotHidesLaterChanges()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> reader = pool.lease(), writer = pool.lease();
    A360_VERIFY_OK(reader);
    A360_VERIFY_OK(writer);
    A360_VERIFY_OK(writer->executeScript("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1)"));
    A360_VERIFY_OK(reader->begin(TransactionMode::ReadSnapshot));
    A360_VERIFY_OK(writer->executeScript("INSERT INTO t VALUES (2)"));
    QCOMPARE(*reader->queryInteger(Sql(dialect, "SELECT count(*) FROM t")), 1);
    if (dialect == Dialect::PostgreSql) // a deferred SQLite transaction that has read may still try to write, and then fails
        QVERIFY(!reader->execute(Sql(dialect, "DELETE FROM t")).ok());
    A360_VERIFY_OK(reader->rollback());
    QCOMPARE(*reader->queryInteger(Sql(dialect, "SELECT count(*) FROM t")), 2);
}

QTEST_GUILESS_MAIN(TestInterruption)
#include "tst_interruption.moc"
