// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/field_catalogue.h"

#include <QSet>
#include <QTest>

using namespace a360;
using namespace a360::contacts;

namespace {

QByteArray headers(const std::vector<OutputColumn> &columns)
{
    QByteArray joined;
    for (const OutputColumn &column : columns)
        joined += (joined.isEmpty() ? "" : ",") + column.header;
    return joined;
}

QString text(std::string_view latin1)
{
    return QString::fromLatin1(latin1.data(), static_cast<qsizetype>(latin1.size()));
}

constexpr Entity bothEntities[] = {Entity::Contact, Entity::Company};
constexpr Table allTables[] = {Table::Contacts, Table::ContactsMetadata, Table::Companies, Table::CompaniesMetadata};

} // namespace

class TestFieldCatalogue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fullExportHasTheColumnsOfTheContract()
    {
        const QByteArray contactPart(
            "contact_uuid,contact_first_name,contact_last_name,contact_company_id,contact_email,contact_title,"
            "contact_departments,contact_mobile_phone,contact_email_status,contact_text_search,contact_seniority,"
            "contact_created_at,contact_updated_at,contact_metadata_linkedin_url,contact_metadata_facebook_url,"
            "contact_metadata_twitter_url,contact_metadata_website,contact_metadata_work_direct_phone,"
            "contact_metadata_home_phone,contact_metadata_city,contact_metadata_state,contact_metadata_country,"
            "contact_metadata_other_phone,contact_metadata_stage");
        const QByteArray companyPart(
            "company_uuid,company_name,company_employees_count,company_industries,company_keywords,company_address,"
            "company_annual_revenue,company_total_funding,company_technologies,company_text_search,company_created_at,"
            "company_updated_at,company_metadata_linkedin_url,company_metadata_facebook_url,"
            "company_metadata_twitter_url,company_metadata_website,company_metadata_company_name_for_emails,"
            "company_metadata_phone_number,company_metadata_latest_funding,company_metadata_latest_funding_amount,"
            "company_metadata_last_raised_at,company_metadata_city,company_metadata_state,company_metadata_country");
        QCOMPARE(headers(presetColumns(Entity::Contact, Preset::Full)), contactPart + ',' + companyPart);
        QCOMPARE(headers(presetColumns(Entity::Company, Preset::Full)), companyPart);
        QCOMPARE(presetColumns(Entity::Contact, Preset::Full).size(), size_t(48));
        QCOMPARE(presetColumns(Entity::Company, Preset::Full).size(), size_t(24));
        QCOMPARE(presetColumns(Entity::Company, Preset::Full)[3].listSeparator, QByteArray(","));
    }
    void listOfContactsHasTheColumnsOfTheContract()
    {
        QCOMPARE(headers(presetColumns(Entity::Contact, Preset::List)),
                 QByteArray("uuid,first_name,last_name,title,company,company_name_for_emails,email,email_status,"
                            "primary_email_catch_all_status,seniority,departments,work_direct_phone,home_phone,"
                            "mobile_phone,corporate_phone,other_phone,stage,employees,industry,keywords,"
                            "person_linkedin_url,website,company_linkedin_url,facebook_url,twitter_url,city,state,"
                            "country,company_address,company_city,company_state,company_country,company_phone,"
                            "technologies,annual_revenue,total_funding,latest_funding,latest_funding_amount,"
                            "last_raised_at,created_at,updated_at"));
        QCOMPARE(presetColumns(Entity::Contact, Preset::List)[10].listSeparator, QByteArray(", "));
    }
    void streamsHaveTheColumnsOfTheGuide()
    {
        QCOMPARE(headers(presetColumns(Entity::Contact, Preset::Stream)),
                 QByteArray("uuid,first_name,last_name,email,title,mobile_phone,company_id"));
        QCOMPARE(headers(presetColumns(Entity::Company, Preset::Stream)),
                 QByteArray("uuid,name,address,employees_count,annual_revenue,total_funding"));
    }
    void decision20_optionalColumnsStayOutOfTheFullExport()
    {
        QSet<QString> optional;
        for (const Table table : allTables) {
            for (const PhysicalColumn &column : physicalColumns(table))
                QVERIFY(column.exported && column.table == table);
            for (const PhysicalColumn &column : optionalColumns(table)) {
                QVERIFY(!column.exported && column.table == table);
                QCOMPARE(findPhysicalColumn(table, column.name), &column);
                optional.insert(text(tableName(table)) + u'.' + text(column.name));
            }
        }
        const QSet<QString> expected{QStringLiteral("contacts.status"),
                                     QStringLiteral("contacts_metadata.linkedin_sales_url"),
                                     QStringLiteral("companies_metadata.linkedin_sales_url"),
                                     QStringLiteral("companies_metadata.normalized_domain")};
        QCOMPARE(optional, expected);
    }
    void namesAndHeadersAreUnique()
    {
        QSet<QString> seen;
        for (const Table table : allTables) {
            for (const PhysicalColumn &column : physicalColumns(table)) {
                QVERIFY2(!seen.contains(text(column.header)), column.header.data());
                seen.insert(text(column.header));
            }
        }
        for (const Entity entity : bothEntities) {
            seen.clear();
            for (const Field &field : fields(entity)) {
                QCOMPARE(field.entity, entity);
                std::vector<std::string_view> names(field.aliases.begin(), field.aliases.end());
                names.push_back(field.name);
                for (const std::string_view name : names) {
                    QVERIFY2(name.empty() || !seen.contains(text(name)), field.name.data());
                    if (!name.empty())
                        seen.insert(text(name));
                }
            }
        }
    }
    void fieldsAgreeWithTheirColumns()
    {
        for (const Entity entity : bothEntities) {
            for (const Field &field : fields(entity)) {
                QVERIFY(field.width > 0 && !field.label.empty());
                if (field.source != nullptr)
                    QCOMPARE(field.type, field.source->type);
                if (field.fallback != nullptr)
                    QCOMPARE(field.type, field.fallback->type);
            }
        }
    }
    void aliasesAreFound()
    {
        QCOMPARE(findField(Entity::Contact, u"employees_count"), findField(Entity::Contact, u"employees"));
        QCOMPARE(findField(Entity::Contact, u"industries"), findField(Entity::Contact, u"industry"));
        QCOMPARE(findField(Entity::Contact, u"name"), findField(Entity::Contact, u"company"));
        QCOMPARE(findField(Entity::Company, u"employees"), findField(Entity::Company, u"employees_count"));
        QVERIFY(findField(Entity::Contact, u"") == nullptr);
        QVERIFY(findField(Entity::Contact, u"Title") == nullptr);
    }
    void columnsByNameReadsFieldsAliasesAndHeaders()
    {
        const auto columns = columnsByName(Entity::Contact, {QStringLiteral("email"), QStringLiteral(" employees_count"),
                                                             QStringLiteral("contact_metadata_city")});
        QVERIFY(columns.ok());
        QCOMPARE(headers(*columns), QByteArray("email,employees_count,contact_metadata_city"));
        QVERIFY((*columns)[2].source == findPhysicalColumn(Table::ContactsMetadata, "city"));
    }
    void columnsByNameNamesWhatIsWrong()
    {
        const auto unknown = columnsByName(Entity::Company, {QStringLiteral("name"), QStringLiteral("contact_email")});
        QVERIFY(!unknown.ok());
        QCOMPARE(unknown.error().code, ErrorCode::InvalidArgument);
        QVERIFY(unknown.error().message.contains(QStringLiteral("contact_email")));
        QCOMPARE(unknown.error().field, QStringLiteral("columns"));
        QVERIFY(!columnsByName(Entity::Contact, {QStringLiteral("email"), QStringLiteral("email")}).ok());
        QVERIFY(!columnsByName(Entity::Contact, {}).ok());
    }
    void everyFieldCanBePutOut()
    {
        for (const Entity entity : bothEntities) {
            const QByteArray listed = ',' + headers(presetColumns(entity, Preset::List)) + ',';
            for (const Field &field : fields(entity)) {
                QVERIFY(columnsByName(entity, {text(field.name)}).ok());
                QCOMPARE(listed.contains(',' + text(field.name).toLatin1() + ','), field.listed);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestFieldCatalogue)
#include "tst_field_catalogue.moc"
