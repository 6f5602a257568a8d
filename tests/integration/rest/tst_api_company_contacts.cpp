// SPDX-License-Identifier: GPL-3.0-or-later
// The contacts of one company over HTTP (contract §2.2), on both databases.
#include "api_fixture.h"
#include "db/epochs.h"

using namespace a360;
using a360::tests::ApiFixture;
using a360::tests::RawAnswer;
using a360::tests::RawClient;

namespace {

// Of 250 contacts in 20 companies, contact i is in company i % 20 + 1 unless ten divides i: company 2 has 1, 21, 41, … 241.
constexpr int companies = 20, inCompany2 = 13;

QByteArray under(int company, const QByteArray &rest = {})
{
    return "/api/v1/companies/company/" + ApiFixture::uuid('c', company) + "/contacts/" + rest;
}

QStringList emailsOf(const QJsonObject &page)
{
    return ApiFixture::valuesOf(page, QLatin1String("email"));
}

} // namespace

class TestApiCompanyContacts : public QObject
{
    Q_OBJECT

    test::TestDatabases m_databases;
    std::map<db::Dialect, std::unique_ptr<ApiFixture>> m_fixtures;

    ApiFixture &api()
    {
        QFETCH_GLOBAL(db::Dialect, dialect);
        return *m_fixtures.at(dialect);
    }

private Q_SLOTS:
    void initTestCase_data() { test::addDialectRows(); }
    void initTestCase()
    {
        QVERIFY2(m_databases.open(), m_databases.problem());
        for (const db::Dialect dialect : {db::Dialect::Sqlite, db::Dialect::PostgreSql}) {
            auto fixture = std::make_unique<ApiFixture>();
            A360_VERIFY_OK(fixture->start(m_databases.fresh(dialect)));
            A360_VERIFY_OK(fixture->fill(250, companies));
            m_fixtures[dialect] = std::move(fixture);
        }
    }
    void cleanupTestCase() { m_fixtures.clear(); }

    void theListIsThatOfContacts()
    {
        const QJsonObject page = api().get(under(2)).json();
        QCOMPARE(emailsOf(page).size(), inCompany2);
        QCOMPARE(emailsOf(page).first(), QStringLiteral("p241@werk.example")); // newest first
        for (const QJsonValue &item : page.value(u"results").toArray())
            QCOMPARE(item.toObject().value(u"company").toString(), QStringLiteral("Werk 2 GmbH"));
        const QJsonObject one = api().get("/api/v1/contacts/?email=p241@werk.example").json();
        QCOMPARE(page.value(u"results").toArray().first(), one.value(u"results").toArray().first());
        const QJsonObject meta = page.value(u"meta").toObject();
        QCOMPARE(meta.value(u"ordering").toString(), QStringLiteral("-created_at"));
        QCOMPARE(meta.value(u"filters_applied"), QJsonValue(false)); // the company is the place, no filter on it
        QCOMPARE(api().get(under(11)).json().value(u"results").toArray().size(), 0); // ten divides all of its numbers
    }

    void everyPathIsThereUnderBothNames()
    {
        const QByteArray uuid = ApiFixture::uuid('c', 2);
        for (const QByteArray &base : {QByteArray("/api/v1/companies/company/"), QByteArray("/api/v1/companies/")}) {
            for (const char *slash : {"", "/"}) {
                QCOMPARE(emailsOf(api().get(base + uuid + "/contacts" + slash).json()).size(), inCompany2);
                QCOMPARE(api().get(base + uuid + "/contacts/count" + slash).body, "{\"count\":13}");
                const QJsonObject uuids = api().get(base + uuid + "/contacts/count/uuids" + slash + "?limit=2&offset=1&ordering=id").json();
                QCOMPARE(uuids.value(u"count").toInt(), inCompany2);
                QCOMPARE(uuids.value(u"uuids").toArray(), (QJsonArray{QString::fromLatin1(ApiFixture::uuid('a', 21)),
                                                                      QString::fromLatin1(ApiFixture::uuid('a', 41))}));
            }
        }
    }

    void filtersOfContactsHold()
    {
        QCOMPARE(api().get(under(2, "count/?title=engineer")).body, "{\"count\":13}");
        QCOMPARE(api().get(under(3, "count/?title=engineer")).body, "{\"count\":0}");
        QCOMPARE(api().get(under(2, "count/?search=p41@werk")).body, "{\"count\":1}");
        QCOMPARE(api().get(under(2, "count/?company=werk+3")).body, "{\"count\":0}");
        const QJsonObject page = api().get(under(2, "?email=p41@werk.example&view=simple&fields=uuid")).json();
        QCOMPARE(page.value(u"results"),
                 QJsonValue(QJsonArray{QJsonObject{{QStringLiteral("uuid"), QString::fromLatin1(ApiFixture::uuid('a', 41))}}}));
        QCOMPARE(page.value(u"meta").toObject().value(u"filters_applied"), QJsonValue(true));
        QCOMPARE(api().get(under(2, "?employees_min=many")).status, 400);
        QCOMPARE(api().get(under(2, "?limit=0")).status, 422);
    }

    void cursorsStayInTheirCompany()
    {
        QStringList seen;
        QByteArray target = under(2, "?limit=5"), second;
        for (int pages = 0; !target.isEmpty() && pages < 10; ++pages) {
            const QJsonObject page = api().get(target).json();
            seen += emailsOf(page);
            const QJsonValue next = page.value(u"next");
            target = next.isNull() ? QByteArray() : ApiFixture::targetOf(next);
            QVERIFY(target.isEmpty() || target.startsWith(under(2)));
            if (second.isEmpty())
                second = target;
        }
        QCOMPARE(seen.size(), inCompany2);
        QCOMPARE(QSet<QString>(seen.begin(), seen.end()).size(), inCompany2);
        const QByteArray elsewhere = under(3, second.mid(second.indexOf('?')));
        QCOMPARE(api().get(elsewhere).json().value(u"detail").toString(), QStringLiteral("Invalid cursor value"));
    }

    void unknownParametersAreTold() // decision 17
    {
        QCOMPARE(api().get(under(2, "?zzz=1")).json().value(u"meta").toObject().value(u"ignored").toArray(),
                 (QJsonArray{QStringLiteral("zzz")}));
        QCOMPARE(api().get(under(2, "count/?zzz=1")).headers.value("x-ignored-parameters"), "zzz");
        QCOMPARE(api().get(under(2, "count/uuids/?zzz=1")).headers.value("x-ignored-parameters"), "zzz");
    }

    void unknownCompaniesAre404()
    {
        for (const char *rest : {"", "count/", "count/uuids/", "count/?estimated=true", "?count_mode=actual"}) {
            for (const QByteArray &company : {QByteArray("nobody"), ApiFixture::uuid('c', companies + 1), QByteArray("%FF"), QByteArray("%27")}) {
                const RawAnswer answer = api().get("/api/v1/companies/company/" + company + "/contacts/" + rest);
                QCOMPARE(answer.status, 404);
                QCOMPARE(answer.json().value(u"detail").toString(), QStringLiteral("Company not found"));
                QCOMPARE(answer.json().value(u"code").toString(), QStringLiteral("not_found"));
            }
        }
        QCOMPARE(api().get("/api/v1/companies/company/contacts/").json().value(u"detail").toString(),
                 QStringLiteral("Company not found"));
    }

    void pagesAreCachedByCompany()
    {
        const QByteArray query = "?limit=3&title=engineer";
        QVERIFY(!api().get(under(4, query)).headers.contains("x-cache-hit"));
        const RawAnswer again = api().get(under(4, query));
        QCOMPARE(again.headers.value("x-cache-hit"), "true");
        const RawAnswer other = api().get(under(6, query));
        QVERIFY(!other.headers.contains("x-cache-hit"));
        QVERIFY(emailsOf(other.json()) != emailsOf(again.json()));
        QCOMPARE(api().get("/api/v1/contacts/" + query).json().value(u"results").toArray().size(), 3);
    }

    void aCompanyThatComesAndGoesIsSeen()
    {
        const QByteArray newcomer = "/api/v1/companies/newcomer/contacts/";
        QCOMPARE(api().get(newcomer).status, 404);
        const auto write = [this](const char *statement) {
            auto lease = api().service().pool().lease();
            A360_VERIFY_OK(lease);
            A360_VERIFY_OK(lease->begin(db::TransactionMode::ReadWrite));
            A360_VERIFY_OK(lease->execute(db::Sql(lease->dialect(), statement)));
            A360_VERIFY_OK(db::commitChange(*lease, api().service().pool().epochs(), db::DataTables::Companies));
        };
        write("INSERT INTO companies (uuid, name) VALUES ('newcomer', 'Neu')");
        QCOMPARE(api().get(newcomer).status, 200);
        QCOMPARE(api().get(newcomer).headers.value("x-cache-hit"), "true");
        write("DELETE FROM companies WHERE uuid = 'newcomer'");
        QCOMPARE(api().get(newcomer).status, 404);
    }

    void aTokenIsNeeded()
    {
        RawClient client(api().port());
        for (const char *rest : {"", "count/", "count/uuids/"}) {
            client.get(under(2, rest));
            QCOMPARE(client.read().status, 401);
        }
    }
};

QTEST_GUILESS_MAIN(TestApiCompanyContacts)
#include "tst_api_company_contacts.moc"
