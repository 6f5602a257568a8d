// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/index_claim.h"
#include "service.h"
#include "support/adopted_database.h"
#include "support/slow_index.h"
#include "support/test_databases.h"
#include "transfer/staging_file.h"

#include <QFile>
#include <QTest>
#include <QUrlQuery>

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

using namespace a360;

class TestService : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }

    void aReaderKeepsWhatItStartedWith()
    {
        const auto service = opened(db::Dialect::Sqlite);
        const contacts::Repository &before = service->repository();
        const auto schema = service->schema();
        A360_VERIFY_OK(service->reloadSchema());
        QVERIFY(schema != service->schema());
        QCOMPARE(&before.schema(), schema.get()); // and it is still there
        Result<db::Lease> lease = service->pool().lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(before.count(*lease, contacts::Query{}, contacts::CountMode::Exact));
    }

    void decision25_startUpDropsTheStagingOfBrokenImports()
    {
        ServiceOptions options;
        options.database = m_databases.fresh(db::Dialect::Sqlite);
        options.migrate = true;
        const QString broken = options.database.path + QStringLiteral("-import-1.stage");
        QVERIFY(QFile(broken).open(QIODevice::WriteOnly));
        auto living = transfer::StagingFile::create(options.database.path);
        A360_VERIFY_OK(living);
        const QString file = (*living)->path();
        A360_VERIFY_OK(Service::open(options)); // a short command leaves it to the next import
        QVERIFY(QFile::exists(broken));
        options.stays = true;
        A360_VERIFY_OK(Service::open(options));
        QVERIFY(!QFile::exists(broken));
        QVERIFY(QFile::exists(file));
        living->reset();
        QVERIFY(!QFile::exists(file));
    }

    void decision22_openingDoesNotWaitForIndexes_data() { test::addDialectRows(); }
    void decision22_openingDoesNotWaitForIndexes()
    {
        QFETCH(db::Dialect, dialect);
        ServiceOptions options;
        options.database = m_databases.fresh(dialect);
        options.migrate = true;
        qint64 all = 0;
        {
            const auto service = Service::open(options);
            A360_VERIFY_OK(service);
            all = loadCutShort(**service);
            QVERIFY(all > 25);
        }
        options.stays = true;
        {
            const auto service = Service::open(options);
            A360_VERIFY_OK(service);
            QTRY_COMPARE_WITH_TIMEOUT(made(**service), all - 1, 60'000);
            QTRY_COMPARE((*service)->indexes()->progress().value_or(Progress()).rowsDone, all - 1);
            QCOMPARE((*service)->indexes()->progress().value_or(Progress()).rowsTotal, all);
        } // and neither does closing
        {
            const auto service = Service::open(options);
            A360_VERIFY_OK(service);
            QCOMPARE(made(**service), all - 1);
            const Registration pause = (*service)->indexes()->pause();
            QVERIFY(!(*service)->indexes()->progress());
            A360_VERIFY_OK(run(**service, test::hurryUp()));
        }
        const auto service = Service::open(options);
        A360_VERIFY_OK(service);
        QTRY_COMPARE_WITH_TIMEOUT(made(**service), all, 60'000);
        QTRY_VERIFY(!(*service)->indexes()->progress());
        QTRY_VERIFY((*service)->schema()->hasSearchIndex);
    }

    void decision22_whatACancelledImportLeavesComesBackByItself_data() { test::addDialectRows(); }
    void decision22_whatACancelledImportLeavesComesBackByItself()
    {
        QFETCH(db::Dialect, dialect);
        ServiceOptions options;
        options.database = m_databases.fresh(dialect);
        options.migrate = options.stays = true;
        const auto opened = Service::open(options);
        A360_VERIFY_OK(opened);
        Service &service = **opened;
        A360_VERIFY_OK(run(service, test::slowIndex(dialect)));
        const qint64 all = made(service);
        const QString name = m_databases.filePath(QStringLiteral("stop-%1.csv").arg(static_cast<int>(dialect)));
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("first_name,last_name\n");
        for (int i = 0; i < test::slowRowCount; ++i)
            file.write(QByteArray::number(i) + ",Stop\n");
        file.close();
        transfer::ImportRequest request;
        const auto input = transfer::InputFile::open(name);
        A360_VERIFY_OK(input);
        request.file = *input;
        CancelSource source;
        ProgressCounter progress;
        auto running = std::async(std::launch::async, [&] { return service.import(request, progress, source.token()); });
        const bool reached = QTest::qWaitFor([&] {
            const Progress now = progress.snapshot();
            return now.phase == QStringLiteral("Rebuilding indexes") && now.rowsDone == now.rowsTotal - 1;
        }, 60'000);
        source.cancel();
        const auto report = running.get();
        QVERIFY(reached);
        A360_VERIFY_OK(report);
        QCOMPARE(report->indexesLeft, 1);
        QTRY_VERIFY(service.indexes()->progress()); // at it again, by itself
        {
            const Registration pause = service.indexes()->pause();
            QCOMPARE(made(service), all - 1);
            A360_VERIFY_OK(run(service, test::hurryUp()));
        }
        QTRY_COMPARE_WITH_TIMEOUT(made(service), all, 60'000);
    }

    void decision22_whatOtherProgramsLeaveIsSeen()
    {
        const auto service = opened(db::Dialect::Sqlite);
        const qint64 all = made(*service);
        std::atomic<int> told = 0;
        IndexRebuilder rebuilder(service->pool(), [&](const CancelToken &) -> Result<void> { ++told; return {}; }, false,
                                 std::chrono::milliseconds(20));
        {
            Result<db::Lease> lease = service->pool().lease();
            A360_VERIFY_OK(lease);
            db::IndexClaim load(*lease);
            A360_VERIFY_OK(load.drop(tables()));
            QCOMPARE(made(*service), 0); // it lives
            QCOMPARE(told.load(), 0);
        }
        QTRY_COMPARE(made(*service), all);
        QTRY_COMPARE(told.load(), 1);
    }

    void theSchemaIsReloadedUnderRunningReaders()
    {
        const auto service = opened(db::Dialect::Sqlite);
        std::atomic<bool> stop = false;
        std::atomic<int> failed = 0, done = 0;
        std::vector<std::thread> readers;
        for (int i = 0; i < 3; ++i) {
            readers.emplace_back([&] {
                while (!stop) {
                    Result<db::Lease> lease = service->pool().lease();
                    const bool good = lease.ok() && service->repository().count(*lease, contacts::Query{},
                                                                                contacts::CountMode::Exact).ok();
                    (good ? done : failed)++;
                }
            });
        }
        bool reloaded = true;
        while (reloaded && done < 200)
            reloaded = service->reloadSchema().ok();
        stop = true;
        for (std::thread &reader : readers)
            reader.join();
        QVERIFY(reloaded);
        QCOMPARE(failed.load(), 0);
    }

    void decision16_anAdoptedDatabaseSearchesByItsNewIndexes_data()
    {
        QTest::addColumn<bool>("renamed");
        QTest::newRow("our names") << false;
        QTest::newRow("their names") << true;
    }
    void decision16_anAdoptedDatabaseSearchesByItsNewIndexes()
    {
        QFETCH(bool, renamed);
        const db::DatabaseUrl url = m_databases.fresh(db::Dialect::PostgreSql);
        A360_VERIFY_OK(m_databases.postgres().run(url, test::adoptedDatabase(db::Dialect::PostgreSql)));
        ServiceOptions options;
        options.database = url;
        const auto service = Service::open(options);
        A360_VERIFY_OK(service);
        QVERIFY(!(*service)->schema()->hasSearchIndex && (*service)->schema()->trigramColumns.empty());
        const std::vector<qint64> before = answers(**service, true);
        ProgressCounter progress;
        const auto made = (*service)->createMissingIndexes(progress, {});
        A360_VERIFY_OK(made);
        QVERIFY(made->made.size() > 30);
        if (renamed) {
            for (const QString &name : made->made)
                A360_VERIFY_OK(m_databases.postgres().run(url, "ALTER INDEX " + name.toLatin1() + " RENAME TO their_" +
                                                                   name.toLatin1()));
            A360_VERIFY_OK((*service)->reloadSchema());
        }
        QVERIFY((*service)->schema()->hasSearchIndex);
        QVERIFY((*service)->schema()->trigramColumns.contains("companies.name"));
        QCOMPARE(answers(**service, false), before);
        A360_VERIFY_OK(m_databases.postgres().run(
            url, "INSERT INTO companies (uuid, name) SELECT 'x' || g, md5(g::text) FROM generate_series(1, 5000) g;"
                 "INSERT INTO companies_metadata (uuid, city) SELECT uuid, md5(name) FROM companies WHERE uuid LIKE 'x%';"
                 "INSERT INTO contacts (uuid, company_id, title) SELECT 'y' || uuid, uuid, md5(name) FROM companies;"
                 "INSERT INTO contacts_metadata (uuid, city) SELECT uuid, title FROM contacts WHERE uuid LIKE 'y%';"
                 "ALTER DATABASE " + url.name.toLatin1() + " SET enable_seqscan = off"));
        A360_VERIFY_OK(m_databases.postgres().run(url, "VACUUM ANALYZE")); // new rows wait beside a GIN index till then
        const auto fresh = Service::open(options);
        A360_VERIFY_OK(fresh);
        const QByteArray plan = planOf(**fresh, QStringLiteral("search=engineer"));
        for (const char *index : {"contacts_search_trgm", "companies_search_trgm", "companies_metadata_search_trgm",
                                  "contacts_metadata_search_trgm"})
            QVERIFY2(plan.contains(index), plan.constData());
    }

private:
    static std::vector<QByteArray> tables() { return {"contacts", "contacts_metadata", "companies", "companies_metadata"}; }
    static qint64 made(Service &service)
    {
        Result<db::Lease> lease = service.pool().lease();
        const auto list = db::listSecondaryIndexes(*lease, tables());
        return list.ok() ? static_cast<qint64>(list->size()) : -1;
    }
    static Result<void> run(Service &service, const QByteArray &script)
    {
        A360_TRY_ASSIGN(db::Lease lease, service.pool().lease());
        return lease.executeScript(script);
    }
    /// A load that leaves all indexes down, one of them slow; gives how many there were, -1: failed.
    static qint64 loadCutShort(Service &service)
    {
        const db::Dialect dialect = service.pool().dialect();
        if (!run(service, test::slowIndex(dialect)).ok())
            return -1;
        const qint64 all = made(service);
        Result<db::Lease> lease = service.pool().lease();
        db::IndexClaim claim(*lease);
        const bool done = claim.drop(tables()).ok() && lease->executeScript(test::slowRows(dialect)).ok();
        return done ? all : -1;
    }
    static contacts::Query parsed(const QString &text)
    {
        const auto query = contacts::parseQuery(contacts::Entity::Contact, QUrlQuery(text).queryItems(QUrl::FullyDecoded),
                                                contacts::DefaultOrder::NewestFirst);
        return query.ok() ? query->query : contacts::Query();
    }
    /// How many contacts each of some odd queries finds; -1: failed.
    static std::vector<qint64> answers(Service &service, bool scans)
    {
        std::vector<qint64> found;
        Result<db::Lease> lease = service.pool().lease();
        for (const char *text : {"search=engineer", "search=acme", "search=_", "search=head_of", "search=stra%C3%9Fe",
                                 "search=z%C3%BCrich%20ada", "title=engineer,sales", "title=_", "company=acme", "city=london",
                                 "exclude_titles=engineer", "industries=pumps", "search=nowhere"}) {
            const contacts::Query query = parsed(QString::fromLatin1(text));
            const auto page = service.repository().list(*lease, query, contacts::presetColumns(contacts::Entity::Contact,
                                                                                               contacts::Preset::List), {});
            const bool expected = page.ok() && (page->scannedWithoutIndex == scans || !QByteArrayView(text).startsWith("search")
                                                || QByteArrayView(text) == "search=_");
            found.push_back(expected ? page->rows.rowCount() : -1);
        }
        return std::find(found.begin(), found.end(), -1) == found.end() ? found : std::vector<qint64>{-1};
    }
    static QByteArray planOf(Service &service, const QString &text)
    {
        const auto select = contacts::SqlCompiler(*service.schema()).ids(parsed(text));
        Result<db::Lease> lease = service.pool().lease();
        if (!select.ok() || !lease.ok())
            return {};
        db::Sql explain(db::Dialect::PostgreSql, "EXPLAIN ");
        const auto lines = lease->query(explain.append(*select), {db::ColumnType::Text});
        QByteArray out, scans;
        for (qsizetype row = 0; lines.ok() && row < lines->rowCount(); ++row)
            out += QByteArray(lines->cell(row, 0).data, lines->cell(row, 0).size) + '\n';
        for (const QByteArray &line : out.split('\n')) {
            if (line.contains("Index"))
                scans += line + '\n';
        }
        return scans;
    }
    std::unique_ptr<Service> opened(db::Dialect dialect)
    {
        ServiceOptions options;
        options.database = m_databases.fresh(dialect);
        options.migrate = true;
        auto service = Service::open(options);
        if (!service.ok())
            qFatal("%s", test::describe(service.error()).constData());
        return std::move(*service);
    }
    test::TestDatabases m_databases;
};

QTEST_GUILESS_MAIN(TestService)
#include "tst_service.moc"
