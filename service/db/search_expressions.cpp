// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/search_expressions.h"

namespace a360::db {

namespace {

constexpr std::string_view contactTexts[] = {"first_name", "last_name", "email", "title", "seniority", "text_search"};
constexpr std::string_view contactMetadataTexts[] = {"city", "state", "country", "linkedin_url", "twitter_url"};
constexpr std::string_view companyTexts[] = {"name", "address", "text_search"};
constexpr std::string_view companyLists[] = {"industries", "keywords", "technologies"};
constexpr std::string_view companyMetadataTexts[] = {"city",         "state",   "country",
                                                     "phone_number", "website", "linkedin_url"};
constexpr SearchTable tables[] = {
    {"contacts", "contacts_fts", contactTexts, {}},
    {"contacts_metadata", "contacts_metadata_fts", contactMetadataTexts, {}},
    {"companies", "companies_fts", companyTexts, companyLists},
    {"companies_metadata", "companies_metadata_fts", companyMetadataTexts, {}},
};

void append(QByteArray &out, std::string_view text)
{
    out.append(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

std::span<const SearchTable> searchTables()
{
    return tables;
}

const SearchTable *findSearchTable(std::string_view table)
{
    for (const SearchTable &known : tables) {
        if (known.table == table)
            return &known;
    }
    return nullptr;
}

QByteArray postgresSearchExpression(const SearchTable &table, std::string_view alias)
{
    QByteArray out;
    const auto addColumn = [&](std::string_view column, bool list) {
        append(out, out.isEmpty() ? "(coalesce(" : " || E'\\n' || coalesce(");
        append(out, list ? "a360_list_text(" : "");
        append(out, alias);
        append(out, column);
        append(out, list ? "), '')" : ", '')");
    };
    for (const std::string_view column : table.textColumns)
        addColumn(column, false);
    for (const std::string_view column : table.listColumns)
        addColumn(column, true);
    append(out, ")");
    return out;
}

} // namespace a360::db
