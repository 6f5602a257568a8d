// SPDX-License-Identifier: GPL-3.0-or-later
#include "api_fixture.h"
#include "cache/memory_cache.h"
#include "cache_warming.h"
#include "transfer/importer.h"

#include <QTest>

using namespace a360;
using namespace a360::tests;

namespace {

const QByteArray contactsPath = "/api/v1/contacts/";
const QByteArray companiesPath = "/api/v1/companies/";

bool isHit(const RawAnswer &answer)
{
    return answer.headers.value("x-cache-hit") == "true";
}

} // namespace

class TestListCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_databases.open(), m_databases.problem()); }
    void theSecondAskerGetsIt_data() { test::addDialectRows(); }
    void theSecondAskerGetsIt();
    void linksAreThoseOfTheAsker();
    void differentPagesAreKeptApart();
    void adviceIsKeptAndCanBeFollowed();
    void aClientMayInsist();
    void largePagesAreNotKept();
    void errorsAreNotKept();
    void anImportIsSeenAtOnce_data() { test::addDialectRows(); }
    void anImportIsSeenAtOnce();
    void companiesReachContactPages_data() { test::addDialectRows(); }
    void companiesReachContactPages();
    void aFruitlessImportLeavesPagesAlone();
    void handlersHearOfWritesHereAndElsewhere_data() { test::addDialectRows(); }
    void handlersHearOfWritesHereAndElsewhere();
    void nothingIsKeptWhenOff();
    void aPoolWithoutRoomIsWaitedForOnce();
    void isBoundedByTheSetting();
    void warmingFillsWhatTheListAsksFor();
    void anUnknownNameIsToldAndCounted();
    void aWrongNameDoesNotFailTheTask();

private:
    /// Runs statements as this service's own writers do.
    Result<void> change(const QByteArray &statement, db::DataTables changed)
    {
        db::ConnectionPool &pool = m_api.service().pool();
        A360_TRY_ASSIGN(db::Lease lease, pool.lease());
        A360_TRY(lease.begin(db::TransactionMode::ReadWrite));
        A360_TRY(lease.executeScript(statement));
        return db::commitChange(lease, pool.epochs(), changed);
    }
    Result<transfer::ImportReport> import(const QByteArray &csv)
    {
        QFile file(m_databases.filePath(QStringLiteral("in.csv")));
        if (!file.open(QIODevice::WriteOnly) || file.write(csv) != csv.size())
            return makeError(ErrorCode::Io, file.errorString());
        file.close();
        A360_TRY_ASSIGN(auto input, transfer::InputFile::open(file.fileName()));
        transfer::ImportRequest request;
        request.file = std::move(input);
        ProgressCounter progress;
        return transfer::runImport(m_api.service().pool(), request, progress, {});
    }
    Result<void> start(db::Dialect dialect = db::Dialect::Sqlite, rest::ApiOptions options = {}, const CacheOptions &cache = {})
    {
        A360_TRY(m_api.start(m_databases.fresh(dialect), options, cache));
        return m_api.fill(30, 3);
    }
    cache::CacheReport report() { return m_api.service().cache().report(); }

    test::TestDatabases m_databases;
    ApiFixture m_api;
};

void TestListCache::theSecondAskerGetsIt()
{
    QFETCH(db::Dialect, dialect);
    A360_VERIFY_OK(start(dialect));
    for (const QByteArray &path : {contactsPath + "?limit=5&title=engineer&count_mode=actual", companiesPath + "?limit=2&offset=1"}) {
        const RawAnswer first = m_api.get(path);
        QCOMPARE(first.status, 200);
        QVERIFY(!first.headers.contains("x-cache-hit"));
        const RawAnswer second = m_api.get(path);
        QVERIFY(isHit(second));
        QCOMPARE(second.body, first.body);
        QCOMPARE(second.headers.value("content-type"), first.headers.value("content-type"));
    }
    QCOMPARE(report().prefixes["contacts:list"].counters.hits, 1);
    QCOMPARE(report().prefixes["companies:list"].loads.loads, 1);
    // A parameter written in another order asks for the same page.
    QVERIFY(isHit(m_api.get(contactsPath + "?count_mode=actual&title=Engineer&limit=5")));
}

void TestListCache::linksAreThoseOfTheAsker()
{
    A360_VERIFY_OK(start());
    const QByteArray path = contactsPath + "?limit=5";
    QVERIFY(m_api.get(path).body.contains("http://localhost/api/v1/contacts/?limit=5&cursor="));
    RawClient client(m_api.port());
    client.send("GET " + path + "&extra=1 HTTP/1.1\r\nHost: 127.0.0.1:81\r\n" + m_api.bearer() + "\r\n");
    const RawAnswer ignoring = client.read();
    QCOMPARE(ignoring.status, 200);
    QVERIFY2(!isHit(ignoring), "meta.ignored differs");
    client.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:81\r\n" + m_api.bearer() + "\r\n");
    const RawAnswer other = client.read();
    QVERIFY(isHit(other));
    const QString next = other.json()[QStringLiteral("next")].toString();
    QVERIFY2(next.startsWith(u"http://127.0.0.1:81/api/v1/contacts/?limit=5&cursor="), qPrintable(next));
    QVERIFY(other.json()[QStringLiteral("previous")].isNull());
    // The link leads to the next page, of which it is the first sight.
    const RawAnswer after = m_api.get(next.mid(next.indexOf(u"/api")).toLatin1());
    QCOMPARE(after.status, 200);
    QVERIFY(!isHit(after));
    QVERIFY(after.json()[QStringLiteral("results")] != other.json()[QStringLiteral("results")]);
    // With an offset both neighbours are named, also from the cache.
    const QByteArray middle = contactsPath + "?limit=5&offset=10";
    const QByteArray body = m_api.get(middle).body;
    QVERIFY(body.contains("offset=15") && body.contains("offset=5"));
    const RawAnswer again = m_api.get(middle);
    QVERIFY(isHit(again));
    QCOMPARE(again.body, body);
    // The last page has no next.
    m_api.get(contactsPath + "?limit=5&offset=25");
    const RawAnswer last = m_api.get(contactsPath + "?limit=5&offset=25");
    QVERIFY(isHit(last));
    QVERIFY(last.json()[QStringLiteral("next")].isNull());
}

void TestListCache::differentPagesAreKeptApart()
{
    A360_VERIFY_OK(start());
    QList<QByteArray> seen;
    for (const char *query : {"", "?limit=5", "?limit=6", "?limit=5&offset=0", "?limit=5&offset=5", "?limit=5&view=simple",
                              "?limit=5&ordering=title", "?limit=5&ordering=-title", "?limit=5&title=cto",
                              "?limit=5&count_mode=actual", "?limit=5&count_mode=estimated", "?limit=5&nonsense=1", "?limit=5&fields=title",
                              "?limit=5&exclude_fields=title"}) {
        const RawAnswer answer = m_api.get(contactsPath + query);
        QCOMPARE(answer.status, 200);
        QVERIFY2(!isHit(answer), query);
        QVERIFY2(!seen.contains(answer.body), query);
        seen.append(answer.body);
    }
    // The same choice in other words.
    m_api.get(contactsPath + "?limit=5&fields=title,uuid");
    QVERIFY(isHit(m_api.get(contactsPath + "?fields=uuid&limit=5&fields=title,uuid&exclude_fields=email")));
}

void TestListCache::adviceIsKeptAndCanBeFollowed()
{
    A360_VERIFY_OK(m_api.start(m_databases.fresh(db::Dialect::Sqlite)));
    A360_VERIFY_OK(m_api.fill(1100, 3));
    const RawAnswer far = m_api.get(contactsPath + "?limit=10&offset=1000&count_mode=actual");
    const RawAnswer again = m_api.get(contactsPath + "?limit=10&offset=1000&count_mode=actual");
    QVERIFY(isHit(again));
    QCOMPARE(again.body, far.body);
    const QJsonValue meta = again.json().value(u"meta");
    QVERIFY(!meta[u"recommendation"].toString().isEmpty());
    QCOMPARE(meta[u"current_page"].toInt(), 101);
    const QByteArray cursor = meta[u"next_cursor"].toString().toLatin1().toPercentEncoding();
    QVERIFY(!cursor.isEmpty());
    const QJsonObject followed = m_api.get(contactsPath + "?limit=10&cursor=" + cursor).json();
    QCOMPARE(followed.value(u"results").toArray().size(), 10);
    QCOMPARE(followed.value(u"results"), m_api.get(contactsPath + "?limit=10&offset=1010").json().value(u"results"));
    QVERIFY(!followed.value(u"meta")[u"recommendation"].isString());
}

void TestListCache::aClientMayInsist()
{
    A360_VERIFY_OK(start());
    m_api.get(contactsPath);
    QVERIFY(isHit(m_api.get(contactsPath)));
    // A writer outside this service: unseen until the time is over, unless somebody insists.
    {
        Result<db::Lease> lease = m_api.service().pool().lease();
        A360_VERIFY_OK(lease->executeScript("UPDATE contacts SET title = 'Rewritten' WHERE id = 30"));
    }
    QVERIFY(!m_api.get(contactsPath).body.contains("Rewritten"));
    const RawAnswer fresh = m_api.get(contactsPath, "Cache-Control: no-cache\r\n");
    QVERIFY(!isHit(fresh));
    QVERIFY(fresh.body.contains("Rewritten"));
    const RawAnswer next = m_api.get(contactsPath);
    QVERIFY(isHit(next));
    QVERIFY(next.body.contains("Rewritten"));
}

void TestListCache::largePagesAreNotKept()
{
    rest::ApiOptions options;
    options.pages.most = 5000;
    A360_VERIFY_OK(start(db::Dialect::Sqlite, options));
    for (int i = 0; i < 2; ++i)
        QVERIFY(!isHit(m_api.get(contactsPath + "?limit=1001")));
    m_api.get(contactsPath + "?limit=1000");
    QVERIFY(isHit(m_api.get(contactsPath + "?limit=1000")));
}

void TestListCache::errorsAreNotKept()
{
    A360_VERIFY_OK(start());
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(m_api.get(contactsPath + "?limit=0").status, 422);
        QCOMPARE(m_api.get(contactsPath + "?cursor=nonsense").status, 400);
    }
    QCOMPARE(report().total.entries, 0);
}

void TestListCache::anImportIsSeenAtOnce()
{
    QFETCH(db::Dialect, dialect);
    A360_VERIFY_OK(start(dialect));
    const QByteArray path = contactsPath + "?count_mode=actual&limit=3";
    for (int i = 0; i < 5; ++i) {
        QCOMPARE(m_api.get(path).json()[QStringLiteral("meta")][QStringLiteral("total")].toInt(), 30 + i);
        QVERIFY(isHit(m_api.get(path)));
        A360_VERIFY_OK(import("First Name,Email\nNew" + QByteArray::number(i) + ",new" + QByteArray::number(i) + "@x.example\n"));
        const RawAnswer after = m_api.get(path);
        QVERIFY(!isHit(after));
        QVERIFY(after.body.contains("New" + QByteArray::number(i)));
    }
    // Contacts alone have changed: pages of companies are as good as before.
    m_api.get(companiesPath);
    A360_VERIFY_OK(import("First Name,Email\nLast,last@x.example\n"));
    QVERIFY(isHit(m_api.get(companiesPath)));
}

void TestListCache::companiesReachContactPages()
{
    QFETCH(db::Dialect, dialect);
    A360_VERIFY_OK(start(dialect));
    m_api.get(contactsPath);
    QVERIFY(isHit(m_api.get(contactsPath)));
    A360_VERIFY_OK(change("UPDATE companies SET name = 'Renamed AG' WHERE id = 1", db::DataTables::Companies));
    const RawAnswer after = m_api.get(contactsPath);
    QVERIFY(!isHit(after));
    QVERIFY(after.body.contains("Renamed AG"));
}

void TestListCache::aFruitlessImportLeavesPagesAlone()
{
    A360_VERIFY_OK(start());
    const QByteArray csv = "First Name,Email\nSame,same@x.example\n";
    A360_VERIFY_OK(import(csv));
    m_api.get(contactsPath);
    A360_VERIFY_OK(import(csv)); // unchanged
    QVERIFY(isHit(m_api.get(contactsPath)));
}

void TestListCache::handlersHearOfWritesHereAndElsewhere()
{
    QFETCH(db::Dialect, dialect);
    A360_VERIFY_OK(start(dialect));
    std::mutex mutex;
    QStringList heard;
    for (const char *list : {"contacts:list", "companies:list"}) {
        m_api.service().cache().registerInvalidationHandler(list, [&](const cache::InvalidationEvent &event) -> Result<void> {
            const std::lock_guard lock(mutex);
            heard << QStringLiteral("%1, %2").arg(QString::fromLatin1(event.prefix), event.reason);
            return {};
        });
    }
    const auto take = [&] {
        const std::lock_guard lock(mutex);
        return std::exchange(heard, {});
    };
    QCOMPARE(m_api.get(contactsPath).status, 200); // from now on it is known what there was
    take();
    A360_VERIFY_OK(change("UPDATE contacts SET title = 'Chief' WHERE id = 1", db::DataTables::Contacts));
    QCOMPARE(take(), QStringList(QStringLiteral("contacts:list, write")));
    {
        db::ConnectionPool other(m_api.service().pool().url(), {}); // knows as little of this one as another process
        Result<db::Lease> lease = other.lease();
        A360_VERIFY_OK(lease);
        A360_VERIFY_OK(lease->begin(db::TransactionMode::ReadWrite));
        A360_VERIFY_OK(db::commitChange(*lease, other.epochs(), db::DataTables::Companies));
    }
    const QStringList both{QStringLiteral("contacts:list, write elsewhere"), QStringLiteral("companies:list, write elsewhere")};
    QStringList all;
    QTRY_VERIFY_WITH_TIMEOUT((m_api.get(contactsPath), all += take(), all.size() >= 2), 20'000);
    QCOMPARE(all, both);
    QVERIFY(report().invalidations >= 3);
    QCOMPARE(report().handlerFailures, 0);
}

void TestListCache::aPoolWithoutRoomIsWaitedForOnce()
{
    db::PoolSettings settings;
    settings.size = 1;
    settings.maxOverflow = 0;
    settings.timeout = std::chrono::milliseconds(200);
    db::ConnectionPool pool(m_databases.fresh(db::Dialect::Sqlite), settings);
    db::EpochWatcher epochs(pool);
    cache::QueryCache cache(std::make_unique<cache::MemoryCache>(cache::MemoryCacheOptions()), {});
    const ListCache lists(cache, epochs);
    int loads = 0;
    const cache::Load load = [&](const CancelToken &) -> Result<std::optional<QByteArray>> {
        ++loads; // would wait for a connection as well, for as long again
        return std::optional(QByteArray("page"));
    };
    {
        const auto held = pool.lease();
        A360_VERIFY_OK(held);
        const auto page = lists.page(contacts::Entity::Contact, cache::CacheArguments{{1}, {}}, 10, load, false, {});
        QVERIFY(!page.ok());
        QCOMPARE(page.error().code, ErrorCode::Timeout);
        QCOMPARE(loads, 0);
    }
    A360_VERIFY_OK(lists.page(contacts::Entity::Contact, cache::CacheArguments{{1}, {}}, 10, load, false, {}));
    QCOMPARE(loads, 1);
}

void TestListCache::nothingIsKeptWhenOff()
{
    CacheOptions off;
    off.enabled = false;
    A360_VERIFY_OK(start(db::Dialect::Sqlite, {}, off));
    for (int i = 0; i < 3; ++i)
        QVERIFY(!isHit(m_api.get(contactsPath)));
    QVERIFY(!report().enabled);
    QCOMPARE(m_api.service().epochs().polls(), 0);
}

void TestListCache::isBoundedByTheSetting()
{
    CacheOptions few;
    few.maxEntries = 3;
    A360_VERIFY_OK(start(db::Dialect::Sqlite, {}, few));
    for (int limit = 1; limit <= 10; ++limit)
        m_api.get(contactsPath + "?limit=" + QByteArray::number(limit));
    QCOMPARE(report().total.entries, 3);
    QCOMPARE(report().total.counters.evictions, 7);
}

void TestListCache::warmingFillsWhatTheListAsksFor()
{
    rest::ApiOptions options;
    options.pages.standard = 7;
    options.warming = QStringList{QStringLiteral("contacts:popular"), QStringLiteral("companies:active"), QStringLiteral("settings:app")};
    const db::DatabaseUrl url = m_databases.fresh(db::Dialect::Sqlite);
    A360_VERIFY_OK(m_api.start(url));
    A360_VERIFY_OK(m_api.fill(30, 3));
    m_api.stop();
    A360_VERIFY_OK(m_api.start(url, options));
    QTRY_COMPARE_WITH_TIMEOUT(report().total.entries, 3, 20'000);
    for (const QByteArray &path : {contactsPath, companiesPath}) {
        const RawAnswer first = m_api.get(path);
        QVERIFY2(isHit(first), path.constData());
        QVERIFY(first.json()[QStringLiteral("results")].toArray().size() <= 7);
    }
    const auto app = m_api.service().cache().get(rest::appSettingsKey());
    QVERIFY(app);
    QCOMPARE(QJsonDocument::fromJson(app->bytes).object(),
             (QJsonObject{{QStringLiteral("project_name"), QStringLiteral("Appointment360")},
                          {QStringLiteral("version"), options.version},
                          {QStringLiteral("environment"), QStringLiteral("development")},
                          {QStringLiteral("debug"), false}}));
}

void TestListCache::anUnknownNameIsToldAndCounted()
{
    A360_VERIFY_OK(start());
    access::TokenStore tokens(m_api.service().pool());
    const rest::ApiContext context{m_api.service(), tokens, {}, {}};
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("could not be warmed with \"?contacts:unheard")));
    const cache::WarmReport warmed =
        rest::warmCache(context, {QStringLiteral("contacts:unheard"), QStringLiteral("companies:active")}, {});
    QCOMPARE(warmed.successful, 1);
    QCOMPARE(warmed.failed, 1);
    QCOMPARE(warmed.total, 2);
    QCOMPARE(warmed.errors.front().prefix, QByteArray("contacts:unheard"));
    QCOMPARE(cache::toJson(warmed)[QStringLiteral("errors")].toArray().size(), 1);
}

void TestListCache::aWrongNameDoesNotFailTheTask()
{
    ServiceOptions options;
    options.database = m_databases.fresh(db::Dialect::Sqlite);
    options.migrate = true;
    options.stays = true;
    Result<std::unique_ptr<Service>> opened = Service::open(options);
    A360_VERIFY_OK(opened);
    Service &service = **opened;
    access::TokenStore tokens(service.pool());
    const rest::ApiContext context{service, tokens, {}, {}};
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("could not be warmed with \"?contacts:unheard")));
    const rest::CacheWarming warming(context, {QStringLiteral("contacts:unheard"), QStringLiteral("companies:active"),
                                               QStringLiteral("settings:app")});
    QTRY_COMPARE_WITH_TIMEOUT(service.tasks()->statistics().completedTasks, 1, 20'000);
    QCOMPARE(service.tasks()->statistics().failedTasks, 0);
    QCOMPARE(service.cache().report().total.entries, 2);
}

QTEST_GUILESS_MAIN(TestListCache)
#include "tst_list_cache.moc"
