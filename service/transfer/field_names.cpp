// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/field_names.h"

#include <QLatin1StringView>

#include <algorithm>
#include <span>

namespace a360::transfer {

namespace {

using contacts::Entity;
using contacts::Table;

/// Names that are no field of the catalogue and no full-export header.
struct ExtraName
{
    Entity entity;
    std::string_view name;
    Table table;
    std::string_view column;
};
constexpr ExtraName extraNames[] = {
    {Entity::Contact, "text_search", Table::Contacts, "text_search"},
    {Entity::Company, "text_search", Table::Companies, "text_search"},
    {Entity::Company, "company_id", Table::Companies, "uuid"},
};

/// Fields that the 38-column header has once and the database twice (contract §5.1).
constexpr std::string_view onBothSides[] = {"website", "facebook_url", "twitter_url"};

constexpr std::string_view fullNameField = "full_name";

struct Alias
{
    std::string_view field;
    std::string_view normalised; // words, separated by spaces
};

// Contract §5.2. A field's own name, normalised, need not be listed.
constexpr Alias contactAliases[] = {
    {"first_name", "first fname"},
    {"last_name", "last lname surname"},
    {fullNameField, "fullname name contactname"},
    {"title", "jobtitle position role designation"},
    {"company", "companyname organization org account accountname"},
    {"email", "emailaddress workemail primaryemail"},
    {"email_status", "emailverification"},
    {"seniority", "level senioritylevel"},
    {"departments", "department"},
    {"work_direct_phone", "directphone firstphone"},
    {"mobile_phone", "mobile cell cellphone"},
    {"stage", "leadstage leadstatus"},
    {"employees", "numemployees employeecount employeescount companysize size"},
    {"industry", "industries sector vertical"},
    {"keywords", "tags"},
    {"technologies", "techstack technologystack"},
    {"person_linkedin_url", "personlinkedin linkedin linkedinurl linkedinprofile"},
    {"company_linkedin_url", "companylinkedin"},
    {"website", "companywebsite url web site domain"},
    {"facebook_url", "facebook fb"},
    {"twitter_url", "twitter twitterhandle"},
    {"city", "town"},
    {"state", "province region"},
    {"country", "nation"},
    {"company_address", "corporateaddress"},
    {"company_city", "corporatecity"},
    {"company_state", "corporatestate"},
    {"company_country", "corporatecountry"},
    {"annual_revenue", "revenue sales turnover"},
    {"latest_funding_amount", "fundingamount"},
    // Native exports mean the person's address by it when they have the company's too (§15.2): see mapHeader().
    {"company_address", "address"},
};
// A company file is either one of companies, or one of people whose companies count: there the bare names are theirs.
constexpr Alias companyNames[] = {
    {"address", "companyaddress"},
    {"city", "companycity"},
    {"state", "companystate"},
    {"country", "companycountry"},
    {"uuid", "companyuuid companyid"},
    {"linkedin_url", "companylinkedinurl companylinkedin"},
    {"website", "companywebsite"},
    {"phone_number", "companyphone"},
};
constexpr Alias companyAliases[] = {
    {"name", "company companyname organization org account accountname"},
    {"employees_count", "employees numemployees employeecount companysize size"},
    {"industries", "industry sector vertical"},
    {"keywords", "tags"},
    {"technologies", "techstack technologystack"},
    {"address", "corporateaddress"},
    {"city", "corporatecity town"},
    {"state", "corporatestate province region"},
    {"country", "corporatecountry nation"},
    {"phone_number", "phone telephone corporatephone"},
    {"website", "url web site domain"},
    {"linkedin_url", "linkedin linkedinprofile"},
    {"facebook_url", "facebook fb"},
    {"twitter_url", "twitter twitterhandle"},
    {"annual_revenue", "revenue sales turnover"},
    {"latest_funding_amount", "fundingamount"},
};

QLatin1StringView latin(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

/// Lower case, letters and digits only.
QString normalised(QStringView name)
{
    QString out;
    for (const QChar c : name) {
        if (c.isLetterOrNumber())
            out.append(c.toLower());
    }
    return out;
}

std::span<const Table> tablesOf(Entity entity)
{
    static constexpr Table tables[] = {Table::Contacts, Table::ContactsMetadata, Table::Companies,
                                       Table::CompaniesMetadata};
    return entity == Entity::Contact ? std::span(tables) : std::span(tables).subspan(2);
}

ImportField fromCatalogue(const contacts::Field &field)
{
    ImportField result{latin(field.name), {field.source}, false, 0};
    if (field.entity == Entity::Contact) {
        if (std::find(std::begin(onBothSides), std::end(onBothSides), field.name) != std::end(onBothSides))
            result.targets = {contacts::findPhysicalColumn(Table::ContactsMetadata, field.name),
                              contacts::findPhysicalColumn(Table::CompaniesMetadata, field.name)};
        if (field.name == "corporate_phone")
            result.priority = 1;
    }
    return result;
}

/// Adopted schemas may have more columns, but what a file may fill is what every schema has.
bool isImportable(const contacts::Field &field)
{
    return field.source && field.source->exported;
}

template <typename Matches>
std::optional<ImportField> findOwnName(Entity entity, Matches matches)
{
    for (const contacts::Field &field : contacts::fields(entity)) {
        if (isImportable(field) && matches(field.name))
            return fromCatalogue(field);
    }
    for (const Table table : tablesOf(entity)) {
        for (const contacts::PhysicalColumn &column : contacts::physicalColumns(table)) {
            if (matches(column.header))
                return ImportField{latin(column.header), {&column}, false, 0};
        }
    }
    for (const ExtraName &extra : extraNames) {
        if (extra.entity == entity && matches(extra.name))
            return ImportField{latin(extra.name), {contacts::findPhysicalColumn(extra.table, extra.column)}, false, 0};
    }
    if (entity == Entity::Contact && matches(fullNameField))
        return ImportField{latin(fullNameField),
                           {contacts::findPhysicalColumn(Table::Contacts, "first_name"),
                            contacts::findPhysicalColumn(Table::Contacts, "last_name")},
                           true,
                           1};
    return std::nullopt;
}

std::optional<std::string_view> findAlias(std::span<const Alias> aliases, const QString &name)
{
    for (const Alias &alias : aliases) {
        const QList<QLatin1StringView> names = latin(alias.normalised).tokenize(u' ').toContainer();
        if (std::any_of(names.begin(), names.end(), [&](QLatin1StringView n) { return n == name; }))
            return alias.field;
    }
    return std::nullopt;
}

} // namespace

std::optional<ImportField> importFieldByName(Entity entity, QStringView name)
{
    return findOwnName(entity, [&](std::string_view own) { return name == latin(own); });
}

std::optional<RecognisedField> recogniseHeader(Entity entity, QStringView header)
{
    const bool contact = entity == Entity::Contact;
    const QString name = normalised(header);
    if (name.isEmpty())
        return std::nullopt;
    const auto named = [&](std::string_view field, NameRank rank) {
        return RecognisedField{*importFieldByName(entity, latin(field).toString()), rank};
    };
    if (!contact) {
        if (const auto field = findAlias(companyNames, name))
            return named(*field, NameRank::CompanyName);
    }
    if (auto own = importFieldByName(entity, header))
        return RecognisedField{*std::move(own), NameRank::OwnName};
    const auto alike = [&](std::string_view own) { return normalised(latin(own).toString()) == name; };
    for (const contacts::Field &field : contacts::fields(entity)) {
        if (isImportable(field) && alike(field.name))
            return RecognisedField{fromCatalogue(field), NameRank::OwnName};
    }
    const auto aliases = contact ? std::span<const Alias>(contactAliases) : std::span<const Alias>(companyAliases);
    if (const auto field = findAlias(aliases, name))
        return named(*field, NameRank::Alias);
    // "Contact UUID" and the like.
    if (auto own = findOwnName(entity, alike))
        return RecognisedField{*std::move(own), NameRank::Alias};
    return std::nullopt;
}

QStringList importFieldNames(Entity entity)
{
    QStringList names;
    findOwnName(entity, [&](std::string_view own) {
        if (const QString name = latin(own); !names.contains(name))
            names.append(name);
        return false;
    });
    return names;
}

} // namespace a360::transfer
