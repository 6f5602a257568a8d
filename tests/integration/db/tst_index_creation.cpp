// SPDX-License-Identifier: GPL-3.0-or-later
// Indexes of a database that somebody else made, on request.
#include "db/index_advice.h"
#include "db/index_creation.h"
#include "db/index_facts.h"
#include "db/migrations.h"
#include "support/adopted_database.h"
#include "support/test_databases.h"

#include <QtTest>

#include <algorithm>
#include <future>

using namespace a360;
using namespace a360::db;

class TestIndexCreation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }
    void decision21_ownSchemaHasThemAll_data() { test::addDialectRows(); }
    void decision21_ownSchemaHasThemAll();
    void decision21_tellsPresentEquivalentAndMissing();
    void decision19_makesWhatIsMissingAndAltersNothing_data() { test::addDialectRows(); }
    void decision19_makesWhatIsMissingAndAltersNothing();
    void decision19_takenNamesAreLeftAlone();
    void anIndexThatCannotBeMadeDoesNotStopTheRest();
    void decision19_noRightIsToldBeforeAnythingIsDone();
    void decision16_withoutTheExtensionTheRestIsMade();
    void cancelledWithinASecondAndNothingUnfinishedIsLeft();
    void whatOthersHoldIsReplacedByTheNextRun();
    void decision22_locksAreNotWaitedForLonger();

private:
    static IndexAdvice named(Lease &lease, const QByteArray &name)
    {
        const auto advice = adviseIndexes(lease);
        if (!advice.ok())
            return {};
        for (const IndexAdvice &index : *advice) {
            if (index.name == name)
                return index;
        }
        return {};
    }
    static qint64 number(Lease &lease, const char *select)
    {
        const auto found = lease.queryInteger(Sql(lease.dialect(), select));
        return found.ok() ? *found : -1;
    }
    static qint64 invalid(Lease &lease)
    {
        return number(lease, "SELECT count(*) FROM pg_index WHERE NOT indisvalid");
    }
    std::unique_ptr<ConnectionPool> adopted(Dialect dialect)
    {
        auto pool = std::make_unique<ConnectionPool>(m_databases.fresh(dialect), PoolSettings());
        Result<Lease> lease = pool->lease();
        if (!lease.ok())
            qFatal("%s", test::describe(lease.error()).constData());
        const Result<void> made = lease->executeScript(test::adoptedDatabase(dialect));
        if (!made.ok())
            qFatal("%s", test::describe(made.error()).constData());
        return pool;
    }
    test::TestDatabases m_databases;
};

void TestIndexCreation::decision21_ownSchemaHasThemAll()
{
    QFETCH(Dialect, dialect);
    ConnectionPool pool(m_databases.fresh(dialect), {});
    Result<Lease> lease = pool.lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(migrate(*lease));
    const auto advice = adviseIndexes(*lease);
    A360_VERIFY_OK(advice);
    QVERIFY(advice->size() >= (dialect == Dialect::PostgreSql ? 36u : 22u));
    for (const IndexAdvice &index : *advice)
        QVERIFY2(index.state == IndexState::Present, index.name.constData());
}

void TestIndexCreation::decision21_tellsPresentEquivalentAndMissing()
{
    const auto pool = adopted(Dialect::PostgreSql);
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript(
        "CREATE EXTENSION pg_trgm;"
        "CREATE INDEX idx_contacts_email_status ON contacts (email_status);"
        "CREATE UNIQUE INDEX \"Their own\" ON contacts (last_name, id);"
        "CREATE INDEX newest ON contacts (created_at DESC, id DESC);"
        "CREATE INDEX nulls_elsewhere ON companies (created_at DESC NULLS LAST, id DESC);"
        "CREATE INDEX few ON contacts (mobile_phone) WHERE mobile_phone <> '_';"
        "CREATE INDEX for_like ON companies (name text_pattern_ops);"
        "CREATE INDEX idx_contacts_metadata_city ON contacts_metadata (lower(city));"
        "CREATE INDEX several ON companies USING gin (keywords, industries);"
        "CREATE INDEX parts ON companies USING gist (name gist_trgm_ops);"
        "CREATE INDEX sentence ON contacts_metadata USING gin ((coalesce(city, '') || E'\\n' || coalesce(state, '') || "
        "E'\\n' || coalesce(country, '') || E'\\n' || coalesce(linkedin_url, '') || E'\\n' || coalesce(twitter_url, '')) "
        "gin_trgm_ops)"));
    const std::pair<const char *, IndexState> expected[] = {
        {"idx_contacts_email_status", IndexState::Present},
        {"idx_contacts_last_name", IndexState::Equivalent},
        {"idx_contacts_created_at_id", IndexState::Equivalent},
        {"idx_companies_created_at_id", IndexState::Missing},
        {"idx_contacts_mobile_phone", IndexState::Missing},
        {"idx_companies_name", IndexState::Missing},
        {"idx_contacts_metadata_city", IndexState::Missing},
        {"idx_companies_industries_gin", IndexState::Equivalent},
        {"idx_companies_technologies_gin", IndexState::Missing},
        {"idx_companies_name_trgm", IndexState::Equivalent},
        {"contacts_metadata_search_trgm", IndexState::Equivalent},
        {"companies_search_trgm", IndexState::Missing},
        {"idx_contacts_status_company_id", IndexState::Impossible},
    };
    for (const auto &[name, state] : expected)
        QVERIFY2(named(*lease, name).state == state, name);
    QCOMPARE(named(*lease, "idx_contacts_last_name").servedBy, QByteArray("Their own"));
    QVERIFY(named(*lease, "idx_contacts_status_company_id").note.contains(QStringLiteral("contacts.status")));
}

void TestIndexCreation::decision19_makesWhatIsMissingAndAltersNothing()
{
    QFETCH(Dialect, dialect);
    const auto pool = adopted(dialect);
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript("CREATE INDEX theirs ON contacts (last_name)"));
    const QByteArray before = test::fingerprint(*lease);
    QVERIFY(before.size() > 100);
    const auto missing = adviseIndexes(*lease);
    A360_VERIFY_OK(missing);
    ProgressCounter progress;
    const auto done = createMissingIndexes(*pool, progress, {});
    A360_VERIFY_OK(done);
    QVERIFY2(done->failed.isEmpty(), qPrintable(done->failed.join(QLatin1Char('\n'))));
    QCOMPARE(done->made.size(), missingIndexCount(*missing));
    QCOMPARE(progress.snapshot().rowsDone, missingIndexCount(*missing));
    QCOMPARE(progress.snapshot().rowsTotal, missingIndexCount(*missing));
    QVERIFY(progress.snapshot().unit == Progress::Unit::Indexes);
    QCOMPARE(test::fingerprint(*lease), before);
    const auto after = adviseIndexes(*lease);
    A360_VERIFY_OK(after);
    QCOMPARE(missingIndexCount(*after), 0);
    QCOMPARE(named(*lease, "idx_contacts_last_name").servedBy, QByteArray("theirs"));
    const auto again = createMissingIndexes(*pool, progress, {});
    A360_VERIFY_OK(again);
    QVERIFY(again->made.isEmpty());
}

void TestIndexCreation::decision19_takenNamesAreLeftAlone()
{
    const auto pool = adopted(Dialect::PostgreSql);
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript("CREATE INDEX idx_contacts_title ON contacts (lower(title));"
                                        "CREATE SEQUENCE idx_companies_name; CREATE VIEW a360_idx_companies_name AS SELECT 1"));
    ProgressCounter progress;
    const auto done = createMissingIndexes(*pool, progress, {});
    A360_VERIFY_OK(done);
    QVERIFY(done->made.contains(QStringLiteral("a360_idx_contacts_title")));
    QCOMPARE(named(*lease, "idx_contacts_title").servedBy, QByteArray("a360_idx_contacts_title"));
    QCOMPARE(done->failed.size(), 1);
    QVERIFY(done->failed.constFirst().startsWith(QStringLiteral("idx_companies_name:")));
    QCOMPARE(number(*lease, "SELECT count(*) FROM pg_indexes WHERE indexname = 'idx_contacts_title' "
                            "AND indexdef LIKE '%lower(title)%'"), 1);
}

void TestIndexCreation::anIndexThatCannotBeMadeDoesNotStopTheRest()
{
    const auto pool = adopted(Dialect::PostgreSql);
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    // Longer than a b-tree takes, and not to be compressed.
    A360_VERIFY_OK(lease->executeScript("UPDATE contacts SET title = (SELECT string_agg(md5(g::text), ' ') "
                                        "FROM generate_series(1, 400) g) WHERE id = 1"));
    const auto missing = adviseIndexes(*lease);
    A360_VERIFY_OK(missing);
    ProgressCounter progress;
    const auto done = createMissingIndexes(*pool, progress, {});
    A360_VERIFY_OK(done);
    QCOMPARE(done->failed.size(), 1);
    QVERIFY2(done->failed.constFirst().startsWith(QStringLiteral("idx_contacts_title:")), qPrintable(done->failed.constFirst()));
    QCOMPARE(done->made.size(), missingIndexCount(*missing) - 1);
    QCOMPARE(invalid(*lease), 0);
    QCOMPARE(named(*lease, "idx_contacts_title").state, IndexState::Missing);
}

void TestIndexCreation::decision19_noRightIsToldBeforeAnythingIsDone()
{
    const auto pool = adopted(Dialect::PostgreSql);
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript("CREATE ROLE onlooker LOGIN; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA "
                                        "public TO onlooker; GRANT CREATE ON SCHEMA public TO onlooker;"
                                        "CREATE ROLE landlord; ALTER TABLE contacts OWNER TO landlord"));
    const QByteArray before = test::fingerprint(*lease);
    DatabaseUrl url = pool->url();
    url.user = QStringLiteral("onlooker");
    ConnectionPool theirs(url, {});
    ProgressCounter progress;
    const auto done = createMissingIndexes(theirs, progress, {});
    QVERIFY(!done.ok());
    QCOMPARE(done.error().code, ErrorCode::PermissionDenied);
    for (const char *word : {"onlooker", "owner"})
        QVERIFY2(done.error().message.contains(QLatin1String(word)), qPrintable(done.error().message));
    QCOMPARE(test::fingerprint(*lease), before);
    Result<Lease> look = theirs.lease();
    A360_VERIFY_OK(look);
    const auto advice = adviseIndexes(*look); // anyone may look
    A360_VERIFY_OK(advice);
    QVERIFY(missingIndexCount(*advice) > 30);
    const auto obstacle = indexObstacle(*look, *advice);
    A360_VERIFY_OK(obstacle);
    QVERIFY(!obstacle->isEmpty());
}

void TestIndexCreation::decision16_withoutTheExtensionTheRestIsMade()
{
    const auto pool = adopted(Dialect::PostgreSql);
    Result<Lease> lease = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(lease->executeScript(
        "CREATE ROLE tenant LOGIN; GRANT CREATE ON SCHEMA public TO tenant; ALTER TABLE contacts OWNER TO tenant;"
        "ALTER TABLE contacts_metadata OWNER TO tenant; ALTER TABLE companies OWNER TO tenant;"
        "ALTER TABLE companies_metadata OWNER TO tenant"));
    DatabaseUrl url = pool->url();
    url.user = QStringLiteral("tenant");
    ConnectionPool theirs(url, {});
    ProgressCounter progress;
    const auto done = createMissingIndexes(theirs, progress, {});
    A360_VERIFY_OK(done);
    QVERIFY(done->failed.isEmpty());
    QCOMPARE(done->notes.size(), 1);
    QVERIFY2(done->notes.constFirst().contains(QStringLiteral("CREATE EXTENSION pg_trgm")), qPrintable(done->notes.constFirst()));
    const auto advice = adviseIndexes(*lease);
    A360_VERIFY_OK(advice);
    for (const IndexAdvice &index : *advice) {
        if (index.state != IndexState::Impossible)
            QVERIFY2((index.state == IndexState::Missing) == index.needsTrigram, index.name.constData());
    }
    // Somewhere else than on the search path it is good enough as well.
    A360_VERIFY_OK(lease->executeScript("CREATE SCHEMA tools; CREATE EXTENSION pg_trgm SCHEMA tools;"
                                        "GRANT USAGE ON SCHEMA tools TO tenant"));
    const auto rest = createMissingIndexes(theirs, progress, {});
    A360_VERIFY_OK(rest);
    QVERIFY2(rest->failed.isEmpty(), qPrintable(rest->failed.join(QLatin1Char('\n'))));
    QCOMPARE(rest->made.size(), 9);
}

void TestIndexCreation::cancelledWithinASecondAndNothingUnfinishedIsLeft()
{
    const auto pool = adopted(Dialect::PostgreSql);
    Result<Lease> lease = pool->lease(), old = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(old);
    // An older snapshot, which the last phase of CREATE INDEX CONCURRENTLY waits for.
    A360_VERIFY_OK(old->begin(TransactionMode::ReadSnapshot));
    CancelSource source;
    ProgressCounter progress;
    auto running = std::async(std::launch::async, [&] { return createMissingIndexes(*pool, progress, source.token()); });
    QTRY_COMPARE_WITH_TIMEOUT(invalid(*lease), 1, 20'000);
    QElapsedTimer timer;
    timer.start();
    source.cancel();
    const auto done = running.get();
    QVERIFY2(timer.elapsed() < 1000, QByteArray::number(timer.elapsed()).constData());
    QVERIFY(!done.ok());
    QCOMPARE(done.error().code, ErrorCode::Cancelled);
    QCOMPARE(invalid(*lease), 0);
}

void TestIndexCreation::whatOthersHoldIsReplacedByTheNextRun()
{
    const auto pool = adopted(Dialect::PostgreSql);
    Result<Lease> lease = pool->lease(), reader = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(reader);
    A360_VERIFY_OK(reader->begin(TransactionMode::ReadSnapshot));
    for (const char *table : {"contacts", "companies", "contacts_metadata", "companies_metadata"})
        QVERIFY(number(*reader, QByteArray("SELECT count(*) FROM ").append(table).constData()) >= 0);
    CancelSource source;
    ProgressCounter progress;
    auto running = std::async(std::launch::async, [&] { return createMissingIndexes(*pool, progress, source.token()); });
    QTRY_COMPARE_WITH_TIMEOUT(invalid(*lease), 1, 20'000);
    QElapsedTimer timer;
    timer.start();
    source.cancel();
    const auto cancelled = running.get();
    QVERIFY2(timer.elapsed() < 1000, QByteArray::number(timer.elapsed()).constData());
    QVERIFY(!cancelled.ok());
    QVERIFY2(cancelled.error().message.contains(QStringLiteral("unfinished")), qPrintable(cancelled.error().message));
    QCOMPARE(invalid(*lease), 1);
    A360_VERIFY_OK(reader->commit());
    const auto done = createMissingIndexes(*pool, progress, {});
    A360_VERIFY_OK(done);
    QVERIFY(done->failed.isEmpty());
    QCOMPARE(invalid(*lease), 0);
}

void TestIndexCreation::decision22_locksAreNotWaitedForLonger()
{
    const auto pool = adopted(Dialect::PostgreSql);
    Result<Lease> lease = pool->lease(), old = pool->lease();
    A360_VERIFY_OK(lease);
    A360_VERIFY_OK(old);
    A360_VERIFY_OK(old->begin(TransactionMode::ReadSnapshot));
    ProgressCounter progress;
    IndexCreationOptions options;
    options.lockTimeout = std::chrono::milliseconds(20);
    const auto done = createMissingIndexes(*pool, progress, {}, options);
    A360_VERIFY_OK(done);
    QVERIFY(done->made.isEmpty());
    QVERIFY(done->failed.size() > 30);
    QVERIFY2(done->failed.constFirst().contains(QStringLiteral("other transactions")), qPrintable(done->failed.constFirst()));
    QCOMPARE(invalid(*lease), 0);
}

QTEST_GUILESS_MAIN(TestIndexCreation)
#include "tst_index_creation.moc"
