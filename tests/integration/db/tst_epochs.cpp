// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/epoch_watcher.h"
#include "db/migrations.h"
#include "support/test_databases.h"

#include <QtTest>

#include <stdexcept>
#include <thread>

using namespace a360;
using namespace a360::db;

/// Decision 26: counters of changes.
class TestEpochs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }
    void aCommitRaisesWhatItChanged_data() { test::addDialectRows(); }
    void aCommitRaisesWhatItChanged();
    void aRollbackRaisesNothing_data() { test::addDialectRows(); }
    void aRollbackRaisesNothing();
    void theWriterSeesItAtOnce_data() { test::addDialectRows(); }
    void theWriterSeesItAtOnce();
    void othersSeeItWithinASecond_data() { test::addDialectRows(); }
    void othersSeeItWithinASecond();
    void aPauseIsNoExcuse_data() { test::addDialectRows(); }
    void aPauseIsNoExcuse();
    void withoutTheTableOnlyOwnWritesAreSeen_data() { test::addDialectRows(); }
    void withoutTheTableOnlyOwnWritesAreSeen();
    void withoutTheRightToRaiseWritesStillWork();
    void notificationsAreAHint();
    void nobodyAsksNobodyPolls_data() { test::addDialectRows(); }
    void nobodyAsksNobodyPolls();
    void manyAskersWaitNoLongerThanOne();
    void whoIsCancelledLeavesTheLookOfAnother();
    void aLookFromBeforeACommitChangesNothing();
    void observersAreToldOfEachChangeOnce();
    void anObserverThatThrowsHoldsUpNobody();
    void aPollThatThrowsIsNotTheLast();

private:
    /// Migrated, so it has counters.
    DatabaseUrl prepared(Dialect dialect)
    {
        const DatabaseUrl url = m_databases.fresh(dialect);
        ConnectionPool pool(url, {});
        Result<Lease> lease = pool.lease();
        if (!lease.ok() || !migrate(*lease).ok())
            qFatal("the database cannot be prepared");
        return url;
    }
    static Result<void> write(ConnectionPool &pool, DataTables changed)
    {
        A360_TRY_ASSIGN(Lease lease, pool.lease());
        A360_TRY(lease.begin(TransactionMode::ReadWrite));
        return commitChange(lease, pool.epochs(), changed);
    }
    static TableEpochs read(ConnectionPool &pool)
    {
        Result<Lease> lease = pool.lease();
        const auto epochs = readEpochs(*lease);
        return epochs.ok() ? epochs->value_or(TableEpochs()) : TableEpochs();
    }
    test::TestDatabases m_databases;
};

void TestEpochs::aCommitRaisesWhatItChanged()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(prepared(dialect), {});
    const TableEpochs before = read(pool);
    QCOMPARE(before.identity.size(), 16);
    QCOMPARE(before.contacts, 1);
    A360_VERIFY_OK(write(pool, DataTables::Contacts));
    A360_VERIFY_OK(write(pool, DataTables::Contacts));
    A360_VERIFY_OK(write(pool, DataTables::Companies));
    A360_VERIFY_OK(write(pool, DataTables::Both));
    const TableEpochs after = read(pool);
    QCOMPARE(after.contacts, 4);
    QCOMPARE(after.companies, 3);
    QCOMPARE(after.identity, before.identity);
    // What a page of contacts is made of changes with both tables, a page of companies with one.
    TableEpochs other = before;
    ++other.companies;
    QVERIFY(other.word(DataTables::Both) != before.word(DataTables::Both));
    ++(other = before).contacts;
    QVERIFY(other.word(DataTables::Both) != before.word(DataTables::Both));
    QCOMPARE(other.word(DataTables::Companies), before.word(DataTables::Companies));
    QVERIFY(read(pool).word(DataTables::Both) != TableEpochs().word(DataTables::Both));
}

void TestEpochs::aRollbackRaisesNothing()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(prepared(dialect), {});
    {
        Result<Lease> lease = pool.lease();
        A360_VERIFY_OK(lease->begin(TransactionMode::ReadWrite));
        A360_VERIFY_OK(lease->execute(Sql(dialect, "UPDATE a360_table_epochs SET contacts = contacts + 1")));
        A360_VERIFY_OK(lease->rollback());
    }
    QCOMPARE(read(pool).contacts, 1);
    QVERIFY(!pool.epochs().known());
}

void TestEpochs::theWriterSeesItAtOnce()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(prepared(dialect), {});
    EpochWatcher watcher(pool, {std::chrono::hours(1), std::chrono::hours(1), std::chrono::hours(1), false}); // never looks again
    Result<TableEpochs> before = watcher.current();
    A360_VERIFY_OK(before);
    for (int i = 0; i < 20; ++i) {
        A360_VERIFY_OK(write(pool, i % 2 ? DataTables::Contacts : DataTables::Companies));
        const Result<TableEpochs> after = watcher.current();
        A360_VERIFY_OK(after);
        QVERIFY(after->word(DataTables::Both) != before->word(DataTables::Both));
        QCOMPARE(*after, read(pool));
        before = after;
    }
    QCOMPARE(watcher.polls(), 1);
}

void TestEpochs::othersSeeItWithinASecond()
{
    QFETCH(Dialect, dialect);
    const DatabaseUrl url = prepared(dialect);
    ConnectionPool here(url, {});
    ConnectionPool there(url, {}); // knows as little of the other one as another process does
    EpochWatcherOptions polling;
    polling.listen = false;
    EpochWatcher watcher(there, polling);
    A360_VERIFY_OK(watcher.current());
    for (int i = 0; i < 5; ++i) {
        A360_VERIFY_OK(write(here, DataTables::Contacts));
        const auto committed = std::chrono::steady_clock::now();
        for (;;) {
            // What was asked a second after the commit must know it, however slow this machine is.
            const bool late = std::chrono::steady_clock::now() - committed > std::chrono::seconds(1);
            const Result<TableEpochs> seen = watcher.current();
            A360_VERIFY_OK(seen);
            if (seen->contacts == i + 2)
                break;
            QVERIFY2(!late, "asked a second later and still told the old number");
            QTest::qWait(5);
        }
    }
}

void TestEpochs::aPauseIsNoExcuse()
{
    QFETCH(Dialect, dialect);
    const DatabaseUrl url = prepared(dialect);
    ConnectionPool here(url, {});
    ConnectionPool there(url, {});
    EpochWatcher watcher(there, {std::chrono::hours(1), std::chrono::milliseconds(30), std::chrono::milliseconds(1), false});
    A360_VERIFY_OK(watcher.current());
    A360_VERIFY_OK(write(here, DataTables::Companies));
    QTest::qWait(60); // nobody asks, nobody looks
    const Result<TableEpochs> seen = watcher.current();
    A360_VERIFY_OK(seen);
    QCOMPARE(seen->companies, 2);
}

void TestEpochs::withoutTheTableOnlyOwnWritesAreSeen()
{
    QFETCH(Dialect, dialect);
    const DatabaseUrl url = m_databases.fresh(dialect);
    ConnectionPool here(url, {});
    ConnectionPool there(url, {});
    EpochWatcher mine(here), others(there);
    const Result<TableEpochs> before = mine.current();
    A360_VERIFY_OK(before);
    QVERIFY(!before->identity.isEmpty());
    const Result<TableEpochs> elsewhere = others.current();
    A360_VERIFY_OK(elsewhere);
    QCOMPARE(elsewhere->word(DataTables::Both), before->word(DataTables::Both));
    A360_VERIFY_OK(write(here, DataTables::Contacts));
    const Result<TableEpochs> after = mine.current();
    A360_VERIFY_OK(after);
    QVERIFY(after->word(DataTables::Both) != before->word(DataTables::Both));
    QCOMPARE(after->word(DataTables::Companies), before->word(DataTables::Companies));
    // Another database shares nothing, even without counters.
    ConnectionPool another(m_databases.fresh(dialect), {});
    EpochWatcher anothers(another);
    const Result<TableEpochs> different = anothers.current();
    A360_VERIFY_OK(different);
    QVERIFY(different->identity != before->identity);
}

void TestEpochs::withoutTheRightToRaiseWritesStillWork()
{
    DatabaseUrl url = prepared(Dialect::PostgreSql);
    A360_VERIFY_OK(m_databases.postgres().run(url, "CREATE ROLE epoch_reader LOGIN; GRANT SELECT ON a360_table_epochs TO epoch_reader; "
                                                   "CREATE ROLE epoch_stranger LOGIN"));
    for (const char *role : {"epoch_reader", "epoch_stranger"}) {
        url.user = QLatin1String(role);
        ConnectionPool pool(url, {});
        EpochWatcher watcher(pool);
        const Result<TableEpochs> before = watcher.current();
        A360_VERIFY_OK(before);
        QCOMPARE(before->contacts, QLatin1String(role) == QLatin1String("epoch_reader") ? 1 : 0);
        A360_VERIFY_OK(write(pool, DataTables::Contacts)); // its transaction is not spoilt
        const Result<TableEpochs> after = watcher.current();
        A360_VERIFY_OK(after);
        QVERIFY(after->word(DataTables::Contacts) != before->word(DataTables::Contacts));
        QCOMPARE(after->contacts, before->contacts);
    }
}

void TestEpochs::notificationsAreAHint()
{
    const DatabaseUrl url = prepared(Dialect::PostgreSql);
    ConnectionPool here(url, {});
    ConnectionPool there(url, {});
    // Without a notification it would not look again for an hour.
    EpochWatcher watcher(there, {std::chrono::hours(1), std::chrono::hours(1), std::chrono::hours(1), true});
    A360_VERIFY_OK(watcher.current());
    QTRY_VERIFY_WITH_TIMEOUT(watcher.isListening(), 20'000);
    A360_VERIFY_OK(write(here, DataTables::Contacts));
    QTRY_VERIFY_WITH_TIMEOUT(watcher.current()->contacts == 2, 20'000);
    QVERIFY(watcher.notifications() > 0);
    // The connection is lost with all others: the next notification after it is back counts again, and meanwhile
    // nothing fails.
    A360_VERIFY_OK(m_databases.postgres().run(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                                   "WHERE pid <> pg_backend_pid() AND query LIKE 'LISTEN%'"));
    QTRY_VERIFY_WITH_TIMEOUT(!watcher.isListening(), 20'000);
    A360_VERIFY_OK(watcher.current());
}

void TestEpochs::nobodyAsksNobodyPolls()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(prepared(dialect), {});
    EpochWatcher watcher(pool, {std::chrono::milliseconds(5), std::chrono::hours(1), std::chrono::milliseconds(100), false});
    QCOMPARE(watcher.polls(), 0);
    A360_VERIFY_OK(watcher.current());
    QTRY_VERIFY_WITH_TIMEOUT(watcher.polls() > 3, 20'000);
    // It comes to rest: two looks at the count, far more than one poll apart, are equal.
    qint64 before = -1;
    QTRY_VERIFY_WITH_TIMEOUT(std::exchange(before, watcher.polls()) == watcher.polls() && (QTest::qWait(200), watcher.polls() == before),
                             20'000);
    A360_VERIFY_OK(watcher.current());
    QTRY_VERIFY_WITH_TIMEOUT(watcher.polls() > before, 20'000);
}

void TestEpochs::manyAskersWaitNoLongerThanOne()
{
    PoolSettings settings;
    settings.size = 1;
    settings.maxOverflow = 0;
    settings.timeout = std::chrono::milliseconds(1000);
    ConnectionPool pool(prepared(Dialect::Sqlite), settings);
    EpochWatcher watcher(pool, {std::chrono::hours(1), std::chrono::milliseconds(800), std::chrono::hours(1), false});
    Result<Lease> held = pool.lease(); // nobody gets another one
    A360_VERIFY_OK(held);
    constexpr int askers = 8;
    std::atomic<int> refused = 0;
    std::vector<std::thread> threads;
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < askers; ++i)
        threads.emplace_back([&] {
            const Result<TableEpochs> epochs = watcher.current();
            refused += !epochs.ok() && epochs.error().code == ErrorCode::Timeout ? 1 : 0;
        });
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(refused.load(), askers);
    // One after the other they would take eight times the timeout; two looks may follow each other.
    QVERIFY2(timer.elapsed() < 4000, QByteArray::number(timer.elapsed()).constData());
    *held = Lease();
    A360_VERIFY_OK(watcher.current());
}

void TestEpochs::whoIsCancelledLeavesTheLookOfAnother()
{
    PoolSettings settings;
    settings.size = 1;
    settings.maxOverflow = 0;
    ConnectionPool pool(prepared(Dialect::Sqlite), settings);
    EpochWatcher watcher(pool, {std::chrono::hours(1), std::chrono::milliseconds(800), std::chrono::hours(1), false});
    Result<Lease> held = pool.lease();
    A360_VERIFY_OK(held);
    const Error unset = makeError(ErrorCode::Internal, {});
    Result<TableEpochs> first = unset, second = unset, third = unset;
    CancelSource firstLeaves, secondLeaves;
    std::thread looking([&] { first = watcher.current(firstLeaves.token()); });
    QTRY_COMPARE(pool.stats().waiting, 1);
    std::thread waiting([&] { second = watcher.current(secondLeaves.token()); });
    secondLeaves.cancel();
    waiting.join(); // though the look goes on
    QCOMPARE(second.error().code, ErrorCode::Cancelled);
    QCOMPARE(pool.stats().waiting, 1);
    // The other way round: who looks leaves, and the one who waits for him looks instead.
    std::thread staying([&] { third = watcher.current(); });
    firstLeaves.cancel();
    looking.join();
    QCOMPARE(first.error().code, ErrorCode::Cancelled);
    *held = Lease();
    staying.join();
    A360_VERIFY_OK(third);
}

void TestEpochs::aLookFromBeforeACommitChangesNothing()
{
    EpochBoard board;
    const auto now = std::chrono::steady_clock::now();
    TableEpochs old{"id", 5, 5, 0, 0};
    board.learn(old, now);
    board.publish({"id", 6, 5, 0, 0}, DataTables::Contacts);
    QCOMPARE(board.known()->epochs.contacts, 6);
    board.learn(old, now + std::chrono::nanoseconds(1)); // began before the commit, came back after it
    QCOMPARE(board.known()->epochs.contacts, 6);
    const auto later = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    board.learn(old, later); // restored from a backup
    QCOMPARE(board.known()->epochs.contacts, 5);
    board.publish({"id", 5, 6, 0, 0}, DataTables::Companies); // what we knew before the restore counts no more
    QCOMPARE(board.known()->epochs.contacts, 5);
    QCOMPARE(board.known()->epochs.companies, 6);
    board.learn({"id", 4, 4, 0, 0}, now); // slower than the one after it
    QCOMPARE(board.known()->epochs.contacts, 5);
    board.expire();
    QVERIFY(!board.known());
}

void TestEpochs::observersAreToldOfEachChangeOnce()
{
    EpochBoard board;
    std::vector<std::pair<DataTables, bool>> told;
    auto time = std::chrono::steady_clock::now() - std::chrono::seconds(100);
    const auto look = [&](qint64 contacts, qint64 companies) {
        board.learn({"id", contacts, companies, 0, 0}, time += std::chrono::seconds(200));
        return std::exchange(told, {});
    };
    using Told = std::vector<std::pair<DataTables, bool>>;
    {
        const Registration registration = board.observe([&](const EpochChange &change) { told.emplace_back(change.tables, change.here); });
        QCOMPARE(look(1, 1), Told()); // the first look tells no change
        QCOMPARE(look(1, 1), Told());
        QCOMPARE(look(2, 1), (Told{{DataTables::Contacts, false}}));
        QCOMPARE(look(3, 2), (Told{{DataTables::Both, false}}));
        board.publish({"id", 4, 2, 0, 0}, DataTables::Contacts);
        QCOMPARE(std::exchange(told, {}), (Told{{DataTables::Contacts, true}}));
        QCOMPARE(look(4, 2), Told()); // one's own is not found again
        board.expire();
        QCOMPARE(look(4, 3), (Told{{DataTables::Companies, false}}));
        board.publish({"id", 5, 4, 0, 0}, DataTables::Contacts); // and somebody else's companies before it
        QCOMPARE(std::exchange(told, {}), (Told{{DataTables::Both, true}}));
        board.publishLocally(DataTables::Companies);
        QCOMPARE(std::exchange(told, {}), (Told{{DataTables::Companies, true}}));
        QCOMPARE(look(5, 4), Told());
    }
    QCOMPARE(look(9, 9), Told());
}

void TestEpochs::anObserverThatThrowsHoldsUpNobody()
{
    const DatabaseUrl url = prepared(Dialect::Sqlite);
    ConnectionPool here(url, {}), there(url, {});
    EpochWatcher watcher(there, {std::chrono::hours(1), std::chrono::milliseconds(0), std::chrono::hours(1), false});
    A360_VERIFY_OK(watcher.current());
    const Registration broken = there.epochs().observe([](const EpochChange &) { throw std::runtime_error("no ear for it"); });
    A360_VERIFY_OK(write(here, DataTables::Contacts));
    const Result<TableEpochs> refused = watcher.current(); // learns of it, and tells
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::Internal);
    QVERIFY2(refused.error().message.contains(QStringLiteral("no ear for it")), test::describe(refused.error()).constData());
    const Result<TableEpochs> next = watcher.current(); // nobody waits for a look that has ended
    A360_VERIFY_OK(next);
    QCOMPARE(next->contacts, 2);
}

void TestEpochs::aPollThatThrowsIsNotTheLast()
{
    const DatabaseUrl url = prepared(Dialect::Sqlite);
    ConnectionPool here(url, {}), there(url, {});
    EpochWatcher watcher(there, {std::chrono::milliseconds(5), std::chrono::hours(1), std::chrono::hours(1), false});
    A360_VERIFY_OK(watcher.current());
    std::atomic<int> told = 0;
    const Registration broken = there.epochs().observe([&](const EpochChange &) {
        ++told;
        throw std::runtime_error("no ear for it");
    });
    A360_VERIFY_OK(write(here, DataTables::Contacts));
    QTRY_COMPARE_WITH_TIMEOUT(told.load(), 1, 20'000);
    A360_VERIFY_OK(write(here, DataTables::Contacts));
    QTRY_COMPARE_WITH_TIMEOUT(told.load(), 2, 20'000);
    A360_VERIFY_OK(watcher.current());
}

QTEST_GUILESS_MAIN(TestEpochs)
#include "tst_epochs.moc"
