// SPDX-License-Identifier: GPL-3.0-or-later
// Lists, details, counts and health over HTTP, on both databases.
#include "api_fixture.h"

#include <QRegularExpression>

using namespace a360;
using a360::tests::ApiFixture;
using a360::tests::RawAnswer;
using a360::tests::RawClient;

namespace {

QStringList uuidsOf(const QJsonObject &page)
{
    return ApiFixture::valuesOf(page, QLatin1String("uuid"));
}

} // namespace

class TestApi : public QObject
{
    Q_OBJECT

    test::TestDatabases m_databases;
    std::map<db::Dialect, std::unique_ptr<ApiFixture>> m_fixtures;

private Q_SLOTS:
    void initTestCase_data() { test::addDialectRows(); }
    void initTestCase()
    {
        QVERIFY2(m_databases.open(), m_databases.problem());
        for (const db::Dialect dialect : {db::Dialect::Sqlite, db::Dialect::PostgreSql}) {
            auto fixture = std::make_unique<ApiFixture>();
            rest::ApiOptions options;
            options.http.trustedHosts = {QStringLiteral("localhost")};
            ServiceOptions service;
            service.database = m_databases.fresh(dialect);
            service.queries = db::QueryMonitorOptions{};
            A360_VERIFY_OK(fixture->start(service, options));
            A360_VERIFY_OK(fixture->fill(250, 20));
            m_fixtures[dialect] = std::move(fixture);
        }
    }
    void cleanupTestCase() { m_fixtures.clear(); }

    void everyDataPathNeedsAToken_data()
    {
        QTest::addColumn<QByteArray>("path");
        for (const char *path : {"/api/v1/contacts/", "/api/v1/contacts/count/", "/api/v1/contacts/count/uuids/",
                                 "/api/v1/contacts/stream/", "/api/v1/contacts/x/", "/api/v1/companies/",
                                 "/api/v1/companies/count/", "/api/v1/companies/count/uuids/", "/api/v1/companies/stream/",
                                 "/api/v1/companies/x/"})
            QTest::newRow(path) << QByteArray(path);
    }
    void everyDataPathNeedsAToken()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        QFETCH(QByteArray, path);
        RawClient client(m_fixtures.at(dialect)->port());
        client.get(path);
        RawAnswer answer = client.read();
        QCOMPARE(answer.status, 401);
        QVERIFY(answer.headers.value("www-authenticate").startsWith("Bearer"));
        QCOMPARE(answer.json().value(u"code").toString(), QStringLiteral("not_authenticated"));
        client.get(path, "Authorization: Bearer a360_" + QByteArray(43, 'x') + "\r\n");
        answer = client.read();
        QCOMPARE(answer.status, 401);
        QCOMPARE(answer.json().value(u"detail").toString(), QStringLiteral("Token is invalid or expired"));
    }

    void pageHasTheContractsShape()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        ApiFixture &api = *m_fixtures.at(dialect);
        const RawAnswer answer = api.get("/api/v1/contacts/");
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.headers.value("content-type"), "application/json");
        const QJsonObject page = answer.json();
        QCOMPARE(page.keys(), (QStringList{QStringLiteral("meta"), QStringLiteral("next"), QStringLiteral("previous"),
                                           QStringLiteral("results")}));
        QCOMPARE(page.value(u"results").toArray().size(), 100);
        QVERIFY(page.value(u"previous").isNull());
        const QJsonObject meta = page.value(u"meta").toObject();
        QCOMPARE(meta.value(u"strategy").toString(), QStringLiteral("cursor"));
        QCOMPARE(meta.value(u"ordering").toString(), QStringLiteral("-created_at"));
        QCOMPARE(meta.value(u"returned_records").toInt(), 100);
        QCOMPARE(meta.value(u"page_size").toInt(), 100);
        QCOMPARE(meta.value(u"page_size_cap").toInt(), 1000);
        QCOMPARE(meta.value(u"filters_applied").toBool(true), false);
        QCOMPARE(meta.value(u"using_replica").toBool(true), false);
        QVERIFY(!meta.contains(u"total"));
        // decision 12: newest first.
        QCOMPARE(page.value(u"results").toArray().first().toObject().value(u"email").toString(),
                 QStringLiteral("p250@werk.example"));
        QCOMPARE(api.get("/api/v1/contacts").status, 200);
    }

    void contactItemHasTheContractsKeysAndTypes()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        ApiFixture &api = *m_fixtures.at(dialect);
        const RawAnswer answer = api.get("/api/v1/contacts/?email=p21@werk.example");
        const QJsonObject item = answer.json().value(u"results").toArray().at(0).toObject();
        // As text, because order counts: 38 columns between uuid and meta_data.
        const QByteArray keys =
            "uuid,first_name,last_name,title,company,company_name_for_emails,email,email_status,"
            "primary_email_catch_all_status,seniority,departments,work_direct_phone,home_phone,mobile_phone,corporate_phone,"
            "other_phone,stage,employees,industry,keywords,person_linkedin_url,website,company_linkedin_url,facebook_url,"
            "twitter_url,city,state,country,company_address,company_city,company_state,company_country,company_phone,"
            "technologies,annual_revenue,total_funding,latest_funding,latest_funding_amount,last_raised_at,meta_data,"
            "created_at,updated_at";
        qsizetype at = answer.body.indexOf("\"results\"");
        for (const QByteArray &key : keys.split(',')) {
            const qsizetype next = answer.body.indexOf('"' + key + "\":", at);
            QVERIFY2(next > at, key.constData());
            at = next;
        }
        QCOMPARE(item.size(), keys.count(',') + 1);
        QCOMPARE(item.value(u"first_name").toString(), QStringLiteral("Zoë"));
        QCOMPARE(item.value(u"last_name").toString(), QStringLiteral("Quill, \"Q\""));
        QCOMPARE(item.value(u"departments").toString(), QStringLiteral("Operations, Product"));
        QCOMPARE(item.value(u"employees").toInt(), 20);
        QVERIFY(item.value(u"total_funding").isNull());
        QCOMPARE(item.value(u"industry").toString(), QStringLiteral("machinery, pumps, valves"));
        QCOMPARE(item.value(u"company_phone"), item.value(u"corporate_phone"));
        QCOMPARE(item.value(u"city").toString(), QStringLiteral("Wien"));
        QCOMPARE(item.value(u"company_city").toString(), QStringLiteral("München"));
        QCOMPARE(item.value(u"meta_data").toObject().value(u"latest_funding_amount").toString(), QStringLiteral("500000"));
        QCOMPARE(item.value(u"created_at").toString(), QStringLiteral("2023-11-14T22:13:41.987054"));
        const QJsonObject even =
            api.get("/api/v1/contacts/?email=p20@werk.example").json().value(u"results").toArray().at(0).toObject();
        QCOMPARE(even.value(u"created_at").toString(), QStringLiteral("2023-11-14T22:13:40"));
        QVERIFY(even.value(u"company").isNull());
        QVERIFY(even.value(u"meta_data").isNull());
    }

    void simpleView()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        const QJsonObject item = m_fixtures.at(dialect)
                                     ->get("/api/v1/contacts/?view=simple&email=p21@werk.example")
                                     .json()
                                     .value(u"results")
                                     .toArray()
                                     .at(0)
                                     .toObject();
        QCOMPARE(item.keys(), (QStringList{QStringLiteral("company_domain"), QStringLiteral("company_name"),
                                           QStringLiteral("first_name"), QStringLiteral("last_name"), QStringLiteral("location"),
                                           QStringLiteral("person_linkedin_url"), QStringLiteral("title"), QStringLiteral("uuid")}));
        QCOMPARE(item.value(u"location").toObject().value(u"country").toString(), QStringLiteral("Austria"));
        QVERIFY(item.value(u"location").toObject().value(u"state").isNull());
    }

    void detailsOfContactsAndCompanies()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        ApiFixture &api = *m_fixtures.at(dialect);
        const QJsonObject contact = api.get("/api/v1/contacts/" + ApiFixture::uuid('a', 21) + "/").json();
        QCOMPARE(contact.value(u"email").toString(), QStringLiteral("p21@werk.example"));
        const QJsonObject company = contact.value(u"company_detail").toObject();
        QCOMPARE(company.value(u"uuid").toString().toLatin1(), ApiFixture::uuid('c', 2));
        QCOMPARE(company.value(u"technologies").toArray(), (QJsonArray{QStringLiteral("SAP"), QStringLiteral("Qt")}));
        QCOMPARE(company.size(), 13);
        QCOMPARE(contact.value(u"metadata").toObject().value(u"uuid").toString().toLatin1(), ApiFixture::uuid('a', 21));
        QCOMPARE(contact.value(u"metadata").toObject().value(u"city").toString(), QStringLiteral("Wien"));
        QVERIFY(api.get("/api/v1/contacts/" + ApiFixture::uuid('a', 20)).json().value(u"company_detail").isNull());

        const QJsonObject detail = api.get("/api/v1/companies/" + ApiFixture::uuid('c', 2) + "/").json();
        QCOMPARE(detail.value(u"name").toString(), QStringLiteral("Werk 2 GmbH"));
        QCOMPARE(detail.value(u"keywords").toArray(), (QJsonArray{QStringLiteral("water")}));
        QCOMPARE(detail.value(u"metadata").toObject().value(u"latest_funding_amount").toInt(), 500'000);
        QCOMPARE(detail.value(u"created_at").toString(), QStringLiteral("2023-11-14T22:13:22"));
        for (const QStringView hidden : {u"address", u"text_search", u"industries"})
            QVERIFY(!detail.contains(hidden));

        const RawAnswer missing = api.get("/api/v1/contacts/nobody/");
        QCOMPARE(missing.status, 404);
        QCOMPARE(missing.json().value(u"detail").toString(), QStringLiteral("Contact not found"));
        QCOMPARE(missing.json().value(u"code").toString(), QStringLiteral("not_found"));
        QCOMPARE(api.get("/api/v1/companies/nobody/").json().value(u"detail").toString(), QStringLiteral("Company not found"));
    }

    void companyItem()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        const QJsonObject page = m_fixtures.at(dialect)->get("/api/v1/companies/?name=werk%202%20&ordering=name").json();
        QCOMPARE(page.value(u"meta").toObject().value(u"filters_applied").toBool(), true);
        const QJsonObject item = page.value(u"results").toArray().at(0).toObject();
        QCOMPARE(item.size(), 15);
        QVERIFY(!item.contains(u"created_at"));
    }

    void onlyTheFieldsThatAreAskedFor()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        ApiFixture &api = *m_fixtures.at(dialect);
        const auto keysOf = [&api](const QByteArray &target) {
            return api.get(target).json().value(u"results").toArray().at(0).toObject().keys().join(u',');
        };
        QCOMPARE(keysOf("/api/v1/contacts/?limit=1&fields=uuid,title"), QStringLiteral("title,uuid"));
        QCOMPARE(keysOf("/api/v1/contacts/?limit=1&fields=uuid&exclude_fields=uuid"), QStringLiteral("uuid"));
        QCOMPARE(keysOf("/api/v1/contacts/?limit=1&view=simple&exclude_fields=location,company_name,company_domain"),
                 QStringLiteral("first_name,last_name,person_linkedin_url,title,uuid"));
        QCOMPARE(keysOf("/api/v1/companies/?limit=1&fields=technologies,name"), QStringLiteral("name,technologies"));
        QCOMPARE(keysOf("/api/v1/contacts/?limit=1&fields=primary_email_catch_all_status"),
                 QStringLiteral("primary_email_catch_all_status"));
        const QJsonObject page = api.get("/api/v1/contacts/?email=p21@werk.example&fields=company,departments").json();
        QCOMPARE(page.value(u"results"), QJsonValue(QJsonArray{QJsonObject{{QStringLiteral("company"), QStringLiteral("Werk 2 GmbH")},
                                                                           {QStringLiteral("departments"), QStringLiteral("Operations, Product")}}}));
        QVERIFY(page.value(u"meta")[u"ignored"].toArray().isEmpty());
        // The choice goes on into the next page.
        const QJsonObject first = api.get("/api/v1/contacts/?limit=2&fields=email").json();
        const QJsonObject second = api.get(ApiFixture::targetOf(first.value(u"next"))).json();
        QCOMPARE(second.value(u"results"), QJsonValue(QJsonArray{QJsonObject{{QStringLiteral("email"), QStringLiteral("p248@werk.example")}},
                                                                 QJsonObject{{QStringLiteral("email"), QStringLiteral("p247@werk.example")}}}));

        const QByteArray one = "/api/v1/contacts/" + ApiFixture::uuid('a', 21);
        QCOMPARE(api.get(one + "/?fields=title,email").body, "{\"title\":\"Engineer\",\"email\":\"p21@werk.example\"}");
        QVERIFY(!api.get(one + "/?exclude_fields=company_detail").json().contains(u"company_detail"));
        QCOMPARE(api.get("/api/v1/companies/" + ApiFixture::uuid('c', 2) + "?fields=name").body, "{\"name\":\"Werk 2 GmbH\"}");
        QCOMPARE(api.get("/api/v1/contacts/nobody/?fields=title").status, 404);
    }

    void whatIsNotShownIsNotRead()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        ApiFixture &api = *m_fixtures.at(dialect);
        const auto statements = [&api] {
            QByteArrayList texts;
            for (const db::StatementFigures &figures : api.service().queries()->statistics().statements)
                texts += figures.text;
            return texts;
        };
        api.get("/api/v1/contacts/?limit=1"); // so that what is read beside a page has been seen
        const QByteArrayList before = statements();
        const QByteArray one = "/api/v1/contacts/" + ApiFixture::uuid('a', 21) + '/';
        QCOMPARE(api.get("/api/v1/contacts/?limit=3&fields=seniority").status, 200);
        QCOMPARE(api.get(one + "?fields=seniority").status, 200);
        int reads = 0;
        for (const QByteArray &text : statements()) {
            if (before.contains(text) || !text.contains("contacts"))
                continue;
            ++reads;
            QVERIFY2(text.contains("seniority"), text.constData());
            for (const char *other : {"companies", "metadata", "title", "uuid,"})
                QVERIFY2(!text.contains(other), text.constData());
        }
        QCOMPARE(reads, 2);
    }

    void cursorWalksEveryRowOnce()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        ApiFixture &api = *m_fixtures.at(dialect);
        QStringList seen;
        QByteArray target = "/api/v1/contacts/?limit=60&title=cto&title=engineer&ordering=title,-first_name";
        int pages = 0;
        while (!target.isEmpty() && pages < 20) {
            const QJsonObject page = api.get(target).json();
            seen += uuidsOf(page);
            ++pages;
            const QJsonValue next = page.value(u"next");
            target = next.isNull() ? QByteArray() : ApiFixture::targetOf(next);
            if (!next.isNull()) {
                QVERIFY(next.toString().startsWith(u"http://localhost/api/v1/contacts/?"));
                QVERIFY(target.contains("title=cto&title=engineer")); // repeated keys survive
                QVERIFY(target.contains("limit=60"));
                QCOMPARE(target.count("cursor="), 1);
            }
        }
        QCOMPARE(pages, 5);
        QCOMPARE(seen.size(), 250);
        QCOMPARE(QSet<QString>(seen.begin(), seen.end()).size(), 250);
    }

    void offsetsAndPagesLinkBothWays()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        ApiFixture &api = *m_fixtures.at(dialect);
        QJsonObject page = api.get("/api/v1/contacts/?limit=100&offset=100&title=cto,engineer").json();
        QCOMPARE(page.value(u"meta").toObject().value(u"strategy").toString(), QStringLiteral("limit-offset"));
        QCOMPARE(page.value(u"next").toString(),
                 QStringLiteral("http://localhost/api/v1/contacts/?title=cto,engineer&limit=100&offset=200"));
        QCOMPARE(page.value(u"previous").toString(),
                 QStringLiteral("http://localhost/api/v1/contacts/?title=cto,engineer&limit=100&offset=0"));
        const QStringList second = uuidsOf(page);
        page = api.get("/api/v1/contacts/?page=2&page_size=100").json();
        QCOMPARE(uuidsOf(page), second);
        page = api.get("/api/v1/contacts/?page=3&page_size=100").json();
        QVERIFY(page.value(u"next").isNull());
        QCOMPARE(uuidsOf(page).size(), 50);
        // The old cursors: base64 of o=<n>.
        page = api.get("/api/v1/contacts/?cursor=bz0xMDA%3D&limit=100").json();
        QCOMPARE(uuidsOf(page), second);
        QCOMPARE(page.value(u"previous").toString(), QStringLiteral("http://localhost/api/v1/contacts/?limit=100&cursor=bz0w"));
        page = api.get("/api/v1/contacts/?limit=10&cursor=bz0yNQ%3D%3D&offset=7").json(); // o=25
        page = api.get(ApiFixture::targetOf(page.value(u"previous"))).json();
        QCOMPARE(uuidsOf(page), uuidsOf(api.get("/api/v1/contacts/?limit=10&offset=15").json()));
        QVERIFY(api.get("/api/v1/contacts/?cursor=bz0w").json().value(u"previous").isNull());
    }

    void aTotalTellsWhereThePageStands()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        ApiFixture &api = *m_fixtures.at(dialect);
        const auto metaOf = [&api](const QByteArray &target) { return api.get(target).json().value(u"meta").toObject(); };
        const QByteArray sized = "/api/v1/contacts/?limit=100&count_mode=actual";
        const QJsonObject first = metaOf(sized);
        QCOMPARE(first.value(u"total").toInt(), 250);
        QCOMPARE(first.value(u"total_pages").toInt(), 3);
        QCOMPARE(first.value(u"current_page").toInt(), 1);
        QCOMPARE(first.value(u"has_next"), QJsonValue(true));
        QCOMPARE(first.value(u"has_previous"), QJsonValue(false));
        const QJsonObject last = metaOf(sized + "&page=3");
        QCOMPARE(last.value(u"current_page").toInt(), 3);
        QCOMPARE(last.value(u"has_next"), QJsonValue(false));
        QCOMPARE(last.value(u"has_previous"), QJsonValue(true));
        QCOMPARE(metaOf(sized + "&cursor=bz0xMDA%3D").value(u"current_page").toInt(), 2);
        const QJsonObject none = metaOf("/api/v1/contacts/?count_mode=actual&email=nobody");
        QCOMPARE(none.value(u"total_pages").toInt(), 1);
        QCOMPARE(none.value(u"has_next"), QJsonValue(false));
        // Behind a row nobody knows how many stand before it.
        const QByteArray next = ApiFixture::targetOf(api.get(sized).json().value(u"next"));
        const QJsonObject behind = metaOf(next);
        QCOMPARE(behind.value(u"total_pages").toInt(), 3);
        QVERIFY(!behind.contains(u"current_page"));
        QCOMPARE(behind.value(u"has_next"), QJsonValue(true));
        QCOMPARE(behind.value(u"has_previous"), QJsonValue(true));
        for (const QStringView absent : {u"total_pages", u"current_page", u"has_next", u"has_previous", u"recommendation", u"next_cursor"})
            QVERIFY(!metaOf("/api/v1/contacts/?limit=100").contains(absent));
    }

    void slowPagesComeWithAdvice()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        ApiFixture &api = *m_fixtures.at(dialect);
        QVERIFY(api.get("/api/v1/contacts/?limit=501").json().value(u"meta").toObject().contains(u"recommendation"));
        // So far in that nothing is left: advice, but no cursor to go on with.
        const QJsonObject far = api.get("/api/v1/contacts/?limit=10&offset=1000").json().value(u"meta").toObject();
        QVERIFY(far.value(u"recommendation").toString().contains(u"cursor"));
        QVERIFY(!far.contains(u"next_cursor"));
    }

    void pageSizesAreCapped()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        ApiFixture &api = *m_fixtures.at(dialect);
        const QJsonObject meta = api.get("/api/v1/contacts/?limit=5000").json().value(u"meta").toObject();
        QCOMPARE(meta.value(u"page_size").toInt(), 1000);
        QCOMPARE(meta.value(u"returned_records").toInt(), 250);
        QCOMPARE(api.get("/api/v1/contacts/?page_size=7").json().value(u"results").toArray().size(), 7);
    }

    void decision17_unknownParametersAreIgnoredAndListed()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        const QJsonObject page = m_fixtures.at(dialect)->get("/api/v1/contacts/?titel=cto&limit=1&foo=%C3%BC&foo=2").json();
        QCOMPARE(page.value(u"meta").toObject().value(u"ignored").toArray(),
                 (QJsonArray{QStringLiteral("titel"), QStringLiteral("foo")}));
        QCOMPARE(page.value(u"results").toArray().size(), 1);
    }

    void decision17_answersWithoutMetaTellIgnoredParametersInAField_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("count") << QByteArray("/api/v1/contacts/count/?contry=germany&limit=2") << QByteArray("contry, limit");
        QTest::newRow("count of a page") << QByteArray("/api/v1/companies/count/?estimated=true&format=csv&page=2&view=simple")
                                         << QByteArray("format, page, view");
        QTest::newRow("stream") << QByteArray("/api/v1/contacts/stream/?t%0d%0aX=1&fields=uuid&max_results=1")
                                << QByteArray("t%0D%0AX, fields");
        QTest::newRow("nothing") << QByteArray("/api/v1/companies/stream/?columns=uuid&max_results=1") << QByteArray();
        QTest::newRow("uuids") << QByteArray("/api/v1/contacts/count/uuids/?zzz=1&fields=uuid&view=simple&limit=2&page=2")
                               << QByteArray("zzz, fields, view");
        QTest::newRow("uuids, nothing") << QByteArray("/api/v1/companies/count/uuids/?limit=2&offset=1&ordering=name") << QByteArray();
        const QByteArray one = "/api/v1/contacts/" + ApiFixture::uuid('a', 21);
        QTest::newRow("detail") << one + "/?zzz=1&title=cto&fields=uuid&limit=2&zzz=2" << QByteArray("zzz, title, limit");
        QTest::newRow("detail, nothing") << one + "?exclude_fields=title" << QByteArray();
    }
    void decision17_answersWithoutMetaTellIgnoredParametersInAField()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, told);
        const auto answer = m_fixtures.at(dialect)->get(target);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.headers.value("x-ignored-parameters"), told);
    }

    void decision16_aSearchThatRanOutOfTimeSaysSo()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        if (dialect == db::Dialect::Sqlite)
            return; // its readers wait for nobody
        ApiFixture &api = *m_fixtures.at(dialect);
        auto blocker = api.service().pool().lease();
        A360_VERIFY_OK(blocker);
        A360_VERIFY_OK(blocker->begin(db::TransactionMode::ReadWrite));
        A360_VERIFY_OK(blocker->execute(db::Sql(dialect, "LOCK TABLE contacts"))); // waiting for it counts like scanning
        const RawAnswer answer = api.get("/api/v1/contacts/?search=ada+qx");
        A360_VERIFY_OK(blocker->rollback());
        QCOMPARE(answer.status, 503);
        QVERIFY(!answer.headers.contains("retry-after")); // the same would take as long again
        const QJsonObject body = answer.json();
        QCOMPARE(body.value(u"code").toString(), QStringLiteral("search_timeout"));
        QCOMPARE(body.value(u"field").toString(), QStringLiteral("search"));
        const QString detail = body.value(u"detail").toString();
        QVERIFY2(detail.contains(u"5 seconds") && detail.contains(u"'qx'") && detail.contains(u"three letters"), qPrintable(detail));
        QVERIFY2(!detail.contains(u"indexes --create"), qPrintable(detail)); // they are there
    }

    void decision17_statusCodes_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("detail");
        QTest::addColumn<QString>("field");
        const auto row = [](const char *target, int status, const char *detail, const char *field) {
            QTest::newRow(target) << QByteArray(target) << status << QString::fromUtf8(detail) << QString::fromUtf8(field);
        };
        row("/api/v1/contacts/?limit=0", 422, "limit must be a positive integer", "limit");
        row("/api/v1/contacts/?limit=ten", 422, "limit must be a positive integer", "limit");
        row("/api/v1/contacts/?offset=-1", 422, "offset must be zero or greater", "offset");
        row("/api/v1/contacts/?offset=99999999999999999999", 422, "offset must be zero or greater", "offset");
        row("/api/v1/contacts/?page=0", 422, "page must be a positive integer", "page");
        row("/api/v1/contacts/stream/?format=xml", 422, "format must be jsonl or csv", "format");
        row("/api/v1/contacts/stream/?max_results=0", 422, "max_results must be a positive integer", "max_results");
        row("/api/v1/contacts/?cursor=garbage", 400, "Invalid cursor value", "cursor");
        row("/api/v1/contacts/?ordering=shoe_size", 400, "Unknown ordering field: shoe_size", "ordering");
        row("/api/v1/contacts/?employees_min=many", 400, "", "employees_min");
        row("/api/v1/contacts/?created_at_after=yesterday", 400, "", "created_at_after");
        row("/api/v1/contacts/stream/?employees_min=9&employees_max=1", 400, "", "");
        row("/api/v1/contacts/stream/?columns=shoe_size", 400, "", "");
        row("/api/v1/contacts/?fields=uuid,titel", 400, "Unknown field: titel. Did you mean 'title'?", "fields");
        row("/api/v1/contacts/x/?exclude_fields=metadat", 400, "Unknown field: metadat. Did you mean 'metadata'?", "exclude_fields");
        row("/api/v1/companies/?fields=email", 400, "", "fields");
        row("/api/v1/contacts/?view=simple&fields=email_status", 400, "", "fields");
    }
    void decision17_statusCodes()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        QFETCH(QByteArray, target);
        QFETCH(int, status);
        QFETCH(QString, detail);
        QFETCH(QString, field);
        const RawAnswer answer = m_fixtures.at(dialect)->get(target);
        QCOMPARE(answer.status, status);
        const QJsonObject body = answer.json();
        QVERIFY(!body.value(u"detail").toString().isEmpty());
        QVERIFY(!body.value(u"code").toString().isEmpty());
        if (!detail.isEmpty())
            QCOMPARE(body.value(u"detail").toString(), detail);
        if (!field.isEmpty())
            QCOMPARE(body.value(u"field").toString(), field);
    }

    void counts()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        ApiFixture &api = *m_fixtures.at(dialect);
        QCOMPARE(api.get("/api/v1/contacts/count/").body, "{\"count\":250}");
        QCOMPARE(api.get("/api/v1/contacts/count/?title=cto").body, "{\"count\":125}");
        QCOMPARE(api.get("/api/v1/companies/count?employees_min=150").body, "{\"count\":6}");
        const QJsonObject estimated = api.get("/api/v1/contacts/count/?estimated=true").json();
        QVERIFY(estimated.value(u"estimated").isBool());
        QVERIFY(estimated.value(u"count").isDouble());
        const QJsonObject meta = api.get("/api/v1/contacts/?limit=1&count_mode=actual&title=cto").json().value(u"meta").toObject();
        QCOMPARE(meta.value(u"total").toInt(), 125);
        QCOMPARE(meta.value(u"ignored").toArray().size(), 0);
        const QJsonObject uuids = api.get("/api/v1/contacts/count/uuids/?limit=3&ordering=id").json();
        QCOMPARE(uuids.value(u"count").toInt(), 250);
        QCOMPARE(uuids.value(u"uuids").toArray().at(2).toString().toLatin1(), ApiFixture::uuid('a', 3));
        QCOMPARE(uuids.value(u"uuids").toArray().size(), 3);
    }

    void approximateCountsAreForCountsWithoutFilters() // USE_APPROXIMATE_COUNTS
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        ApiFixture api;
        rest::ApiOptions options;
        options.approximateCounts = true;
        A360_VERIFY_OK(api.start(m_databases.fresh(dialect), options));
        A360_VERIFY_OK(api.fill(250, 20));
        {
            auto lease = api.service().pool().lease();
            A360_VERIFY_OK(lease);
            A360_VERIFY_OK(lease->executeScript("ANALYZE")); // what an estimate is made of
        }
        // SQLite counts as far as that is quick, and says so.
        const bool estimated = dialect == db::Dialect::PostgreSql;
        for (const auto &[path, rows] : {std::pair("/api/v1/contacts/count/", 250), std::pair("/api/v1/companies/count/", 20)}) {
            const QJsonObject count = api.get(path).json();
            QCOMPARE(count.value(u"count").toInt(), rows);
            QCOMPARE(count.value(u"estimated"), QJsonValue(estimated));
        }
        QCOMPARE(api.get("/api/v1/contacts/count/?title=cto").body, "{\"count\":125}");
        QCOMPARE(api.get("/api/v1/contacts/count/?search=quill").body, "{\"count\":200}");
        QCOMPARE(api.get("/api/v1/contacts/count/?count_mode=actual").body, "{\"count\":250}");
        const QJsonObject meta = api.get("/api/v1/contacts/?limit=1&count_mode=estimated").json().value(u"meta").toObject();
        QCOMPARE(meta.value(u"count_mode").toString(), estimated ? QStringLiteral("estimated") : QStringLiteral("actual"));
        QCOMPARE(meta.value(u"total").toInt(), 250);
        QCOMPARE(meta.value(u"total_pages").toInt(), 250);
        QVERIFY(!api.get("/api/v1/contacts/?limit=1").json().value(u"meta").toObject().contains(u"total"));
    }

    void unicodeQueries()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        ApiFixture &api = *m_fixtures.at(dialect);
        QCOMPARE(api.get("/api/v1/contacts/count/?first_name=zo%C3%AB").body, "{\"count\":35}");
        QCOMPARE(api.get("/api/v1/contacts/count/?last_name=%E6%9D%8E").body, "{\"count\":50}");
        QCOMPARE(api.get("/api/v1/contacts/count/?title=c%74o&first_name=zo\xC3\xAB").body, "{\"count\":17}");
        QCOMPARE(api.get("/api/v1/contacts/count/?first_name=%FF%FE").body, "{\"count\":0}");
        QCOMPARE(api.get("/api/v1/companies/count/?name=werk+2+gmbh").body, "{\"count\":1}");
        QCOMPARE(api.get("/api/v1/contacts/count/?first_name=100%25%27%3B--").body, "{\"count\":0}");
    }

    void bigAnswersAreCompressedWhenAccepted()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        ApiFixture &api = *m_fixtures.at(dialect);
        const RawAnswer packed = api.get("/api/v1/contacts/?limit=50", "Accept-Encoding: gzip, deflate\r\n");
        QCOMPARE(packed.headers.value("content-encoding"), "gzip");
        QVERIFY(packed.body.startsWith("\x1f\x8b"));
        QVERIFY(packed.body.size() < 20'000);
        QVERIFY(!api.get("/api/v1/contacts/count/", "Accept-Encoding: gzip\r\n").headers.contains("content-encoding"));
    }

    void decision31_healthNeedsNoToken()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        ApiFixture &api = *m_fixtures.at(dialect);
        RawClient client(api.port());
        for (const char *path : {"/health", "/health/", "/api/v1/health/", "/api/v1/health"}) {
            client.get(path);
            const RawAnswer answer = client.read();
            QCOMPARE(answer.status, 200);
            QCOMPARE(answer.body, "{\"status\":\"healthy\",\"environment\":\"development\"}");
        }
        client.get("/api/v1/");
        QCOMPARE(client.read().json().value(u"name").toString(), QStringLiteral("Appointment360"));
    }

    void decision31_poolStatisticsOnlyWithAToken()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        ApiFixture &api = *m_fixtures.at(dialect);
        RawClient client(api.port());
        client.get("/health/db");
        const RawAnswer open = client.read();
        QCOMPARE(open.status, 200);
        QCOMPARE(open.json().value(u"status").toString(), QStringLiteral("healthy"));
        QVERIFY(!open.json().contains(u"stats"));
        client.get("/health/db", "Authorization: Bearer wrong\r\n");
        QVERIFY(!client.read().json().contains(u"stats"));
        const QJsonObject stats = api.get("/health/db").json().value(u"stats").toObject();
        QCOMPARE(stats.value(u"size").toInt(), 25);
        QVERIFY(stats.value(u"total_checkouts").toInt() > 0);
        QVERIFY(stats.value(u"wait_time_stats").toObject().contains(u"max_wait_time_seconds"));
        QCOMPARE(stats.value(u"health_status").toString(), QStringLiteral("healthy"));
    }
};

QTEST_GUILESS_MAIN(TestApi)
#include "tst_api.moc"
