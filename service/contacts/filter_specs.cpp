// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/query.h"

#include <QLatin1StringView>

#include <algorithm>
#include <deque>
#include <string>

namespace a360::contacts {

namespace {

/// Filters beyond those that the catalogue's flags give; several names for one column are filters of their own, so that
/// they can be combined.
struct ExtraFilter
{
    Entity entity;
    std::string_view name;
    std::string_view label;
    FilterOp op;
    Table table;
    std::string_view column;
};

using enum Table;
constexpr Entity P = Entity::Contact;
constexpr Entity Q = Entity::Company;

constexpr ExtraFilter extraFilters[] = {
    {P, "include_company_name", "Company (include)", FilterOp::Contains, Companies, "name"},
    {P, "company_address", "Company address", FilterOp::Contains, Companies, "text_search"},
    {P, "technologies_uids", "Technologies (identifiers)", FilterOp::ElementContains, Companies, "technologies"},
    {P, "keywords_and", "Keywords (all)", FilterOp::AllElementsContain, Companies, "keywords"},
    {P, "normalize_title_column", "Title, words in any order", FilterOp::WordsEqualSorted, Contacts, "title"},
    {P, "jumble_title_words", "Title has all words", FilterOp::AllWordsContained, Contacts, "title"},
    {P, "include_domain_list", "Company domain is", FilterOp::IncludeDomains, CompaniesMetadata, "website"},
    {P, "exclude_domain_list", "Company domain is not", FilterOp::ExcludeDomains, CompaniesMetadata, "website"},
    {P, "exclude_company_ids", "Company UUID is not", FilterOp::ExcludeIds, Contacts, "company_id"},
    {P, "exclude_titles", "Title is not", FilterOp::ExcludeEquals, Contacts, "title"},
    {P, "exclude_seniorities", "Seniority is not", FilterOp::ExcludeContains, Contacts, "seniority"},
    {P, "exclude_contact_locations", "Contact location is not", FilterOp::ExcludeContains, Contacts, "text_search"},
    {P, "exclude_departments", "Departments are not", FilterOp::ExcludeElements, Contacts, "departments"},
    {P, "exclude_company_locations", "Company location is not", FilterOp::ExcludeContains, Companies, "text_search"},
    {P, "exclude_company_name", "Company is not", FilterOp::ExcludeContains, Companies, "name"},
    {P, "exclude_technologies", "Technologies are not", FilterOp::ExcludeElements, Companies, "technologies"},
    {P, "exclude_keywords", "Keywords are not", FilterOp::ExcludeElements, Companies, "keywords"},
    {P, "exclude_industries", "Industries are not", FilterOp::ExcludeElements, Companies, "industries"},

    {Q, "exclude_industries", "Industries are not", FilterOp::ExcludeElements, Companies, "industries"},
    {Q, "exclude_keywords", "Keywords are not", FilterOp::ExcludeElements, Companies, "keywords"},
    {Q, "exclude_technologies", "Technologies are not", FilterOp::ExcludeElements, Companies, "technologies"},
    {Q, "exclude_locations", "Location is not", FilterOp::ExcludeContains, Companies, "text_search"},
};

constexpr QueryModifier modifiers[] = {
    {"keyword_search_fields", "keywords and keywords_and look in these: company, industries, keywords"},
    {"keyword_exclude_fields", "keywords and keywords_and do not look in these: company, industries, keywords"},
    {"distinct", "true or false, without effect: no row comes twice"},
};
constexpr size_t keywordModifiers = 2; ///< the leading ones, of contacts only

struct SearchColumn
{
    Table table;
    std::string_view name;
};
constexpr SearchColumn searchTable[] = {
    {Contacts, "first_name"},          {Contacts, "last_name"},          {Contacts, "email"},
    {Contacts, "title"},               {Contacts, "seniority"},          {Contacts, "text_search"},
    {ContactsMetadata, "city"},        {ContactsMetadata, "state"},      {ContactsMetadata, "country"},
    {ContactsMetadata, "linkedin_url"}, {ContactsMetadata, "twitter_url"}, {Companies, "name"},
    {Companies, "address"},            {Companies, "text_search"},       {Companies, "industries"},
    {Companies, "keywords"},           {Companies, "technologies"},      {CompaniesMetadata, "city"},
    {CompaniesMetadata, "state"},      {CompaniesMetadata, "country"},   {CompaniesMetadata, "phone_number"},
    {CompaniesMetadata, "website"},    {CompaniesMetadata, "linkedin_url"},
};

/// Builds the specifications of one entity and owns the names that are put together (employees_min).
class SpecTable
{
public:
    explicit SpecTable(Entity entity) : m_entity(entity)
    {
        for (const Field &field : fields(entity))
            addField(field);
        for (const ExtraFilter &extra : extraFilters) {
            if (extra.entity == entity)
                m_specs.push_back({entity, extra.name, {}, extra.label, extra.op,
                                   {findPhysicalColumn(extra.table, extra.column)}});
        }
        addSearch();
    }
    SpecTable(const SpecTable &) = delete;
    SpecTable &operator=(const SpecTable &) = delete;

    const std::vector<FilterSpec> &specs() const { return m_specs; }

private:
    void addField(const Field &field)
    {
        if (field.filters & Contains)
            add(field, "", "", FilterOp::Contains);
        if (field.filters & ElementContains)
            add(field, "", "", FilterOp::ElementContains);
        if (field.filters & NumberEquals)
            add(field, "", "", FilterOp::NumberEquals);
        if (field.filters & NumberRange) {
            add(field, "_min", " at least", FilterOp::AtLeast);
            add(field, "_max", " at most", FilterOp::AtMost);
        }
        if (field.filters & TimeRange) {
            add(field, "_after", " from", FilterOp::TimeAtLeast);
            add(field, "_before", " until", FilterOp::TimeAtMost);
        }
    }
    void add(const Field &field, std::string_view suffix, std::string_view labelSuffix, FilterOp op)
    {
        std::vector<std::string_view> &aliases = m_aliases.emplace_back();
        for (const std::string_view alias : field.aliases) {
            if (!alias.empty())
                aliases.push_back(keep(alias, suffix));
        }
        std::vector<const PhysicalColumn *> columns{field.source};
        if (field.fallback != nullptr)
            columns.push_back(field.fallback);
        m_specs.push_back({m_entity, keep(field.name, suffix), aliases, keep(field.label, labelSuffix), op,
                           std::move(columns)});
    }
    void addSearch()
    {
        std::vector<const PhysicalColumn *> columns;
        for (const Table table : {Contacts, ContactsMetadata, Companies, CompaniesMetadata}) {
            if (m_entity == Entity::Company && table < Companies)
                continue;
            for (const PhysicalColumn *column : searchColumns(table))
                columns.push_back(column);
        }
        m_specs.push_back({m_entity, "search", {}, "Search", FilterOp::Search, std::move(columns)});
    }
    std::string_view keep(std::string_view name, std::string_view suffix)
    {
        return m_names.emplace_back(std::string(name).append(suffix));
    }

    Entity m_entity;
    std::deque<std::string> m_names;
    std::deque<std::vector<std::string_view>> m_aliases;
    std::vector<FilterSpec> m_specs;
};

bool isCalled(QStringView parameter, std::string_view name)
{
    return parameter == QLatin1StringView(name.data(), static_cast<qsizetype>(name.size()));
}

} // namespace

const std::vector<FilterSpec> &filterSpecs(Entity entity)
{
    static const SpecTable contacts(Entity::Contact);
    static const SpecTable companies(Entity::Company);
    return (entity == Entity::Contact ? contacts : companies).specs();
}

std::span<const QueryModifier> queryModifiers(Entity entity)
{
    const std::span<const QueryModifier> all(modifiers);
    return entity == Entity::Contact ? all : all.subspan(keywordModifiers);
}

const QueryModifier *findQueryModifier(Entity entity, QStringView parameter)
{
    for (const QueryModifier &modifier : queryModifiers(entity)) {
        if (isCalled(parameter, modifier.name))
            return &modifier;
    }
    return nullptr;
}

const FilterSpec *findFilter(Entity entity, QStringView parameter)
{
    const auto called = [&](std::string_view name) { return isCalled(parameter, name); };
    for (const FilterSpec &spec : filterSpecs(entity)) {
        if (called(spec.name) || std::any_of(spec.aliases.begin(), spec.aliases.end(), called))
            return &spec;
    }
    return nullptr;
}

std::vector<const PhysicalColumn *> searchColumns(Table table)
{
    std::vector<const PhysicalColumn *> columns;
    for (const SearchColumn &search : searchTable) {
        if (search.table == table)
            columns.push_back(findPhysicalColumn(table, search.name));
    }
    return columns;
}

bool takesNumber(FilterOp op)
{
    return op == FilterOp::NumberEquals || op == FilterOp::AtLeast || op == FilterOp::AtMost;
}

bool takesTime(FilterOp op)
{
    return op == FilterOp::TimeAtLeast || op == FilterOp::TimeAtMost;
}

} // namespace a360::contacts
