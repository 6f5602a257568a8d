// SPDX-License-Identifier: GPL-3.0-or-later
#include "contacts/query.h"

namespace a360::contacts {

namespace {

FilterSpec specOf(Entity entity)
{
    const Table table = entity == Entity::Contact ? Table::Contacts : Table::Companies;
    return {entity, "uuids", {}, "UUID", FilterOp::IncludeIds, {findPhysicalColumn(table, "uuid")}};
}

// Of no name that a parameter has: it stands in canonical texts only.
FilterSpec companySpec()
{
    return {Entity::Contact, "of_company", {}, "Company UUID", FilterOp::IncludeIds,
            {findPhysicalColumn(Table::Contacts, "company_id")}};
}

} // namespace

Result<Filter> filterByUuids(Entity entity, const std::vector<QByteArray> &uuids)
{
    static const FilterSpec contacts = specOf(Entity::Contact);
    static const FilterSpec companies = specOf(Entity::Company);
    if (uuids.empty())
        return makeError(ErrorCode::InvalidArgument, QStringLiteral("No rows are selected."), QStringLiteral("uuids"));
    Filter filter;
    filter.spec = entity == Entity::Contact ? &contacts : &companies;
    filter.texts = uuids;
    return filter;
}

Filter filterByCompany(const QByteArray &companyUuid)
{
    static const FilterSpec spec = companySpec();
    Filter filter;
    filter.spec = &spec;
    filter.texts = {companyUuid};
    return filter;
}

} // namespace a360::contacts
