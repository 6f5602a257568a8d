// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/field_catalogue.h"

#include "core/nearest_name.h"

#include <QLatin1StringView>

#include <algorithm>
#include <stdexcept>

namespace a360::contacts {

namespace {

using enum db::ColumnType;

// The columns of the four tables, each table's in one run and in the order of the full export.
constexpr PhysicalColumn columnTable[] = {
    {Table::Contacts, "uuid", Text, "contact_uuid"},
    {Table::Contacts, "first_name", Text, "contact_first_name"},
    {Table::Contacts, "last_name", Text, "contact_last_name"},
    {Table::Contacts, "company_id", Text, "contact_company_id"},
    {Table::Contacts, "email", Text, "contact_email"},
    {Table::Contacts, "title", Text, "contact_title"},
    {Table::Contacts, "departments", TextList, "contact_departments"},
    {Table::Contacts, "mobile_phone", Text, "contact_mobile_phone"},
    {Table::Contacts, "email_status", Text, "contact_email_status"},
    {Table::Contacts, "text_search", Text, "contact_text_search"},
    {Table::Contacts, "seniority", Text, "contact_seniority"},
    {Table::Contacts, "created_at", Timestamp, "contact_created_at"},
    {Table::Contacts, "updated_at", Timestamp, "contact_updated_at"},
    {Table::Contacts, "status", Text, "contact_status", false},

    {Table::ContactsMetadata, "linkedin_url", Text, "contact_metadata_linkedin_url"},
    {Table::ContactsMetadata, "facebook_url", Text, "contact_metadata_facebook_url"},
    {Table::ContactsMetadata, "twitter_url", Text, "contact_metadata_twitter_url"},
    {Table::ContactsMetadata, "website", Text, "contact_metadata_website"},
    {Table::ContactsMetadata, "work_direct_phone", Text, "contact_metadata_work_direct_phone"},
    {Table::ContactsMetadata, "home_phone", Text, "contact_metadata_home_phone"},
    {Table::ContactsMetadata, "city", Text, "contact_metadata_city"},
    {Table::ContactsMetadata, "state", Text, "contact_metadata_state"},
    {Table::ContactsMetadata, "country", Text, "contact_metadata_country"},
    {Table::ContactsMetadata, "other_phone", Text, "contact_metadata_other_phone"},
    {Table::ContactsMetadata, "stage", Text, "contact_metadata_stage"},
    {Table::ContactsMetadata, "linkedin_sales_url", Text, "contact_metadata_linkedin_sales_url", false},

    {Table::Companies, "uuid", Text, "company_uuid"},
    {Table::Companies, "name", Text, "company_name"},
    {Table::Companies, "employees_count", Integer, "company_employees_count"},
    {Table::Companies, "industries", TextList, "company_industries"},
    {Table::Companies, "keywords", TextList, "company_keywords"},
    {Table::Companies, "address", Text, "company_address"},
    {Table::Companies, "annual_revenue", Integer, "company_annual_revenue"},
    {Table::Companies, "total_funding", Integer, "company_total_funding"},
    {Table::Companies, "technologies", TextList, "company_technologies"},
    {Table::Companies, "text_search", Text, "company_text_search"},
    {Table::Companies, "created_at", Timestamp, "company_created_at"},
    {Table::Companies, "updated_at", Timestamp, "company_updated_at"},

    {Table::CompaniesMetadata, "linkedin_url", Text, "company_metadata_linkedin_url"},
    {Table::CompaniesMetadata, "facebook_url", Text, "company_metadata_facebook_url"},
    {Table::CompaniesMetadata, "twitter_url", Text, "company_metadata_twitter_url"},
    {Table::CompaniesMetadata, "website", Text, "company_metadata_website"},
    {Table::CompaniesMetadata, "company_name_for_emails", Text, "company_metadata_company_name_for_emails"},
    {Table::CompaniesMetadata, "phone_number", Text, "company_metadata_phone_number"},
    {Table::CompaniesMetadata, "latest_funding", Text, "company_metadata_latest_funding"},
    {Table::CompaniesMetadata, "latest_funding_amount", Integer, "company_metadata_latest_funding_amount"},
    {Table::CompaniesMetadata, "last_raised_at", Text, "company_metadata_last_raised_at"},
    {Table::CompaniesMetadata, "city", Text, "company_metadata_city"},
    {Table::CompaniesMetadata, "state", Text, "company_metadata_state"},
    {Table::CompaniesMetadata, "country", Text, "company_metadata_country"},
    {Table::CompaniesMetadata, "linkedin_sales_url", Text, "company_metadata_linkedin_sales_url", false},
    {Table::CompaniesMetadata, "normalized_domain", Text, "company_metadata_normalized_domain", false},
};

/// In a constant expression an unknown name stops the compiler.
constexpr const PhysicalColumn *column(Table table, std::string_view name)
{
    for (const PhysicalColumn &c : columnTable) {
        if (c.table == table && c.name == name)
            return &c;
    }
    throw std::logic_error("no such column");
}
constexpr const PhysicalColumn *c(std::string_view name)
{
    return column(Table::Contacts, name);
}
constexpr const PhysicalColumn *cm(std::string_view name)
{
    return column(Table::ContactsMetadata, name);
}
constexpr const PhysicalColumn *co(std::string_view name)
{
    return column(Table::Companies, name);
}
constexpr const PhysicalColumn *com(std::string_view name)
{
    return column(Table::CompaniesMetadata, name);
}
constexpr const PhysicalColumn *none = nullptr;

constexpr Entity P = Entity::Contact;
constexpr Entity Q = Entity::Company;
constexpr unsigned Sub = Contains;
constexpr unsigned Arr = ElementContains;
constexpr unsigned Num = NumberEquals | NumberRange;
constexpr unsigned Range = NumberRange;
constexpr unsigned Time = TimeRange;
constexpr bool ord = true, noOrd = false, list = true, hide = false;

// The catalogue: one line per field, and everything that shows, filters, orders or writes fields follows it. The listed
// fields of contacts stand in the order of contract §15.1, between uuid and the two times.
constexpr Field fieldTable[] = {
    // clang-format off
    {P, "uuid", "UUID", Text, c("uuid"), none, NoFilter, ord, list, 36, {}},
    {P, "first_name", "First name", Text, c("first_name"), none, Sub, ord, list, 14, {}},
    {P, "last_name", "Last name", Text, c("last_name"), none, Sub, ord, list, 16, {}},
    {P, "title", "Title", Text, c("title"), none, Sub, ord, list, 28, {}},
    {P, "company", "Company", Text, co("name"), none, Sub, ord, list, 26, {"name"}},
    {P, "company_name_for_emails", "Company name for e-mails", Text, com("company_name_for_emails"), none, Sub, ord, list, 20, {}},
    {P, "email", "E-mail", Text, c("email"), none, Sub, ord, list, 30, {}},
    {P, "email_status", "E-mail status", Text, c("email_status"), none, Sub, ord, list, 12, {}},
    {P, "primary_email_catch_all_status", "Catch-all status", Text, none, none, NoFilter, ord, list, 12, {}},
    {P, "seniority", "Seniority", Text, c("seniority"), none, Sub, ord, list, 12, {}},
    {P, "departments", "Departments", TextList, c("departments"), none, Arr, ord, list, 24, {}},
    {P, "work_direct_phone", "Work phone", Text, cm("work_direct_phone"), none, Sub, ord, list, 18, {}},
    {P, "home_phone", "Home phone", Text, cm("home_phone"), none, Sub, ord, list, 18, {}},
    {P, "mobile_phone", "Mobile phone", Text, c("mobile_phone"), none, Sub, ord, list, 18, {}},
    {P, "corporate_phone", "Corporate phone", Text, com("phone_number"), none, Sub, ord, list, 18, {}},
    {P, "other_phone", "Other phone", Text, cm("other_phone"), none, Sub, ord, list, 18, {}},
    {P, "stage", "Stage", Text, cm("stage"), none, Sub, ord, list, 10, {}},
    {P, "employees", "Employees", Integer, co("employees_count"), none, Num, ord, list, 11, {"employees_count"}},
    {P, "industry", "Industry", TextList, co("industries"), none, Arr, ord, list, 24, {"industries"}},
    {P, "keywords", "Keywords", TextList, co("keywords"), none, Arr, ord, list, 30, {}},
    {P, "person_linkedin_url", "Person LinkedIn", Text, cm("linkedin_url"), none, Sub, ord, list, 30, {}},
    {P, "website", "Website", Text, cm("website"), none, Sub, ord, list, 26, {}},
    {P, "company_linkedin_url", "Company LinkedIn", Text, com("linkedin_url"), none, Sub, ord, list, 30, {}},
    {P, "facebook_url", "Facebook", Text, com("facebook_url"), cm("facebook_url"), Sub, ord, list, 26, {}},
    {P, "twitter_url", "Twitter", Text, com("twitter_url"), cm("twitter_url"), Sub, ord, list, 26, {}},
    {P, "city", "City", Text, cm("city"), none, Sub, ord, list, 16, {}},
    {P, "state", "State", Text, cm("state"), none, Sub, ord, list, 14, {}},
    {P, "country", "Country", Text, cm("country"), none, Sub, ord, list, 16, {}},
    {P, "company_address", "Company address", Text, co("address"), none, NoFilter, ord, list, 34, {}},
    {P, "company_city", "Company city", Text, com("city"), none, Sub, ord, list, 16, {}},
    {P, "company_state", "Company state", Text, com("state"), none, Sub, ord, list, 14, {}},
    {P, "company_country", "Company country", Text, com("country"), none, Sub, ord, list, 16, {}},
    {P, "company_phone", "Company phone", Text, com("phone_number"), none, Sub, ord, list, 18, {}},
    {P, "technologies", "Technologies", TextList, co("technologies"), none, Arr, ord, list, 30, {}},
    {P, "annual_revenue", "Annual revenue", Integer, co("annual_revenue"), none, Num, ord, list, 15, {}},
    {P, "total_funding", "Total funding", Integer, co("total_funding"), none, Num, ord, list, 15, {}},
    {P, "latest_funding", "Latest funding", Text, com("latest_funding"), none, NoFilter, ord, list, 16, {}},
    {P, "latest_funding_amount", "Latest funding amount", Integer, com("latest_funding_amount"), none, Range, ord, list, 15, {}},
    {P, "last_raised_at", "Last raised", Text, com("last_raised_at"), none, NoFilter, ord, list, 12, {}},
    {P, "created_at", "Created", Timestamp, c("created_at"), none, Time, ord, list, 13, {}},
    {P, "updated_at", "Updated", Timestamp, c("updated_at"), none, Time, ord, list, 13, {}},
    {P, "company_id", "Company UUID", Text, c("company_id"), none, NoFilter, noOrd, hide, 36, {}},
    {P, "contact_location", "Contact location", Text, c("text_search"), none, Sub, noOrd, hide, 30, {"text_search"}},
    {P, "company_location", "Company location", Text, co("text_search"), none, Sub, noOrd, hide, 30, {"company_text_search"}},
    {P, "status", "Status", Text, c("status"), none, Sub, noOrd, hide, 12, {}},

    {Q, "uuid", "UUID", Text, co("uuid"), none, NoFilter, ord, list, 36, {}},
    {Q, "name", "Company", Text, co("name"), none, Sub, ord, list, 28, {"company"}},
    {Q, "company_name_for_emails", "Name for e-mails", Text, com("company_name_for_emails"), none, Sub, noOrd, list, 20, {}},
    {Q, "employees_count", "Employees", Integer, co("employees_count"), none, Num, ord, list, 11, {"employees"}},
    {Q, "industries", "Industries", TextList, co("industries"), none, Arr, ord, list, 24, {"industry"}},
    {Q, "keywords", "Keywords", TextList, co("keywords"), none, Arr, ord, list, 30, {}},
    {Q, "technologies", "Technologies", TextList, co("technologies"), none, Arr, ord, list, 30, {}},
    {Q, "address", "Address", Text, co("address"), none, Sub, noOrd, list, 34, {}},
    {Q, "city", "City", Text, com("city"), none, Sub, ord, list, 16, {}},
    {Q, "state", "State", Text, com("state"), none, Sub, ord, list, 14, {}},
    {Q, "country", "Country", Text, com("country"), none, Sub, ord, list, 16, {}},
    {Q, "phone_number", "Phone", Text, com("phone_number"), none, Sub, ord, list, 18, {}},
    {Q, "website", "Website", Text, com("website"), none, Sub, ord, list, 26, {}},
    {Q, "linkedin_url", "LinkedIn", Text, com("linkedin_url"), none, Sub, ord, list, 30, {}},
    {Q, "facebook_url", "Facebook", Text, com("facebook_url"), none, Sub, noOrd, list, 26, {}},
    {Q, "twitter_url", "Twitter", Text, com("twitter_url"), none, Sub, noOrd, list, 26, {}},
    {Q, "annual_revenue", "Annual revenue", Integer, co("annual_revenue"), none, Num, ord, list, 15, {}},
    {Q, "total_funding", "Total funding", Integer, co("total_funding"), none, Num, ord, list, 15, {}},
    {Q, "latest_funding", "Latest funding", Text, com("latest_funding"), none, Sub, ord, list, 16, {}},
    {Q, "latest_funding_amount", "Latest funding amount", Integer, com("latest_funding_amount"), none, Range, ord, list, 15, {}},
    {Q, "last_raised_at", "Last raised", Text, com("last_raised_at"), none, NoFilter, ord, list, 12, {}},
    {Q, "created_at", "Created", Timestamp, co("created_at"), none, Time, ord, list, 13, {}},
    {Q, "updated_at", "Updated", Timestamp, co("updated_at"), none, Time, ord, list, 13, {}},
    {Q, "company_location", "Location", Text, co("text_search"), none, Sub, noOrd, hide, 30, {"text_search"}},
    // clang-format on
};

// The columns the guide's stream endpoints send.
constexpr std::string_view contactStream[] = {"uuid",  "first_name",   "last_name", "email",
                                              "title", "mobile_phone", "company_id"};
constexpr std::string_view companyStream[] = {"uuid",          "name", "address", "employees_count", "annual_revenue",
                                              "total_funding"};

/// The run of elements of a sorted-by-group table that satisfy `belongs`.
template <typename T, size_t N, typename Belongs>
constexpr std::span<const T> runOf(const T (&table)[N], Belongs belongs)
{
    size_t first = 0;
    while (first < N && !belongs(table[first]))
        ++first;
    size_t last = first;
    while (last < N && belongs(table[last]))
        ++last;
    return {table + first, last - first};
}

QByteArray bytes(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

bool equals(QStringView a, std::string_view b)
{
    return a == QLatin1StringView(b.data(), static_cast<qsizetype>(b.size()));
}

OutputColumn fieldColumn(const Field &field)
{
    return {bytes(field.name), field.type, field.source, field.fallback, ", "};
}

OutputColumn fullColumn(const PhysicalColumn &source)
{
    return {bytes(source.header), source.type, &source, nullptr, ","};
}

std::span<const Table> tablesOf(Entity entity)
{
    static constexpr Table tables[] = {Table::Contacts, Table::ContactsMetadata, Table::Companies,
                                       Table::CompaniesMetadata};
    return entity == Entity::Contact ? std::span(tables) : std::span(tables).subspan(2);
}

const PhysicalColumn *findHeader(Entity entity, QStringView name)
{
    for (const PhysicalColumn &physical : columnTable) {
        if ((entity == Entity::Contact || physical.table >= Table::Companies) && equals(name, physical.header))
            return &physical;
    }
    return nullptr;
}

} // namespace

std::string_view tableName(Table table)
{
    static constexpr std::string_view names[] = {"contacts", "contacts_metadata", "companies", "companies_metadata"};
    return names[static_cast<size_t>(table)];
}

std::string_view tableAlias(Table table)
{
    static constexpr std::string_view aliases[] = {"c", "cm", "co", "com"};
    return aliases[static_cast<size_t>(table)];
}

std::string_view entityName(Entity entity)
{
    return entity == Entity::Contact ? "contacts" : "companies";
}

std::span<const PhysicalColumn> physicalColumns(Table table)
{
    return runOf(columnTable, [=](const PhysicalColumn &p) { return p.table == table && p.exported; });
}

std::span<const PhysicalColumn> optionalColumns(Table table)
{
    return runOf(columnTable, [=](const PhysicalColumn &p) { return p.table == table && !p.exported; });
}

const PhysicalColumn *findPhysicalColumn(Table table, std::string_view name)
{
    const auto *found = std::find_if(std::begin(columnTable), std::end(columnTable), [&](const PhysicalColumn &p) {
        return p.table == table && p.name == name;
    });
    return found == std::end(columnTable) ? nullptr : found;
}

bool Field::isCalled(QStringView other) const
{
    return equals(other, name) || std::any_of(aliases.begin(), aliases.end(), [&](std::string_view alias) {
               return !alias.empty() && equals(other, alias);
           });
}

std::span<const Field> fields(Entity entity)
{
    return runOf(fieldTable, [=](const Field &field) { return field.entity == entity; });
}

const Field *findField(Entity entity, QStringView name)
{
    for (const Field &field : fields(entity)) {
        if (field.isCalled(name))
            return &field;
    }
    return nullptr;
}

std::optional<Preset> presetByName(QStringView name)
{
    if (name == u"list")
        return Preset::List;
    if (name == u"full")
        return Preset::Full;
    if (name == u"stream")
        return Preset::Stream;
    return std::nullopt;
}

std::vector<OutputColumn> presetColumns(Entity entity, Preset preset)
{
    std::vector<OutputColumn> columns;
    switch (preset) {
    case Preset::List:
        for (const Field &field : fields(entity)) {
            if (field.listed)
                columns.push_back(fieldColumn(field));
        }
        break;
    case Preset::Full:
        for (const Table table : tablesOf(entity)) {
            for (const PhysicalColumn &physical : physicalColumns(table))
                columns.push_back(fullColumn(physical));
        }
        break;
    case Preset::Stream:
        for (const std::string_view name :
             entity == Entity::Contact ? std::span<const std::string_view>(contactStream) : companyStream)
            columns.push_back(fieldColumn(*findField(entity, QString::fromLatin1(bytes(name)))));
        break;
    }
    return columns;
}

namespace {

Error unknownColumn(Entity entity, const QString &name)
{
    QStringList names;
    for (const Field &field : fields(entity))
        names << QString::fromLatin1(bytes(field.name));
    const QString nearest = nearestName(names, name);
    return makeError(ErrorCode::InvalidArgument,
                     QStringLiteral("There is no column \"%1\" in %2.").arg(name, QString::fromLatin1(bytes(entityName(entity))))
                         + (nearest.isEmpty() ? QString() : QStringLiteral(" Did you mean \"%1\"?").arg(nearest)),
                     QStringLiteral("columns"));
}

} // namespace

Result<std::vector<OutputColumn>> columnsByName(Entity entity, const QStringList &names)
{
    std::vector<OutputColumn> columns;
    for (const QString &given : names) {
        const QString name = given.trimmed();
        OutputColumn next;
        // A full-export header means that column, written as the full export writes it.
        if (const Field *field = findField(entity, name)) {
            next = fieldColumn(*field);
            next.header = name.toUtf8();
        } else if (const PhysicalColumn *physical = findHeader(entity, name)) {
            next = fullColumn(*physical);
        } else {
            return unknownColumn(entity, name);
        }
        if (std::any_of(columns.begin(), columns.end(), [&](const OutputColumn &c) { return c.header == next.header; }))
            return makeError(ErrorCode::InvalidArgument, QStringLiteral("Column \"%1\" is named twice.").arg(name),
                             QStringLiteral("columns"));
        columns.push_back(std::move(next));
    }
    if (columns.empty())
        return makeError(ErrorCode::InvalidArgument, QStringLiteral("No column is named."), QStringLiteral("columns"));
    return columns;
}

} // namespace a360::contacts
