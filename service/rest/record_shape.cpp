// SPDX-License-Identifier: GPL-3.0-or-later
#include "record_shape.h"

#include "transfer/json_text.h"

#include <algorithm>

namespace a360::rest {

using contacts::Entity;
using contacts::OutputColumn;
using contacts::Table;
using transfer::appendJsonString;

namespace {

std::string keyText(std::string_view name)
{
    std::string key;
    appendJsonString(key, name);
    return key + ':';
}

} // namespace

int RecordShape::use(const OutputColumn &column)
{
    const auto known = std::find_if(m_columns.begin(), m_columns.end(), [&](const OutputColumn &other) {
        return other.source == column.source && other.fallback == column.fallback && column.source;
    });
    if (known != m_columns.end())
        return static_cast<int>(known - m_columns.begin());
    m_columns.push_back(column);
    return static_cast<int>(m_columns.size()) - 1;
}

RecordShape::Member RecordShape::field(Entity entity, const char *name, const char *key)
{
    const contacts::Field *found = contacts::findField(entity, QString::fromLatin1(name));
    Q_ASSERT(found);
    Member member;
    member.key = keyText(key ? key : name);
    member.column = use({QByteArray(name), found->type, found->source, found->fallback, ", "});
    return member;
}

RecordShape::Member RecordShape::physical(Table table, const char *name, const char *key, Member::Kind kind)
{
    const contacts::PhysicalColumn *found = contacts::findPhysicalColumn(table, name);
    Q_ASSERT(found);
    Member member;
    member.kind = kind;
    member.key = keyText(key ? key : name);
    member.column = use({QByteArray(name), found->type, found, nullptr, ", "});
    return member;
}

RecordShape::Member RecordShape::object(const char *key, Members members)
{
    Member member;
    member.kind = Member::Object;
    member.key = keyText(key);
    member.members = std::move(members);
    return member;
}

/// The columns of a metadata table, led by the uuid, which is its owner's.
RecordShape::Member RecordShape::metadata(Table table, Table owner)
{
    Members members;
    members.push_back(physical(owner, "uuid"));
    members.back().decides = false;
    for (const contacts::PhysicalColumn &column : contacts::physicalColumns(table))
        members.push_back(physical(table, std::string(column.name).c_str()));
    return object("metadata", std::move(members));
}

void RecordShape::addContactItem()
{
    for (const OutputColumn &column : contacts::presetColumns(Entity::Contact, contacts::Preset::List)) {
        const bool firstTime = column.header == "created_at";
        if (firstTime) {
            Member amount = physical(Table::CompaniesMetadata, "latest_funding_amount", nullptr, Member::Quoted);
            m_members.push_back(object("meta_data", {std::move(amount)}));
        }
        Member member;
        member.key = keyText({column.header.constData(), size_t(column.header.size())});
        member.column = use(column);
        m_members.push_back(std::move(member));
    }
}

RecordShape::Members RecordShape::companySummary()
{
    return {physical(Table::Companies, "uuid"),
            physical(Table::Companies, "name"),
            physical(Table::Companies, "employees_count"),
            physical(Table::Companies, "annual_revenue"),
            physical(Table::Companies, "total_funding"),
            physical(Table::Companies, "industries", "industry"),
            physical(Table::CompaniesMetadata, "city"),
            physical(Table::CompaniesMetadata, "state"),
            physical(Table::CompaniesMetadata, "country"),
            physical(Table::CompaniesMetadata, "website"),
            physical(Table::CompaniesMetadata, "linkedin_url"),
            physical(Table::CompaniesMetadata, "phone_number"),
            physical(Table::Companies, "technologies", nullptr, Member::Array)};
}

void RecordShape::addCompanyItem()
{
    m_members = companySummary();
    m_members.push_back(physical(Table::Companies, "keywords", nullptr, Member::Array));
    m_members.push_back(metadata(Table::CompaniesMetadata, Table::Companies));
}

RecordShape RecordShape::contactItem()
{
    RecordShape shape;
    shape.addContactItem();
    return shape;
}

RecordShape RecordShape::contactSimple()
{
    RecordShape shape;
    for (const char *name : {"uuid", "first_name", "last_name", "title"})
        shape.m_members.push_back(shape.field(Entity::Contact, name));
    shape.m_members.push_back(object("location", {shape.field(Entity::Contact, "city"), shape.field(Entity::Contact, "state"),
                                                  shape.field(Entity::Contact, "country")}));
    shape.m_members.push_back(shape.field(Entity::Contact, "company", "company_name"));
    shape.m_members.push_back(shape.field(Entity::Contact, "person_linkedin_url"));
    shape.m_members.push_back(shape.field(Entity::Contact, "website", "company_domain"));
    return shape;
}

RecordShape RecordShape::contactDetail()
{
    RecordShape shape;
    shape.addContactItem();
    shape.m_members.push_back(object("company_detail", shape.companySummary()));
    shape.m_members.push_back(shape.metadata(Table::ContactsMetadata, Table::Contacts));
    return shape;
}

RecordShape RecordShape::companyItem()
{
    RecordShape shape;
    shape.addCompanyItem();
    return shape;
}

RecordShape RecordShape::companyDetail()
{
    RecordShape shape;
    shape.addCompanyItem();
    shape.m_members.push_back(shape.physical(Table::Companies, "created_at"));
    shape.m_members.push_back(shape.physical(Table::Companies, "updated_at"));
    return shape;
}

// Narrowing

RecordShape::Member RecordShape::adopted(Member member, const std::vector<OutputColumn> &columns)
{
    if (member.column >= 0)
        member.column = use(columns[size_t(member.column)]);
    for (Member &inner : member.members)
        inner = adopted(std::move(inner), columns);
    return member;
}

Result<RecordShape> RecordShape::only(const FieldFilter &filter) const
{
    if (filter.isEmpty())
        return *this;
    QStringList names;
    for (const Member &member : m_members) // a key is its name in quotes and a colon
        names += QString::fromStdString(member.key.substr(1, member.key.size() - 3));
    A360_TRY(filter.check(names));
    RecordShape shape;
    for (size_t i = 0; i < m_members.size(); ++i) {
        if (filter.shows(names[qsizetype(i)]))
            shape.m_members.push_back(shape.adopted(m_members[i], m_columns));
    }
    if (shape.m_columns.empty())
        shape.m_columns.push_back(m_columns.front());
    return shape;
}

} // namespace a360::rest
