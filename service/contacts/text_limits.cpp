// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/text_limits.h"

#include <algorithm>

namespace a360::contacts {

namespace {

struct Entry
{
    Table table;
    std::string_view column;
    TextLimit limit;
};

// The text columns of the b-tree and GIN indexes of resources/migrations and of existing services. Indexed together:
// (first_name, last_name, company_id), (email, company_id), (seniority, company_id), (status, company_id),
// (company_id, departments), (seniority, departments), (annual_revenue, industries).
constexpr Entry limitTable[] = {
    {Table::Contacts, "uuid", {500}},
    {Table::Contacts, "company_id", {500}},
    {Table::Contacts, "first_name", {1000}},
    {Table::Contacts, "last_name", {1000}},
    {Table::Contacts, "email", {2000}},
    {Table::Contacts, "title", {2500}},
    {Table::Contacts, "departments", {2000}},
    {Table::Contacts, "mobile_phone", {2500}},
    {Table::Contacts, "email_status", {2500}},
    {Table::Contacts, "seniority", {500}},
    {Table::Contacts, "status", {2000}},
    {Table::ContactsMetadata, "uuid", {500}},
    {Table::ContactsMetadata, "city", {2500}},
    {Table::ContactsMetadata, "state", {2500}},
    {Table::ContactsMetadata, "country", {2500}},
    {Table::Companies, "uuid", {500}},
    {Table::Companies, "name", {2500}},
    {Table::Companies, "industries", {2000}},
    {Table::Companies, "keywords", {0, 2500}},
    {Table::Companies, "technologies", {0, 2500}},
    {Table::CompaniesMetadata, "uuid", {500}},
    {Table::CompaniesMetadata, "company_name_for_emails", {2500}},
    {Table::CompaniesMetadata, "city", {2500}},
    {Table::CompaniesMetadata, "state", {2500}},
    {Table::CompaniesMetadata, "country", {2500}},
};

} // namespace

TextLimit textLimit(Table table, std::string_view column)
{
    const auto *found = std::find_if(std::begin(limitTable), std::end(limitTable),
                                     [&](const Entry &entry) { return entry.table == table && entry.column == column; });
    return found == std::end(limitTable) ? TextLimit() : found->limit;
}

} // namespace a360::contacts
