// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/header_mapping.h"

#include <QSet>
#include <QTest>

using namespace a360;
using namespace a360::transfer;
using contacts::Entity;

namespace {

const char *const listHeader =
    "first_name,last_name,title,company,company_name_for_emails,email,email_status,primary_email_catch_all_status,seniority,"
    "departments,work_direct_phone,home_phone,mobile_phone,corporate_phone,other_phone,stage,employees,industry,keywords,"
    "person_linkedin_url,website,company_linkedin_url,facebook_url,twitter_url,city,state,country,company_address,"
    "company_city,company_state,company_country,company_phone,technologies,annual_revenue,total_funding,latest_funding,"
    "latest_funding_amount,last_raised_at";

const char *const apolloHeader =
    "First Name,Last Name,Title,Company,Company Name for Emails,Email,Email Status,Primary Email Source,Email Confidence,"
    "Primary Email Catch-all Status,Seniority,Departments,Sub Departments,Contact Owner,Work Direct Phone,Home Phone,"
    "Mobile Phone,Corporate Phone,Other Phone,Do Not Call,Stage,Lists,Last Contacted,Account Owner,# Employees,Industry,"
    "Keywords,Person Linkedin Url,Website,Company Linkedin Url,Facebook Url,Twitter Url,Address,City,State,Country,"
    "Company Address,Company City,Company State,Company Country,Company Phone,Technologies,Annual Revenue,Total Funding,"
    "Latest Funding,Latest Funding Amount,Last Raised At,Email Sent,SIC Codes,Apollo Contact Id,Secondary Email";

QStringList split(const char *names)
{
    return QString::fromUtf8(names).split(u',');
}

Result<HeaderMapping> map(const char *header, Entity entity = Entity::Contact, const QMap<QString, QString> &chosen = {})
{
    return mapHeader(entity, split(header), chosen);
}

HeaderMapping mapped(const char *header, Entity entity = Entity::Contact, const QMap<QString, QString> &chosen = {})
{
    auto result = map(header, entity, chosen);
    if (!result.ok()) {
        QTest::qFail(qPrintable(result.error().message), __FILE__, __LINE__);
        return {};
    }
    return std::move(result).value();
}

/// "contacts.email", or several joined by "+"; "" for nowhere.
QString targetsOf(const HeaderMapping &mapping, const char *header)
{
    for (const ColumnTarget &column : mapping.columns) {
        if (column.header != QString::fromUtf8(header))
            continue;
        QStringList names;
        for (const auto *target : column.targets)
            names.append(QString::fromLatin1(contacts::tableName(target->table).data()) + u'.' +
                         QString::fromLatin1(target->name.data()));
        return names.join(u'+');
    }
    return QStringLiteral("(no such column)");
}

#define MAPS(mapping, header, expected) QCOMPARE(targetsOf(mapping, header), QStringLiteral(expected))

} // namespace

class TestHeaderMapping : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decision2_fullExportHeadersMapOneToOne_data()
    {
        QTest::addColumn<bool>("contact");
        QTest::addColumn<int>("columns");
        QTest::newRow("contacts") << true << 48;
        QTest::newRow("companies") << false << 24;
    }
    void decision2_fullExportHeadersMapOneToOne()
    {
        QFETCH(bool, contact);
        QFETCH(int, columns);
        const Entity entity = contact ? Entity::Contact : Entity::Company;
        const auto preset = contacts::presetColumns(entity, contacts::Preset::Full);
        QCOMPARE(static_cast<int>(preset.size()), columns);
        QStringList header;
        for (const auto &column : preset)
            header.append(QString::fromLatin1(column.header));
        const auto mapping = mapHeader(entity, header, {});
        QVERIFY(mapping.ok());
        QVERIFY(mapping->unmapped.isEmpty());
        QVERIFY(mapping->conflicts.isEmpty());
        for (size_t i = 0; i < preset.size(); ++i) {
            QCOMPARE(mapping->columns[i].column, static_cast<int>(i));
            QCOMPARE(mapping->columns[i].targets.size(), size_t{1});
            QCOMPARE(mapping->columns[i].targets.front(), preset[i].source);
            QCOMPARE(mapping->sourcesOf(preset[i].source).size(), size_t{1});
        }
    }
    void decision2_listHeadersMapOneToOne()
    {
        const auto preset = contacts::presetColumns(Entity::Contact, contacts::Preset::List);
        QCOMPARE(preset.size(), size_t{41});
        QStringList header;
        for (const auto &column : preset)
            header.append(QString::fromLatin1(column.header));
        const auto mapping = mapHeader(Entity::Contact, header, {});
        QVERIFY(mapping.ok());
        QVERIFY(mapping->conflicts.isEmpty());
        QCOMPARE(mapping->unmapped, QStringList(QStringLiteral("primary_email_catch_all_status"))); // no column for it
        for (size_t i = 0; i < preset.size(); ++i) {
            const auto &targets = mapping->columns[i].targets;
            if (preset[i].source)
                QVERIFY(std::find(targets.begin(), targets.end(), preset[i].source) != targets.end());
        }
        MAPS(*mapping, "uuid", "contacts.uuid");
        MAPS(*mapping, "created_at", "contacts.created_at");
        MAPS(*mapping, "updated_at", "contacts.updated_at");
        const auto companies = contacts::presetColumns(Entity::Company, contacts::Preset::List);
        QStringList companyHeader;
        for (const auto &column : companies)
            companyHeader.append(QString::fromLatin1(column.header));
        const auto companyMapping = mapHeader(Entity::Company, companyHeader, {});
        QVERIFY(companyMapping.ok());
        QVERIFY(companyMapping->unmapped.isEmpty() && companyMapping->conflicts.isEmpty());
    }
    void contractHeaderOf38Columns()
    {
        const HeaderMapping m = mapped(listHeader);
        QCOMPARE(m.columns.size(), size_t{38});
        QVERIFY(m.conflicts.isEmpty());
        MAPS(m, "company", "companies.name");
        MAPS(m, "employees", "companies.employees_count");
        MAPS(m, "industry", "companies.industries");
        MAPS(m, "person_linkedin_url", "contacts_metadata.linkedin_url");
        MAPS(m, "company_linkedin_url", "companies_metadata.linkedin_url");
        MAPS(m, "website", "contacts_metadata.website+companies_metadata.website");
        MAPS(m, "facebook_url", "contacts_metadata.facebook_url+companies_metadata.facebook_url");
        MAPS(m, "twitter_url", "contacts_metadata.twitter_url+companies_metadata.twitter_url");
        MAPS(m, "city", "contacts_metadata.city");
        MAPS(m, "company_city", "companies_metadata.city");
        MAPS(m, "company_address", "companies.address");
        MAPS(m, "mobile_phone", "contacts.mobile_phone");
        MAPS(m, "work_direct_phone", "contacts_metadata.work_direct_phone");
        MAPS(m, "last_raised_at", "companies_metadata.last_raised_at");
        // §15.2's title case means the same.
        const HeaderMapping apollo = mapped(apolloHeader);
        QVERIFY2(apollo.conflicts.isEmpty(), qPrintable(apollo.conflicts.join(u',')));
        int alike = 0;
        for (const ColumnTarget &column : m.columns) {
            for (const ColumnTarget &other : apollo.columns) {
                if (other.field == column.field && !column.field.isEmpty()) {
                    QVERIFY(other.targets == column.targets);
                    ++alike;
                }
            }
        }
        QCOMPARE(alike, 37);
    }
    void unknownHeadersAreReportedOnly()
    {
        const HeaderMapping apollo = mapped(apolloHeader);
        for (const char *header : {"Email Confidence", "Sub Departments", "Contact Owner", "Lists", "Account Owner", "Address",
                                   "Secondary Email", "SIC Codes", "Apollo Contact Id", "Do Not Call"}) {
            QVERIFY2(apollo.unmapped.contains(QString::fromUtf8(header)), header);
            QCOMPARE(targetsOf(apollo, header), QString());
        }
        const HeaderMapping m = mapped("email,,x");
        QCOMPARE(m.unmapped, QStringList(QStringLiteral("x"))); // empty cells of the header are not worth a word
        QCOMPARE(m.columns.size(), size_t{3});
    }
    void aliases_data()
    {
        QTest::addColumn<QString>("header");
        QTest::addColumn<QString>("field");
        const QList<QPair<const char *, const char *>> table = {
            {"first_name", "First,fname,FIRSTNAME,First-Name"},
            {"last_name", "last,lname,LastName,Surname"},
            {"full_name", "Full Name,name,Contact Name"},
            {"title", "Job Title,position,role,Designation"},
            {"company", "Company Name,Organization,org,Account,account name"},
            {"company_name_for_emails", "Company Name for Emails"},
            {"email", "E-Mail,Email Address,Work Email,primary_email"},
            {"email_status", "Email Status,email verification"},
            {"seniority", "level,Seniority Level"},
            {"departments", "Department"},
            {"work_direct_phone", "Work Direct Phone,direct phone,First Phone"},
            {"home_phone", "HomePhone"},
            {"other_phone", "Other Phone"},
            {"corporate_phone", "Corporate Phone"},
            {"mobile_phone", "Mobile Phone,mobile,Cell,cell phone"},
            {"stage", "Lead Stage,lead status"},
            {"employees", "# Employees,Num Employees,employee count,Employees Count,Company Size,size"},
            {"industry", "Industries,sector,Vertical"},
            {"keywords", "Tags"},
            {"technologies", "Tech Stack,technology stack"},
            {"person_linkedin_url", "Person Linkedin Url,person linkedin,LinkedIn,LinkedIn URL,linkedin profile"},
            {"company_linkedin_url", "Company Linkedin Url,company linkedin"},
            {"website", "Company Website,URL,web,site,Domain"},
            {"facebook_url", "Facebook Url,Facebook,fb"},
            {"twitter_url", "Twitter Url,Twitter,Twitter Handle"},
            {"city", "Town"},
            {"state", "Province,Region"},
            {"country", "Nation"},
            {"company_address", "Company Address,corporate address,Address"},
            {"company_city", "Company City,Corporate City"},
            {"company_state", "Company State,Corporate State"},
            {"company_country", "Company Country,Corporate Country"},
            {"company_phone", "Company Phone"},
            {"annual_revenue", "Annual Revenue,revenue,Sales,turnover"},
            {"total_funding", "Total Funding"},
            {"latest_funding", "Latest Funding"},
            {"latest_funding_amount", "Latest Funding Amount,Funding Amount"},
            {"last_raised_at", "Last Raised At"},
        };
        for (const auto &[field, headers] : table) {
            for (const QString &header : split(headers))
                QTest::newRow(qPrintable(header)) << header << QString::fromLatin1(field);
        }
    }
    void aliases()
    {
        QFETCH(QString, header);
        QFETCH(QString, field);
        const auto mapping = mapHeader(Entity::Contact, {header}, {});
        QVERIFY(mapping.ok());
        QCOMPARE(mapping->columns.front().field, field);
        QVERIFY(!mapping->columns.front().targets.empty());
        QVERIFY(mapping->unmapped.isEmpty());
    }
    void identityColumns()
    {
        const HeaderMapping m = mapped("uuid,company_id,created_at,text_search");
        MAPS(m, "uuid", "contacts.uuid");
        MAPS(m, "company_id", "contacts.company_id");
        MAPS(m, "text_search", "contacts.text_search");
        const HeaderMapping f = mapped("contact_uuid,company_uuid,contact_company_id,company_text_search");
        MAPS(f, "contact_uuid", "contacts.uuid");
        MAPS(f, "company_uuid", "companies.uuid");
        MAPS(f, "contact_company_id", "contacts.company_id");
        MAPS(f, "company_text_search", "companies.text_search");
        MAPS(mapped("Contact UUID,email"), "Contact UUID", "contacts.uuid");
        const HeaderMapping c = mapped("uuid,name,text_search", Entity::Company);
        MAPS(c, "uuid", "companies.uuid");
        MAPS(c, "text_search", "companies.text_search");
        MAPS(mapped("company_id,name", Entity::Company), "company_id", "companies.uuid");
    }
    void bareAddressIsTheCompanysOnlyWithoutAnother()
    {
        MAPS(mapped("email,address"), "address", "companies.address");
        const HeaderMapping both = mapped("Address,Email,Company Address");
        MAPS(both, "Address", "");
        MAPS(both, "Company Address", "companies.address");
        QVERIFY(both.conflicts.isEmpty());
        MAPS(mapped("address,Corporate Address"), "address", "");
        MAPS(mapped("address,company_address", Entity::Contact, {{QStringLiteral("company_address"), QString()}}), "address",
             "companies.address");
        MAPS(mapped("Address,Name", Entity::Company), "Address", "companies.address");
    }
    void phonesOfTheCompanyAreNoConflict()
    {
        for (const char *header : {"corporate_phone,company_phone", "company_phone,corporate_phone"}) {
            const HeaderMapping m = mapped(header);
            QVERIFY(m.conflicts.isEmpty() && m.unmapped.isEmpty());
            const auto *phone = contacts::findPhysicalColumn(contacts::Table::CompaniesMetadata, "phone_number");
            const auto sources = m.sourcesOf(phone);
            QCOMPARE(sources.size(), size_t{2});
            QCOMPARE(sources[0]->header, QStringLiteral("company_phone"));
            QCOMPARE(sources[1]->header, QStringLiteral("corporate_phone"));
        }
        MAPS(mapped("corporate_phone"), "corporate_phone", "companies_metadata.phone_number");
    }
    void fullNameIsSplitAndYieldsToItsParts()
    {
        const HeaderMapping m = mapped("Name,First Name");
        QVERIFY(m.columns[0].fullName);
        MAPS(m, "Name", "contacts.first_name+contacts.last_name");
        const auto *firstName = contacts::findPhysicalColumn(contacts::Table::Contacts, "first_name");
        const auto sources = m.sourcesOf(firstName);
        QCOMPARE(sources.size(), size_t{2});
        QCOMPARE(sources[0]->header, QStringLiteral("First Name"));
        QVERIFY(m.conflicts.isEmpty());
    }
    void twoHeadersForOneFieldAreAConflict()
    {
        const HeaderMapping first = mapped("title,Job Title,Position");
        QCOMPARE(first.conflicts, split("title,Job Title,Position"));
        QCOMPARE(first.unmapped, split("Job Title,Position"));
        MAPS(first, "title", "contacts.title");
        MAPS(first, "Job Title", "");
        QCOMPARE(first.columns[1].field, QStringLiteral("title"));
        const HeaderMapping own = mapped("Work Email,x,Email");
        MAPS(own, "Email", "contacts.email"); // the field's own name before an alias
        MAPS(own, "Work Email", "");
        QCOMPARE(own.conflicts, split("Work Email,Email"));
        const HeaderMapping chosen =
            mapped("Work Email,x,Email", Entity::Contact, {{QStringLiteral("Work Email"), QStringLiteral("email")}});
        MAPS(chosen, "Work Email", "contacts.email");
        MAPS(chosen, "Email", "");
        QVERIFY(chosen.conflicts.isEmpty()); // settled
        // The contact's side is taken, the company's is not.
        MAPS(mapped("contact_metadata_website,website"), "website", "companies_metadata.website");
    }
    void chosenColumns()
    {
        const HeaderMapping m = mapped("Foo,email,Bar", Entity::Contact,
                                       {{QStringLiteral("foo"), QStringLiteral("contact_metadata_stage")},
                                        {QStringLiteral("email"), QString()},
                                        {QStringLiteral("Bar"), QStringLiteral("full_name")}});
        MAPS(m, "Foo", "contacts_metadata.stage");
        MAPS(m, "email", "");
        QVERIFY(m.unmapped.contains(QStringLiteral("email")));
        QVERIFY(m.columns[2].fullName);
    }
    void wrongChoicesAreNamed()
    {
        const auto column = map("email", Entity::Contact, {{QStringLiteral("e-mail"), QStringLiteral("email")}});
        QVERIFY(!column.ok());
        QCOMPARE(column.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(column.error().field, QStringLiteral("map"));
        QVERIFY(column.error().message.contains(QStringLiteral("\"e-mail\"")));
        const auto field = map("email", Entity::Contact, {{QStringLiteral("email"), QStringLiteral("mail")}});
        QVERIFY(!field.ok());
        QVERIFY(field.error().message.contains(QStringLiteral("\"mail\"")));
        const auto twice = map("a,b", Entity::Contact,
                               {{QStringLiteral("a"), QStringLiteral("email")}, {QStringLiteral("b"), QStringLiteral("contact_email")}});
        QVERIFY(!twice.ok());
        QVERIFY(twice.error().message.contains(QStringLiteral("\"a\"")) && twice.error().message.contains(QStringLiteral("\"b\"")));
        QVERIFY(!map("email", Entity::Company, {{QStringLiteral("email"), QStringLiteral("email")}}).ok());
    }
    void decision8_noMappableColumn()
    {
        const auto nothing = map("foo,bar,");
        QVERIFY(!nothing.ok());
        QCOMPARE(nothing.error().code, ErrorCode::UnusableInput);
        QVERIFY(nothing.error().message.contains(QStringLiteral("Email")) && nothing.error().message.contains(QStringLiteral("\"foo\"")));
        QVERIFY(!map("email,title", Entity::Company).ok());
        QVERIFY(!map("primary_email_catch_all_status").ok());
        QVERIFY(!map("").ok());
    }
    void accountsExport()
    {
        const HeaderMapping m = mapped("Company Name,Company Name for Emails,# Employees,Industry,Website,Company Linkedin Url,"
                                       "Company Country,Keywords,Apollo Record Id,Short Description,Founded Year",
                                       Entity::Company);
        MAPS(m, "Company Name", "companies.name");
        MAPS(m, "Company Name for Emails", "companies_metadata.company_name_for_emails");
        MAPS(m, "# Employees", "companies.employees_count");
        MAPS(m, "Industry", "companies.industries");
        MAPS(m, "Website", "companies_metadata.website");
        MAPS(m, "Company Linkedin Url", "companies_metadata.linkedin_url");
        MAPS(m, "Company Country", "companies_metadata.country");
        MAPS(m, "Keywords", "companies.keywords");
        QCOMPARE(m.unmapped, split("Apollo Record Id,Short Description,Founded Year"));
        MAPS(mapped("name,phone", Entity::Company), "phone", "companies_metadata.phone_number");
    }
    void exportOfPeopleAsCompanyFile()
    {
        const HeaderMapping m = mapped("uuid,Company,City,Company City,Country,Company Country,Address,Company Address,company_uuid,Email",
                                       Entity::Company);
        MAPS(m, "Company", "companies.name");
        MAPS(m, "Company City", "companies_metadata.city");
        MAPS(m, "City", "");
        MAPS(m, "Country", "");
        MAPS(m, "Company Address", "companies.address");
        MAPS(m, "Address", "");
        MAPS(m, "company_uuid", "companies.uuid");
        MAPS(m, "uuid", "");
        QVERIFY(m.conflicts.isEmpty());
        QVERIFY(m.unmapped.contains(QStringLiteral("Email")));
    }
    void everyImportableFieldIsAccepted()
    {
        for (const Entity entity : {Entity::Contact, Entity::Company}) {
            const QStringList names = importableFields(entity);
            QCOMPARE(QSet<QString>(names.begin(), names.end()).size(), names.size());
            for (const QString &name : names) {
                const auto mapping = mapHeader(entity, {QStringLiteral("x")}, {{QStringLiteral("x"), name}});
                QVERIFY2(mapping.ok(), qPrintable(name));
                QCOMPARE(mapping->columns.front().field, name);
                for (const auto *target : mapping->columns.front().targets)
                    QVERIFY(target && target->exported);
            }
        }
        QVERIFY(importableFields(Entity::Contact).contains(QStringLiteral("full_name")));
        QVERIFY(!importableFields(Entity::Contact).contains(QStringLiteral("status")));
        QVERIFY(importableFields(Entity::Contact).size() > 80);
    }
};

QTEST_GUILESS_MAIN(TestHeaderMapping)
#include "tst_header_mapping.moc"
