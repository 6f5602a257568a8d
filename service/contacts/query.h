// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/field_catalogue.h"

#include <QList>
#include <QPair>
#include <QString>

#include <memory>

namespace a360::contacts {

/// How a filter parameter decides about a row.
enum class FilterOp {
    Contains,          ///< any value is a substring of the (folded) text
    ElementContains,   ///< any value is a substring of any element
    AllElementsContain, ///< every value is a substring of some element (keywords_and)
    NumberEquals,
    AtLeast,
    AtMost,
    TimeAtLeast,
    TimeAtMost,
    ExcludeContains,   ///< no value is a substring; NULL stays
    ExcludeElements,   ///< no value is a substring of any element; NULL stays
    ExcludeEquals,     ///< whole value, case-insensitive (exclude_titles); NULL stays
    ExcludeIds,        ///< whole value, case-sensitive (exclude_company_ids); NULL stays
    IncludeDomains,    ///< domain of the website is one of the values
    ExcludeDomains,
    WordsEqualSorted,  ///< normalize_title_column: words sorted, folded, equal
    AllWordsContained, ///< jumble_title_words
    Search,            ///< contract §3.4: words ANDed, each a substring of any search column
    IncludeIds,        ///< whole value, case-sensitive; no parameter of its own, see filterByUuids(), filterByCompany()
};

/// One filter parameter of the contract (§3.1, §3.2): its names and what it looks at.
struct FilterSpec
{
    Entity entity;
    std::string_view name;
    std::span<const std::string_view> aliases;
    std::string_view label;              ///< on screen: "Title"
    FilterOp op;
    std::vector<const PhysicalColumn *> columns; ///< several: any of them may match
};
const std::vector<FilterSpec> &filterSpecs(Entity entity);
const FilterSpec *findFilter(Entity entity, QStringView parameter);
/// The columns of one table that `search` looks at (contract §3.4), in catalogue order.
std::vector<const PhysicalColumn *> searchColumns(Table table);

/// A parameter of a query that filters nothing itself: it says how filters are read, or is there for clients of the
/// existing service.
struct QueryModifier
{
    std::string_view name;
    std::string_view meaning; ///< a sentence without its full stop
};
/// Those of an entity; what `search` and `ordering` are, the faces say in their own words.
std::span<const QueryModifier> queryModifiers(Entity entity);
const QueryModifier *findQueryModifier(Entity entity, QStringView parameter);

/// A parsed filter: the specification and its values, each once (compared as the operation compares).
struct Filter
{
    const FilterSpec *spec = nullptr;
    std::vector<QByteArray> texts;  ///< as the user wrote them, trimmed; domains are normalised; search: its words
    qint64 number = 0;              ///< numbers, and times in microseconds since 1970 UTC
    /// Instead of the specification's columns (keyword_search_fields); usually empty.
    std::vector<const PhysicalColumn *> chosenColumns;

    const std::vector<const PhysicalColumn *> &columns() const
    {
        return chosenColumns.empty() ? spec->columns : chosenColumns;
    }
};
/// Rows with one of these uuids: a choice made by hand (contract §6 exports by uuid list). InvalidArgument when empty.
Result<Filter> filterByUuids(Entity entity, const std::vector<QByteArray> &uuids);
/// Contacts of the company with that uuid.
Filter filterByCompany(const QByteArray &companyUuid);
/// True when filters of this kind carry a number or a time instead of texts.
bool takesNumber(FilterOp op);
bool takesTime(FilterOp op);

struct OrderKey
{
    const PhysicalColumn *column = nullptr;   ///< nullptr: the primary key `id`
    const PhysicalColumn *fallback = nullptr;
    bool descending = false;
    QByteArray name;                          ///< the field's name, or "id"
};

/// Which rows, in which order. A value type with one canonical text (filters sorted and normalised), which serves as
/// cache key, cursor binding and job description. The order is total: `id` is always its last key.
struct Query
{
    Entity entity = Entity::Contact;
    std::vector<Filter> filters;
    std::vector<OrderKey> order;

    QByteArray canonical() const;
    /// First 16 hex digits of the SHA-256 of canonical(); binds a cursor to its query.
    QByteArray hash() const;
    bool filtersCompanies() const; ///< contacts: a filter or order key looks at a company table
};

using Parameters = QList<QPair<QString, QString>>;

enum class DefaultOrder { NewestFirst, ById }; ///< lists / exports and streams (decision 12)

struct ParsedQuery
{
    Query query;
    QStringList ignored; ///< unknown parameters, in order (REST lists them in meta.ignored; the command line refuses)
    QStringList paging;  ///< parameters of paging and output that were passed over (where those are options, refused)
};

/// Reads filters, `search` and `ordering` from decoded key/value pairs (repeated keys allowed); the one parser behind
/// REST, `--filter key=value` and the window. Paging parameters (limit, offset, cursor, page, page_size, format,
/// max_results, view, columns) are passed over; `distinct` changes nothing, as a row never comes twice. Errors: InvalidArgument with `field` naming the parameter
/// (both of them for min > max).
Result<ParsedQuery> parseQuery(Entity entity, const Parameters &parameters, DefaultOrder defaultOrder);

} // namespace a360::contacts
