// SPDX-License-Identifier: GPL-3.0-or-later
#include "service.h"
#include "support/test_databases.h"

#include <QTest>

#include <atomic>
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

private:
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
