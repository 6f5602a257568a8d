// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer_fixture.h"

#include "transfer/row_encoder.h"
#include "transfer/row_reader.h"

#include <QCryptographicHash>
#include <QTest>

using namespace a360;
using namespace a360::test;
using namespace a360::transfer;
using contacts::Entity;

namespace {

QByteArray manyContacts(int rows)
{
    QByteArray csv = "first_name,last_name,email,city,company,employees,keywords,facebook_url\n";
    for (int i = 0; i < rows; ++i) {
        const QByteArray n = QByteArray::number(i);
        csv += "First" + n + ",Last,f" + n + "@n.example,Köln," + (i % 10 ? "Company" + QByteArray::number(i % 97) : QByteArray()) + ','
            + (i % 10 ? QByteArray::number(i % 97) : QByteArray()) + ",\"a, b\"," + (i % 3 ? "" : "http://fb.example/" + n) + "\n";
    }
    return csv;
}

/// Reads with RowReader and encodes as CSV; `eachBatch` runs before a batch is taken.
struct ReadAll
{
    QByteArray text;
    std::vector<SnapshotRange> snapshots;
    bool usedFragments = false;
};
Result<ReadAll> readAll(TransferBench &bench, RowReaderOptions options, bool join, const std::function<void(qint64)> &eachBatch = {})
{
    A360_TRY_ASSIGN(auto schema, bench.probe());
    const auto encoder = makeEncoder(Format::Csv, options.columns, false);
    std::string out;
    options.companiesApart = !join;
    RowReader reader(bench.pool(), schema, options, {});
    A360_TRY(reader.run([&](std::unique_ptr<db::RowBatch> batch) {
        encoder->rows(*batch, out.empty(), out);
        if (eachBatch)
            eachBatch(reader.rowsDelivered());
        return batch;
    }));
    return ReadAll{QByteArray::fromStdString(out), reader.snapshots(), reader.usedFragments()};
}

/// Keeps all bytes and the size of the largest write.
class MeasuringSink final : public ByteSink
{
public:
    MeasuringSink(QByteArray &bytes, qsizetype &largest) : m_bytes(bytes), m_largest(largest) {}
    Result<void> write(const QByteArray &bytes) override
    {
        m_bytes += bytes;
        m_largest = std::max(m_largest, bytes.size());
        return {};
    }
    Result<void> finish() override { return {}; }
    void abort() override {}

private:
    QByteArray &m_bytes;
    qsizetype &m_largest;
};

RowReaderOptions everything(Entity entity = Entity::Contact)
{
    RowReaderOptions options;
    options.query = contacts::parseQuery(entity, {}, contacts::DefaultOrder::ById).value().query;
    options.columns = contacts::presetColumns(entity, contacts::Preset::Full);
    return options;
}

} // namespace

class TestExport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }

    void decision30_receiptIsTrue_data() { addDialectRows(); }
    void decision30_receiptIsTrue()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        A360_VERIFY_OK(bench.import(manyContacts(300)));
        auto schema = bench.probe();
        A360_VERIFY_OK(schema);
        for (const Compression compression : {Compression::None, Compression::Gzip, Compression::Zstd}) {
            ExportRequest request;
            request.query = everything().query;
            request.columns = everything().columns;
            request.compression = compression;
            const QString path = bench.file(QStringLiteral("out"));
            auto sink = openFileSink(path);
            A360_VERIFY_OK(sink);
            ProgressCounter progress;
            const auto receipt = runExport(bench.pool(), *schema, request, std::move(*sink), progress, {});
            A360_VERIFY_OK(receipt);
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray bytes = file.readAll();
            QCOMPARE(receipt->rows, 300);
            QCOMPARE(receipt->bytes, bytes.size());
            QCOMPARE(receipt->sha256, QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
            QVERIFY(receipt->consistent);
            QCOMPARE(progress.snapshot().rowsDone, 300);
            QVERIFY(!QFile::exists(path + QStringLiteral(".part")));
        }
    }

    /// STREAMING_BATCH_SIZE, STREAMING_CHUNK_SIZE and PARALLEL_PROCESSING_WORKERS decide how an export is cut, not what it is.
    void thePaceChangesNoByteAndNoChunkIsLarger_data() { addDialectRows(); }
    void thePaceChangesNoByteAndNoChunkIsLarger()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        A360_VERIFY_OK(bench.import(manyContacts(3000)));
        const auto schema = bench.probe();
        A360_VERIFY_OK(schema);
        for (const Format format : {Format::Csv, Format::JsonLines, Format::Json}) {
            QByteArray standard;
            for (const TransferPace &pace : {TransferPace(), TransferPace{1, 4096, 1}, TransferPace{7, 100, 3},
                                            TransferPace{10'000, 16 * 1024 * 1024, 8}}) {
                ExportRequest request;
                request.query = everything().query;
                request.columns = everything().columns;
                request.format = format;
                request.pace = pace;
                QByteArray bytes;
                qsizetype largest = 0;
                ProgressCounter progress;
                const auto receipt =
                    runExport(bench.pool(), *schema, request, std::make_unique<MeasuringSink>(bytes, largest), progress, {});
                A360_VERIFY_OK(receipt);
                QVERIFY2(largest <= pace.chunkBytes, QByteArray::number(largest));
                if (standard.isEmpty())
                    standard = bytes;
                QVERIFY(bytes == standard);
            }
        }
    }

    void emptyTableGivesTheHeaderOnly_data() { addDialectRows(); }
    void emptyTableGivesTheHeaderOnly()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        const auto csv = bench.exportAs(Entity::Company);
        A360_VERIFY_OK(csv);
        QCOMPARE(csv->count('\n'), 1);
        QVERIFY(csv->startsWith("company_uuid,company_name,"));
    }

    void noBatchIsLargerThanTheSetting_data() { addDialectRows(); }
    void noBatchIsLargerThanTheSetting() // STREAMING_BATCH_SIZE
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        A360_VERIFY_OK(bench.import(manyContacts(2100)));
        const auto whole = readAll(bench, everything(), true);
        A360_VERIFY_OK(whole);
        for (const qsizetype most : {1, 7, 1000}) {
            RowReaderOptions options = everything();
            options.batchRows = most;
            qint64 before = 0, largest = 0;
            const auto read = readAll(bench, options, true, [&](qint64 delivered) {
                largest = std::max(largest, delivered - before);
                before = delivered;
            });
            A360_VERIFY_OK(read);
            QVERIFY2(largest <= most, QByteArray::number(largest).constData());
            if (most < 1000)
                QCOMPARE(largest, most); // the bytes of a batch, the other bound, are far away
            QCOMPARE(read->text, whole->text);
        }
    }

    void maxRowsIsKept_data() { addDialectRows(); }
    void maxRowsIsKept()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        A360_VERIFY_OK(bench.import(manyContacts(3000)));
        for (const int limit : {0, 1, 1999, 2000, 2001, 2999, 3000, 5000}) {
            ExportRequest request;
            request.maxRows = limit;
            const auto csv = bench.exportAs(Entity::Contact, contacts::Preset::Stream, request);
            A360_VERIFY_OK(csv);
            QCOMPARE(csv->count('\n'), 1 + std::min(limit, 3000));
        }
    }

    void decision28_companiesApartEqualTheJoin()
    {
        TransferBench bench(m_databases.fresh(db::Dialect::PostgreSql));
        A360_VERIFY_OK(bench.import(manyContacts(5000)));
        bench.run("UPDATE companies_metadata SET facebook_url = 'http://c.example' WHERE id % 5 = 0;"
                  "UPDATE contacts SET company_id = 'nowhere' WHERE id % 41 = 0; DELETE FROM companies WHERE id % 7 = 0;"
                  "DELETE FROM companies_metadata WHERE id % 11 = 0");
        for (const contacts::Preset preset : {contacts::Preset::Full, contacts::Preset::List}) {
            RowReaderOptions options = everything();
            options.columns = contacts::presetColumns(Entity::Contact, preset);
            const auto apart = readAll(bench, options, false);
            const auto joined = readAll(bench, options, true);
            A360_VERIFY_OK(apart);
            A360_VERIFY_OK(joined);
            QVERIFY(apart->usedFragments);
            QVERIFY(!joined->usedFragments);
            QCOMPARE(apart->text, joined->text);
        }
        // A filter on a company column leaves it to the database.
        RowReaderOptions filtered = everything();
        filtered.query = contacts::parseQuery(Entity::Contact, {{QStringLiteral("company"), QStringLiteral("Company1")}},
                                              contacts::DefaultOrder::ById).value().query;
        const auto some = readAll(bench, filtered, false);
        A360_VERIFY_OK(some);
        QVERIFY(!some->usedFragments);
    }

    void decision27_goesOnBehindTheLastRow_data()
    {
        QTest::addColumn<bool>("join");
        QTest::newRow("joined") << true;
        QTest::newRow("companies apart") << false;
    }
    void decision27_goesOnBehindTheLastRow()
    {
        QFETCH(bool, join);
        TransferBench bench(m_databases.fresh(db::Dialect::PostgreSql));
        A360_VERIFY_OK(bench.import(manyContacts(20000)));
        const auto whole = readAll(bench, everything(), join);
        A360_VERIFY_OK(whole);
        QCOMPARE(whole->snapshots.size(), size_t(1));
        bool killed = false;
        const auto broken = readAll(bench, everything(), join, [&](qint64) {
            if (!std::exchange(killed, true)) {
                const auto done = m_databases.postgres().run(bench.pool().url(),
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()");
                QVERIFY(done.ok());
            }
        });
        A360_VERIFY_OK(broken);
        QCOMPARE(broken->text, whole->text); // no gap, no duplicate
        QVERIFY(broken->snapshots.size() >= 2);
        QCOMPARE(broken->snapshots.front().firstRow, 1);
        QCOMPARE(broken->snapshots.back().firstRow, broken->snapshots.front().lastRow + 1);
        QCOMPARE(broken->snapshots.back().lastRow, 20000);
        // --strict-snapshot: no second snapshot, the caller starts over.
        killed = false;
        RowReaderOptions strict = everything();
        strict.resume = false;
        const auto refused = readAll(bench, strict, join, [&](qint64) {
            if (!std::exchange(killed, true))
                (void)m_databases.postgres().run(bench.pool().url(),
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()");
        });
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().isTransient());
    }

    void oneSnapshotWhateverOthersWrite()
    {
        TransferBench bench(m_databases.fresh(db::Dialect::PostgreSql));
        A360_VERIFY_OK(bench.import(manyContacts(6000)));
        const auto before = readAll(bench, everything(), false);
        A360_VERIFY_OK(before);
        bool changed = false;
        const auto during = readAll(bench, everything(), false, [&](qint64) {
            if (!std::exchange(changed, true))
                bench.run("UPDATE contacts SET title = 'changed'; UPDATE companies SET name = 'changed'; DELETE FROM contacts WHERE id % 2 = 0");
        });
        A360_VERIFY_OK(during);
        QCOMPARE(during->text, before->text);
    }

    void decision19_readingNeedsSelectOnlyAndMakesNoTable()
    {
        TransferBench bench(m_databases.fresh(db::Dialect::PostgreSql));
        A360_VERIFY_OK(bench.import(manyContacts(50)));
        bench.run("DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
                  "REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
                  "GRANT SELECT ON contacts, contacts_metadata, companies, companies_metadata TO reader");
        const QString tables = bench.ask("SELECT count(*) FROM pg_class");
        db::DatabaseUrl url = bench.pool().url();
        url.user = QStringLiteral("reader");
        db::ConnectionPool pool(url, {});
        Result<db::Lease> lease = pool.lease();
        A360_VERIFY_OK(lease);
        auto schema = contacts::SchemaInfo::probe(*lease);
        A360_VERIFY_OK(schema);
        *lease = db::Lease();
        ExportRequest request;
        request.query = everything().query;
        request.columns = everything().columns;
        auto contents = std::make_shared<MemorySink::Contents>();
        ProgressCounter progress;
        A360_VERIFY_OK(runExport(pool, std::make_shared<contacts::SchemaInfo>(*schema), request,
                                 std::make_unique<MemorySink>(contents), progress, {}));
        QCOMPARE(contents->bytes.count('\n'), 51);
        QCOMPARE(bench.ask("SELECT count(*) FROM pg_class"), tables);
    }

    void cancelLeavesNoFile_data() { addDialectRows(); }
    void cancelLeavesNoFile()
    {
        QFETCH(db::Dialect, dialect);
        TransferBench bench(m_databases.fresh(dialect));
        A360_VERIFY_OK(bench.import(manyContacts(5000)));
        auto schema = bench.probe();
        A360_VERIFY_OK(schema);
        const QString path = bench.file(QStringLiteral("out.csv"));
        auto sink = openFileSink(path);
        A360_VERIFY_OK(sink);
        CancelSource cancel;
        cancel.cancel();
        ExportRequest request;
        request.query = everything().query;
        request.columns = everything().columns;
        ProgressCounter progress;
        const auto receipt = runExport(bench.pool(), *schema, request, std::move(*sink), progress, cancel.token());
        QVERIFY(!receipt.ok());
        QCOMPARE(receipt.error().code, ErrorCode::Cancelled);
        QVERIFY(!QFile::exists(path));
        QCOMPARE(QDir(QFileInfo(path).path()).entryList({QStringLiteral("*.part")}, QDir::Files).size(), 0);
        QCOMPARE(bench.pool().stats().checkedOut, 0);
    }

    void theDatabaseIsNeverTheTarget()
    {
        TransferBench bench(m_databases.fresh(db::Dialect::Sqlite));
        A360_VERIFY_OK(bench.import(manyContacts(50)));
        const auto schema = bench.probe();
        A360_VERIFY_OK(schema);
        ExportRequest request;
        request.query = everything().query;
        request.columns = everything().columns;
        ProgressCounter progress;
        const QString database = bench.pool().url().path, link = bench.file(QStringLiteral("link.csv"));
        QVERIFY(QFile::link(database, link));
        for (const QString &path : {database, database + QStringLiteral("-wal"), database + QStringLiteral("-shm"), link}) {
            const auto receipt = exportToFile(bench.pool(), *schema, request, path, false, progress, {});
            QVERIFY2(!receipt.ok(), qPrintable(path));
            QCOMPARE(receipt.error().code, ErrorCode::InvalidArgument);
            QVERIFY2(receipt.error().message.startsWith(path + QStringLiteral(" would overwrite the database")),
                     qPrintable(receipt.error().message));
        }
        ImportRequest rejects;
        rejects.rejectsPath = database;
        QVERIFY(!bench.import(manyContacts(5), rejects).ok());
        QCOMPARE(bench.ask("SELECT count(*) FROM contacts"), QStringLiteral("50"));
        const QString beside = bench.file(QStringLiteral("out.csv"));
        A360_VERIFY_OK(exportToFile(bench.pool(), *schema, request, beside, false, progress, {}));
        QVERIFY(QFile::exists(beside));
    }

    void failingTargetEndsTheExport()
    {
        class FullDisk final : public ByteSink
        {
        public:
            Result<void> write(const QByteArray &) override { return makeError(ErrorCode::Io, QStringLiteral("The disk is full.")); }
            Result<void> finish() override { return {}; }
            void abort() override {}
        };
        TransferBench bench(m_databases.fresh(db::Dialect::Sqlite));
        A360_VERIFY_OK(bench.import(manyContacts(5000)));
        auto schema = bench.probe();
        A360_VERIFY_OK(schema);
        ExportRequest request;
        request.query = everything().query;
        request.columns = everything().columns;
        ProgressCounter progress;
        const auto receipt = runExport(bench.pool(), *schema, request, std::make_unique<FullDisk>(), progress, {});
        QVERIFY(!receipt.ok());
        QCOMPARE(receipt.error().code, ErrorCode::Io);
        QCOMPARE(bench.pool().stats().checkedOut, 0);
    }

private:
    TestDatabases m_databases;
};

QTEST_GUILESS_MAIN(TestExport)
#include "tst_export.moc"
