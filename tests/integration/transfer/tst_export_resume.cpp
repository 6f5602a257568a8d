// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer_fixture.h"

#include <QTest>

#include <functional>
#include <semaphore>
#include <thread>

using namespace a360;
using namespace a360::test;
using namespace a360::transfer;
using contacts::Entity;

namespace {

constexpr int kRows = 30000;

QByteArray manyContacts()
{
    QByteArray csv = "first_name,last_name,email,city,facebook_url\n";
    for (int i = 0; i < kRows; ++i) {
        const QByteArray n = QByteArray::number(i);
        csv += "First" + n + ",Last,f" + n + "@n.example,Köln,http://fb.example/" + n + "\n";
    }
    return csv;
}

/// Calls back at the first write, before it takes the bytes.
class HaltingSink final : public ByteSink
{
public:
    HaltingSink(QByteArray &bytes, std::function<void()> atFirst) : m_bytes(bytes), m_atFirst(std::move(atFirst)) {}
    Result<void> write(const QByteArray &bytes) override
    {
        if (m_atFirst)
            std::exchange(m_atFirst, nullptr)();
        m_bytes += bytes;
        return {};
    }
    Result<void> finish() override { return {}; }
    void abort() override {}

private:
    QByteArray &m_bytes;
    std::function<void()> m_atFirst;
};

ExportRequest everything(bool strict = false)
{
    ExportRequest request;
    request.query = contacts::parseQuery(Entity::Contact, {}, contacts::DefaultOrder::ById).value().query;
    request.columns = contacts::presetColumns(Entity::Contact, contacts::Preset::Full);
    request.pace.batchRows = 100; // many of them, so that the reader cannot be through at the first write
    request.strictSnapshot = strict;
    return request;
}

} // namespace

/// What becomes of an export whose database goes away: decision 27.
class TestExportResume : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_databases.open(), m_databases.problem());
        m_bench = std::make_unique<TransferBench>(m_databases.fresh(db::Dialect::PostgreSql));
        A360_VERIFY_OK(m_bench->import(manyContacts()));
        Result<QByteArray> whole = m_bench->exportAs(Entity::Contact);
        A360_VERIFY_OK(whole);
        m_whole = *whole;
        const auto schema = m_bench->probe();
        A360_VERIFY_OK(schema);
        m_schema = *schema;
        QCOMPARE(m_whole.count('\n'), kRows + 1);
    }
    void cleanupTestCase() { m_bench.reset(); }

    void decision27_aLostConnectionMakesTheReceiptSaySo()
    {
        QByteArray bytes;
        const auto receipt = exportWith(bytes, [this] { A360_VERIFY_OK(killOthers()); });
        A360_VERIFY_OK(receipt);
        QCOMPARE(bytes, m_whole);
        QVERIFY(!receipt->consistent);
        QVERIFY(receipt->snapshots.size() >= 2);
        qint64 next = 1;
        for (const SnapshotRange &range : receipt->snapshots) {
            QCOMPARE(range.firstRow, next);
            QVERIFY(range.lastRow >= range.firstRow);
            next = range.lastRow + 1;
        }
        QCOMPARE(next, kRows + 1);
        QCOMPARE(receipt->toJson().value(QLatin1String("consistent")).toBool(true), false);
    }

    void decision27_rowsThatWentWhileTheConnectionWasLostMakeTheReceiptSaySo()
    {
        QByteArray bytes;
        const auto receipt = exportWith(bytes, [this] {
            A360_VERIFY_OK(killOthers());
            A360_VERIFY_OK(m_databases.postgres().run(m_bench->pool().url(), "CREATE TABLE kept AS SELECT * FROM contacts;"
                                                                             "DELETE FROM contacts"));
        });
        A360_VERIFY_OK(m_databases.postgres().run(m_bench->pool().url(), "INSERT INTO contacts SELECT * FROM kept; DROP TABLE kept"));
        A360_VERIFY_OK(receipt);
        QVERIFY(receipt->rows < kRows);
        QVERIFY(!receipt->consistent);
        QCOMPARE(receipt->snapshots.size(), size_t(2));
        QCOMPARE(receipt->snapshots.back().firstRow, receipt->rows + 1);
        QCOMPARE(receipt->snapshots.back().lastRow, receipt->rows);
    }

    void decision27_anAttemptThatBroughtNoRowIsNoSnapshot()
    {
        QByteArray bytes;
        const auto receipt = exportBehindALock(everything(), [&](const ExportRequest &request, ProgressCounter &progress) {
            return runExport(m_bench->pool(), m_schema, request, std::make_unique<HaltingSink>(bytes, nullptr),
                             progress, {});
        });
        A360_VERIFY_OK(receipt);
        QCOMPARE(bytes, m_whole);
        QVERIFY(receipt->consistent);
        QCOMPARE(receipt->snapshots.size(), size_t(1));
        QCOMPARE(receipt->snapshots.front().firstRow, 1);
        QCOMPARE(receipt->snapshots.front().lastRow, kRows);
    }

    void decision27_strictSnapshotStartsOver()
    {
        const QString path = m_bench->file(QStringLiteral("strict.csv"));
        const auto receipt = exportBehindALock(everything(true), [&](const ExportRequest &request, ProgressCounter &progress) {
            return exportToFile(m_bench->pool(), m_schema, request, path, false, progress, {});
        });
        A360_VERIFY_OK(receipt);
        QVERIFY(receipt->consistent);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), m_whole);
        QVERIFY(!QFile::exists(path + QLatin1String(".part")));
    }

    void anExportOutlivesARestartOfTheServer()
    {
        std::binary_semaphore begun(0), stopped(0);
        QByteArray bytes;
        Result<Receipt> receipt = makeError(ErrorCode::Io, QStringLiteral("not run"));
        std::thread exporting([&] {
            receipt = exportWith(bytes, [&] {
                begun.release();
                stopped.acquire();
            });
        });
        begun.acquire();
        const Result<void> down = m_databases.postgres().stop();
        stopped.release();
        QTest::qSleep(4000); // the outage itself
        const Result<void> up = m_databases.postgres().startAgain();
        exporting.join();
        A360_VERIFY_OK(down);
        A360_VERIFY_OK(up);
        A360_VERIFY_OK(receipt);
        QCOMPARE(bytes, m_whole);
    }

    void anExportThatIsBrokenOffTellsHowFarItCame()
    {
        QByteArray bytes;
        ExportRequest request = everything(true); // so that the first break ends it
        ProgressCounter progress;
        const auto receipt = runExport(m_bench->pool(), m_schema, request,
                                       std::make_unique<HaltingSink>(bytes, [this] { A360_VERIFY_OK(killOthers()); }), progress, {});
        QVERIFY(!receipt.ok());
        QVERIFY2(receipt.error().message.startsWith(QLatin1String("The export ended after ")), describe(receipt.error()).constData());
    }

private:
    Result<void> killOthers()
    {
        return m_databases.postgres().run(m_bench->pool().url(),
                                          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                          "WHERE pid <> pg_backend_pid() AND datname = current_database()");
    }

    Result<Receipt> exportWith(QByteArray &bytes, std::function<void()> atFirstWrite)
    {
        ProgressCounter progress;
        return runExport(m_bench->pool(), m_schema, everything(),
                         std::make_unique<HaltingSink>(bytes, std::move(atFirstWrite)), progress, {});
    }

    /// Runs an export whose first attempt is killed in its snapshot, before the first row.
    template<typename Run>
    Result<Receipt> exportBehindALock(const ExportRequest &request, Run run)
    {
        ProgressCounter progress;
        db::ConnectionPool locks(m_bench->pool().url(), {});
        A360_TRY_ASSIGN(db::Lease lock, locks.lease());
        A360_TRY(lock.executeScript("BEGIN; LOCK TABLE contacts IN ACCESS EXCLUSIVE MODE"));
        Result<Receipt> receipt = makeError(ErrorCode::Io, QStringLiteral("not run"));
        std::thread exporting([&] { receipt = run(request, progress); });
        const QByteArray waiting = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
        Result<void> killed = makeError(ErrorCode::Timeout, QStringLiteral("The export never waited for the lock."));
        for (QDeadlineTimer deadline(20000); !killed.ok() && !deadline.hasExpired();) {
            const Result<QByteArray> found = m_databases.postgres().ask(m_bench->pool().url(), "SELECT count(*) " + waiting);
            if (found.ok() && found->trimmed() == "1")
                killed = m_databases.postgres().run(m_bench->pool().url(), "SELECT pg_terminate_backend(pid) " + waiting);
        }
        const Result<void> released = lock.executeScript("ROLLBACK");
        exporting.join();
        A360_TRY(killed);
        A360_TRY(released);
        return receipt;
    }

    TestDatabases m_databases;
    std::unique_ptr<TransferBench> m_bench;
    std::shared_ptr<const contacts::SchemaInfo> m_schema; // found out before anything is locked
    QByteArray m_whole;
};

QTEST_GUILESS_MAIN(TestExportResume)
#include "tst_export_resume.moc"
