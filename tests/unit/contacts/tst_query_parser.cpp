// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/query.h"

#include <QTest>
#include <QUrlQuery>

using namespace a360;
using namespace a360::contacts;

namespace {

Parameters parameters(const char *queryString)
{
    return QUrlQuery(QString::fromUtf8(queryString)).queryItems(QUrl::FullyDecoded);
}

Result<ParsedQuery> parse(const char *queryString, Entity entity = Entity::Contact)
{
    return parseQuery(entity, parameters(queryString), DefaultOrder::NewestFirst);
}

QByteArray canonical(const char *queryString, Entity entity = Entity::Contact)
{
    const auto parsed = parse(queryString, entity);
    return parsed.ok() ? parsed->query.canonical() : parsed.error().message.toUtf8();
}

QByteArray joined(const std::vector<QByteArray> &texts)
{
    QByteArray out;
    for (const QByteArray &text : texts)
        out += '<' + text + '>';
    return out;
}

QByteArray name(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

} // namespace

class TestQueryParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFilterOfTheContract_data()
    {
        QTest::addColumn<bool>("contact");
        QTest::addColumn<QByteArray>("parameter");
        QTest::addColumn<QByteArray>("columns");
        const auto add = [](bool contact, const char *names, const char *columns) {
            for (const QByteArray &parameter : QByteArray(names).split(' '))
                QTest::addRow("%s %s", contact ? "contacts" : "companies", parameter.constData())
                    << contact << parameter << QByteArray(columns);
        };
        add(true, "first_name", "c.first_name");
        add(true, "last_name", "c.last_name");
        add(true, "email", "c.email");
        add(true, "mobile_phone", "c.mobile_phone");
        add(true, "title jumble_title_words exclude_titles normalize_title_column", "c.title");
        add(true, "seniority exclude_seniorities", "c.seniority");
        add(true, "departments exclude_departments", "c.departments");
        add(true, "email_status", "c.email_status");
        add(true, "status", "c.status");
        add(true, "contact_location text_search exclude_contact_locations", "c.text_search");
        add(true, "company name include_company_name exclude_company_name", "co.name");
        add(true, "company_location company_text_search company_address exclude_company_locations", "co.text_search");
        add(true, "employees_count employees employees_min employees_max employees_count_min", "co.employees_count");
        add(true, "annual_revenue annual_revenue_min annual_revenue_max", "co.annual_revenue");
        add(true, "total_funding total_funding_min total_funding_max", "co.total_funding");
        add(true, "technologies technologies_uids exclude_technologies", "co.technologies");
        add(true, "industries industry exclude_industries", "co.industries");
        add(true, "keywords keywords_and exclude_keywords", "co.keywords");
        add(true, "company_name_for_emails", "com.company_name_for_emails");
        add(true, "company_city", "com.city");
        add(true, "company_state", "com.state");
        add(true, "company_country", "com.country");
        add(true, "company_linkedin_url", "com.linkedin_url");
        add(true, "corporate_phone company_phone", "com.phone_number");
        add(true, "latest_funding_amount_min latest_funding_amount_max", "com.latest_funding_amount");
        add(true, "include_domain_list exclude_domain_list", "com.website");
        add(true, "work_direct_phone", "cm.work_direct_phone");
        add(true, "home_phone", "cm.home_phone");
        add(true, "other_phone", "cm.other_phone");
        add(true, "city", "cm.city");
        add(true, "state", "cm.state");
        add(true, "country", "cm.country");
        add(true, "website", "cm.website");
        add(true, "stage", "cm.stage");
        add(true, "person_linkedin_url", "cm.linkedin_url");
        add(true, "facebook_url", "com.facebook_url cm.facebook_url");
        add(true, "twitter_url", "com.twitter_url cm.twitter_url");
        add(true, "exclude_company_ids", "c.company_id");
        add(true, "created_at_after created_at_before", "c.created_at");
        add(true, "updated_at_after updated_at_before", "c.updated_at");
        add(true, "search",
            "c.first_name c.last_name c.email c.title c.seniority c.text_search cm.city cm.state cm.country "
            "cm.linkedin_url cm.twitter_url co.name co.address co.text_search co.industries co.keywords "
            "co.technologies com.city com.state com.country com.phone_number com.website com.linkedin_url");
        add(false, "name", "co.name");
        add(false, "address", "co.address");
        add(false, "company_location text_search exclude_locations", "co.text_search");
        add(false, "employees_count employees employees_min employees_max", "co.employees_count");
        add(false, "annual_revenue annual_revenue_min annual_revenue_max", "co.annual_revenue");
        add(false, "total_funding total_funding_min total_funding_max", "co.total_funding");
        add(false, "industries industry exclude_industries", "co.industries");
        add(false, "keywords exclude_keywords", "co.keywords");
        add(false, "technologies exclude_technologies", "co.technologies");
        add(false, "city", "com.city");
        add(false, "state", "com.state");
        add(false, "country", "com.country");
        add(false, "phone_number", "com.phone_number");
        add(false, "website", "com.website");
        add(false, "linkedin_url", "com.linkedin_url");
        add(false, "facebook_url", "com.facebook_url");
        add(false, "twitter_url", "com.twitter_url");
        add(false, "latest_funding", "com.latest_funding");
        add(false, "latest_funding_amount_min latest_funding_amount_max", "com.latest_funding_amount");
        add(false, "created_at_after created_at_before", "co.created_at");
        add(false, "updated_at_after updated_at_before", "co.updated_at");
        add(false, "search",
            "co.name co.address co.text_search co.industries co.keywords co.technologies com.city com.state "
            "com.country com.phone_number com.website com.linkedin_url");
    }
    void everyFilterOfTheContract()
    {
        QFETCH(bool, contact);
        QFETCH(QByteArray, parameter);
        QFETCH(QByteArray, columns);
        const Entity entity = contact ? Entity::Contact : Entity::Company;
        const FilterSpec *spec = findFilter(entity, QString::fromLatin1(parameter));
        QVERIFY(spec != nullptr);
        QByteArray found;
        for (const PhysicalColumn *column : spec->columns)
            found += (found.isEmpty() ? "" : " ") + name(tableAlias(column->table)) + '.' + name(column->name);
        QCOMPARE(found, columns);
        const auto parsed = parseQuery(entity, {{QString::fromLatin1(parameter), QStringLiteral("1")}},
                                       DefaultOrder::NewestFirst);
        QVERIFY(parsed.ok());
        QVERIFY(parsed->ignored.isEmpty());
        QCOMPARE(parsed->query.filters.size(), size_t(parameter == "normalize_title_column" ? 0 : 1));
    }
    void aFilterOfEveryFieldFollowsTheCatalogue()
    {
        for (const Entity entity : {Entity::Contact, Entity::Company}) {
            for (const Field &field : fields(entity)) {
                const QString fieldName = QString::fromLatin1(name(field.name));
                const auto has = [&](const char *suffix) {
                    const FilterSpec *spec = findFilter(entity, fieldName + QLatin1String(suffix));
                    return spec != nullptr && spec->columns.front() == field.source;
                };
                QCOMPARE(has("_min"), (field.filters & NumberRange) != 0);
                QCOMPARE(has("_max"), (field.filters & NumberRange) != 0);
                QCOMPARE(has("_after"), (field.filters & TimeRange) != 0);
                QCOMPARE(has("_before"), (field.filters & TimeRange) != 0);
                QCOMPARE(has(""), (field.filters & (Contains | ElementContains | NumberEquals)) != 0);
                const auto ordered = parseQuery(entity, {{QStringLiteral("ordering"), fieldName}}, DefaultOrder::ById);
                QCOMPARE(ordered.ok(), field.orderable);
            }
        }
    }

    void lists_data()
    {
        QTest::addColumn<QString>("parameter");
        QTest::addColumn<QStringList>("values");
        QTest::addColumn<QByteArray>("texts");
        const auto row = [](const char *tag, const char *parameter, std::initializer_list<const char *> values,
                            const char *texts) {
            QStringList list;
            for (const char *value : values)
                list += QString::fromUtf8(value);
            QTest::newRow(tag) << QString::fromLatin1(parameter) << list << QByteArray(texts);
        };
        row("comma list", "title", {" cto , CEO,,"}, "<cto><CEO>");
        row("repeated key", "title", {"cto", "ceo,cfo"}, "<cto><ceo><cfo>");
        row("once, whatever the case", "title", {"CTO,cto,Cto"}, "<CTO>");
        row("quoted comma", "company", {"\"Acme, Inc.\",Beta"}, "<Acme, Inc.><Beta>");
        row("quoted with space around", "company", {" \"Acme, Inc.\" , Beta "}, "<Acme, Inc.><Beta>");
        row("quote in quotes", "company", {"\"5\"\" pipes, bent\""}, "<5\" pipes, bent>");
        row("quote inside is ordinary", "company", {"5\" pipes,x"}, "<5\" pipes><x>");
        row("unclosed quote is ordinary", "company", {"\"a,b"}, "<\"a><b>");
        row("text behind a quote", "company", {"\"a\"b,c"}, "<\"a\"b><c>");
        row("brackets are text in a substring filter", "title", {"[\"a\",\"b\"]"}, "<[\"a\"><\"b\"]>");
        row("JSON array in an exclusion", "exclude_titles", {"[\"Head, Sales\", \"CTO\", null, 7]"},
            "<Head, Sales><CTO><7>");
        row("no JSON after all", "exclude_titles", {"[x],y"}, "<[x]><y>");
        row("ids keep their case", "exclude_company_ids", {"a,A,a"}, "<a><A>");
        row("domains", "include_domain_list", {"https://www.Acme.example/x, acme.example ,_"}, "<acme.example>");
        row("words of a title", "jumble_title_words", {"vice president,sales"}, "<vice><president><sales>");
        row("search is words", "search", {"  Ada  Quill,x ", "ADA"}, "<Ada><Quill,x>");
        row("wildcards are text", "email", {"50%_\\"}, "<50%_\\>");
    }
    void lists()
    {
        QFETCH(QString, parameter);
        QFETCH(QStringList, values);
        QFETCH(QByteArray, texts);
        Parameters given;
        for (const QString &value : values)
            given.append({parameter, value});
        const auto parsed = parseQuery(Entity::Contact, given, DefaultOrder::NewestFirst);
        QVERIFY(parsed.ok());
        QCOMPARE(parsed->query.filters.size(), size_t(1));
        QCOMPARE(joined(parsed->query.filters.front().texts), texts);
    }
    void emptyValuesAreNoFilter()
    {
        const auto parsed =
            parse("title=&email=%20,%20,&employees_min=&created_at_after=%20&search=%20&exclude_titles=[]"
                  "&exclude_company_ids=[null]&include_domain_list=_&ordering=,");
        QVERIFY(parsed.ok());
        QVERIFY(parsed->query.filters.empty());
        QCOMPARE(parsed->query.canonical(), QByteArray("contacts;order=-created_at,-id"));
    }

    void numbers_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QString>("field"); // empty: accepted
        QTest::addColumn<qint64>("number");
        QTest::newRow("zero") << QByteArray("employees=0") << QString() << qint64(0);
        QTest::newRow("plus") << QByteArray("employees_min=%2B12") << QString() << qint64(12);
        QTest::newRow("largest") << QByteArray("annual_revenue_max=9223372036854775807") << QString()
                                 << std::numeric_limits<qint64>::max();
        QTest::newRow("too large") << QByteArray("annual_revenue_max=9223372036854775808")
                                   << QStringLiteral("annual_revenue_max") << qint64(0);
        QTest::newRow("negative") << QByteArray("employees_count=-1") << QStringLiteral("employees_count") << qint64(0);
        QTest::newRow("fraction") << QByteArray("employees=1.5") << QStringLiteral("employees") << qint64(0);
        QTest::newRow("word") << QByteArray("employees=many") << QStringLiteral("employees") << qint64(0);
        QTest::newRow("same twice") << QByteArray("employees=5&employees_count=5") << QString() << qint64(5);
        QTest::newRow("different twice") << QByteArray("employees=5&employees=6") << QStringLiteral("employees")
                                         << qint64(0);
    }
    void numbers()
    {
        QFETCH(QByteArray, query);
        QFETCH(QString, field);
        QFETCH(qint64, number);
        const auto parsed = parse(query.constData());
        QCOMPARE(parsed.ok(), field.isEmpty());
        if (parsed.ok()) {
            QCOMPARE(parsed->query.filters.front().number, number);
        } else {
            QCOMPARE(parsed.error().code, ErrorCode::InvalidArgument);
            QCOMPARE(parsed.error().field, field);
            QVERIFY(parsed.error().message.contains(field));
        }
    }

    void times_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<qint64>("microseconds"); // -1: refused
        QTest::newRow("date") << QByteArray("2024-02-29") << qint64(1709164800000000);
        QTest::newRow("naive is UTC") << QByteArray("2024-02-29T12:30:00") << qint64(1709209800000000);
        QTest::newRow("space and fraction") << QByteArray("2024-02-29 12:30:00.25") << qint64(1709209800250000);
        QTest::newRow("Z") << QByteArray("2024-02-29T12:30:00Z") << qint64(1709209800000000);
        QTest::newRow("offset") << QByteArray("2024-02-29T14:30:00%2B02:00") << qint64(1709209800000000);
        QTest::newRow("offset whose plus became a space")
            << QByteArray("2024-02-29T14:30:00%2002:00") << qint64(1709209800000000);
        QTest::newRow("negative offset") << QByteArray("2024-02-29T10:30:00-02:00") << qint64(1709209800000000);
        QTest::newRow("unix seconds") << QByteArray("1709209800") << qint64(1709209800000000);
        QTest::newRow("unix fraction") << QByteArray("1709209800.5") << qint64(1709209800500000);
        QTest::newRow("no such day") << QByteArray("2023-02-29") << qint64(-1);
        QTest::newRow("word") << QByteArray("yesterday") << qint64(-1);
        QTest::newRow("beyond") << QByteArray("1e300") << qint64(-1);
        QTest::newRow("not a number") << QByteArray("nan") << qint64(-1);
    }
    void times()
    {
        QFETCH(QByteArray, value);
        QFETCH(qint64, microseconds);
        const auto parsed = parse(("created_at_after=" + value).constData());
        QCOMPARE(parsed.ok(), microseconds >= 0);
        if (parsed.ok())
            QCOMPARE(parsed->query.filters.front().number, microseconds);
        else
            QCOMPARE(parsed.error().field, QStringLiteral("created_at_after"));
    }

    void crossedRangesNameBothParameters()
    {
        const auto numbers = parse("employees_count_min=500&title=x&employees_max=100");
        QVERIFY(!numbers.ok());
        QCOMPARE(numbers.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(numbers.error().field, QStringLiteral("employees_count_min, employees_max"));
        QVERIFY(numbers.error().message.contains(QStringLiteral("employees_count_min (500)")));
        QVERIFY(numbers.error().message.contains(QStringLiteral("employees_max (100)")));
        const auto times = parse("updated_at_before=2024-01-01&updated_at_after=2024-01-02");
        QVERIFY(!times.ok());
        QCOMPARE(times.error().field, QStringLiteral("updated_at_after, updated_at_before"));
        QVERIFY(parse("employees_min=5&employees_max=5&total_funding_min=9").ok());
    }

    void decision17_unknownParametersAreListed()
    {
        const auto parsed = parse("colour=red&title=x&department=y&colour=blue&limit=5&cursor=a&view=simple&page=2");
        QVERIFY(parsed.ok());
        const QStringList expected{QStringLiteral("colour"), QStringLiteral("department")};
        QCOMPARE(parsed->ignored, expected);
    }

    void decision12_orders_data()
    {
        QTest::addColumn<bool>("contact");
        QTest::addColumn<QByteArray>("ordering");
        QTest::addColumn<QByteArray>("order");
        const auto contactKeys =
            "created_at updated_at first_name last_name title email email_status seniority departments mobile_phone "
            "company employees annual_revenue total_funding industry keywords technologies company_address "
            "company_name_for_emails corporate_phone company_phone company_city company_state company_country "
            "company_linkedin_url latest_funding latest_funding_amount last_raised_at work_direct_phone home_phone "
            "other_phone stage person_linkedin_url website city state country facebook_url twitter_url uuid";
        for (const QByteArray &key : QByteArray(contactKeys).split(' ')) {
            QTest::addRow("contacts %s", key.constData()) << true << key << key + ",id";
            QTest::addRow("contacts -%s", key.constData()) << true << '-' + key << '-' + key + ",-id";
        }
        const auto companyKeys =
            "created_at updated_at name employees_count annual_revenue total_funding industries keywords technologies "
            "city state country phone_number website linkedin_url latest_funding latest_funding_amount last_raised_at "
            "uuid";
        for (const QByteArray &key : QByteArray(companyKeys).split(' '))
            QTest::addRow("companies %s", key.constData()) << false << key << key + ",id";
        QTest::newRow("alias") << true << QByteArray("-employees_count") << QByteArray("-employees,-id");
        QTest::newRow("company alias") << false << QByteArray("employees") << QByteArray("employees_count,id");
        QTest::newRow("several") << true << QByteArray(" company , -email,company") << QByteArray("company,-email,-id");
        QTest::newRow("id ends it") << true << QByteArray("title,-id,email") << QByteArray("title,-id");
        QTest::newRow("id") << false << QByteArray("id") << QByteArray("id");
        QTest::newRow("always NULL") << true << QByteArray("primary_email_catch_all_status") << QByteArray("id");
        QTest::newRow("default") << true << QByteArray() << QByteArray("-created_at,-id");
    }
    void decision12_orders()
    {
        QFETCH(bool, contact);
        QFETCH(QByteArray, ordering);
        QFETCH(QByteArray, order);
        const auto parsed = parse(("ordering=" + ordering).constData(), contact ? Entity::Contact : Entity::Company);
        QVERIFY(parsed.ok());
        QCOMPARE(parsed->query.canonical(),
                 QByteArray(contact ? "contacts" : "companies") + ";order=" + order);
    }
    void decision12_exportsAndStreamsGoById()
    {
        const auto parsed = parseQuery(Entity::Company, {}, DefaultOrder::ById);
        QVERIFY(parsed.ok());
        QCOMPARE(parsed->query.canonical(), QByteArray("companies;order=id"));
    }
    void unknownOrderingKeyIsNamed()
    {
        for (const char *key : {"colour", "company_id", "Title"}) {
            const auto parsed = parse((QByteArray("ordering=title,-") + key).constData());
            QVERIFY(!parsed.ok());
            QCOMPARE(parsed.error().message, QStringLiteral("Unknown ordering field: ") + QLatin1String(key));
            QCOMPARE(parsed.error().field, QStringLiteral("ordering"));
        }
        QVERIFY(!parse("ordering=address", Entity::Company).ok());
    }

    void titlesByWords()
    {
        for (const char *on : {"true", "1", "Yes", "ON", "y"}) {
            const auto parsed = parse((QByteArray("title=VP Sales&normalize_title_column=") + on).constData());
            QVERIFY(parsed.ok());
            QCOMPARE(parsed->query.filters.size(), size_t(1));
            QCOMPARE(parsed->query.filters.front().spec->op, FilterOp::WordsEqualSorted);
        }
        for (const char *off : {"false", "0", "", "maybe"}) {
            const auto parsed = parse((QByteArray("title=VP Sales&normalize_title_column=") + off).constData());
            QCOMPARE(parsed->query.filters.front().spec->op, FilterOp::Contains);
        }
    }
    void keywordFields()
    {
        const auto columns = [](const char *query) {
            const auto parsed = parse(query);
            QByteArray found;
            if (parsed.ok()) {
                for (const PhysicalColumn *column : parsed->query.filters.front().columns())
                    found += name(column->name) + ' ';
            }
            return found;
        };
        QCOMPARE(columns("keywords=a"), QByteArray("keywords "));
        QCOMPARE(columns("keywords=a&keyword_search_fields=company,industries"), QByteArray("name industries "));
        QCOMPARE(columns("keywords_and=a&keyword_search_fields=company&keyword_search_fields=keyword"),
                 QByteArray("name keywords "));
        QCOMPARE(columns("keywords=a&keyword_exclude_fields=company"), QByteArray("industries keywords "));
        QCOMPARE(columns("keywords=a&keyword_search_fields=[\"company\",\"keywords\"]&keyword_exclude_fields=company"),
                 QByteArray("keywords "));
        QCOMPARE(parse("keywords=a&keyword_search_fields=colour").error().field, QStringLiteral("keyword_search_fields"));
        QCOMPARE(parse("keywords=a&keyword_exclude_fields=company,industry,keywords").error().field,
                 QStringLiteral("keyword_exclude_fields"));
    }

    void canonicalTextIsStable()
    {
        const QByteArray expected = canonical("title=CTO,ceo&employees_min=5&search=Ada Quill&ordering=-employees");
        QVERIFY(expected.startsWith("contacts;"));
        QCOMPARE(canonical("ordering=-employees_count&search=quill  ADA&employees_count_min=05&title=CEO&title=cto,CTO"),
                 expected);
        QVERIFY(canonical("title=cto&employees_min=5&search=Ada Quill&ordering=-employees") != expected);
        QCOMPARE(canonical("exclude_titles=[\"b\",\"A\"]"), canonical("exclude_titles=a,B"));
        QCOMPARE(canonical("title=vp sales&normalize_title_column=1"),
                 canonical("normalize_title_column=true&title=Sales  VP"));
        QCOMPARE(canonical("keywords=x&keyword_search_fields=keywords"), canonical("keywords=x"));
        QCOMPARE(canonical("keywords=x&keyword_search_fields=industry,company"),
                 canonical("keyword_search_fields=company,industries&keywords=X"));
        QCOMPARE(canonical("employees_min=5", Entity::Company), canonical("employees_count_min=5", Entity::Company));
    }
    void canonicalTextKeepsDifferentQueriesApart()
    {
        QList<QByteArray> all{
            canonical("title=a,b"),
            canonical("title=%22a,b%22"),
            canonical("title=%22a%22%22,%22%22b%22"),
            canonical("title=a;order=b"),
            canonical("title=a&email=b"),
            canonical("title=a&last_name=b"),
            canonical("exclude_company_ids=a"),
            canonical("exclude_company_ids=A"),
            canonical("title=a b&normalize_title_column=1"),
            canonical("title=a b"),
            canonical("title=a b&ordering=id"),
            canonical("title=a b&ordering=-id"),
            canonical("company=a"),
            canonical("include_company_name=a"),
            canonical("title=a b", Entity::Company),
        };
        const qsizetype count = all.size();
        QCOMPARE(QSet<QByteArray>(all.begin(), all.end()).size(), count);
        QCOMPARE(parse("title=a")->query.hash().size(), qsizetype(16));
        QVERIFY(parse("title=a")->query.hash() != parse("title=b")->query.hash());
    }
    void companiesAreLookedAtOnlyWhenNamed()
    {
        QVERIFY(!parse("title=a&city=b&ordering=-stage")->query.filtersCompanies());
        QVERIFY(parse("company=a")->query.filtersCompanies());
        QVERIFY(parse("search=a")->query.filtersCompanies());
        QVERIFY(parse("ordering=facebook_url")->query.filtersCompanies());
        QVERIFY(!parse("name=a", Entity::Company)->query.filtersCompanies());
    }

    void tooManyValuesAreRefused()
    {
        QStringList values;
        for (int i = 0; i < 501; ++i)
            values.append(QString::number(i));
        const Parameters title{{QStringLiteral("title"), values.join(u',')}};
        QCOMPARE(parseQuery(Entity::Contact, title, DefaultOrder::ById).error().field, QStringLiteral("title"));
        const Parameters ids{{QStringLiteral("exclude_company_ids"), values.join(u',')}};
        QVERIFY(parseQuery(Entity::Contact, ids, DefaultOrder::ById).ok());
    }
    void nulIsRefused()
    {
        for (const char *parameter : {"title", "search", "exclude_titles"}) {
            const Parameters given{{QLatin1String(parameter), QStringLiteral("a") + QChar::Null}};
            QCOMPARE(parseQuery(Entity::Contact, given, DefaultOrder::ById).error().field, QLatin1String(parameter));
        }
    }
};

QTEST_GUILESS_MAIN(TestQueryParser)
#include "tst_query_parser.moc"
