// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/import_plan.h"

#include "core/bytes.h"

#include <QDateTime>

#include <algorithm>

namespace a360::transfer {

using contacts::Entity;
using contacts::PhysicalColumn;
using contacts::Table;

namespace {

bool isCompanyTable(Table table)
{
    return table == Table::Companies || table == Table::CompaniesMetadata;
}

ValueKind kindOf(const PhysicalColumn &column)
{
    switch (column.type) {
    case db::ColumnType::Integer: return ValueKind::Number;
    case db::ColumnType::Timestamp: return ValueKind::Timestamp;
    case db::ColumnType::TextList: return ValueKind::List;
    case db::ColumnType::Text: break;
    }
    if (column.name == "email")
        return ValueKind::Email;
    return column.name == "last_raised_at" ? ValueKind::Date : ValueKind::Text;
}

bool contains(const std::vector<StagedColumn> &columns, Table table, std::string_view name)
{
    return std::any_of(columns.begin(), columns.end(), [&](const StagedColumn &c) {
        return c.target->table == table && c.target->name == name;
    });
}

class PlanBuilder
{
public:
    explicit PlanBuilder(ImportPlan &plan) : m_plan(plan) {}

    void add(const ColumnTarget &column)
    {
        if (column.fullName) {
            addTo(contacts::findPhysicalColumn(Table::Contacts, "first_name"), column.column,
                  StagedColumn::Part::FirstName);
            addTo(contacts::findPhysicalColumn(Table::Contacts, "last_name"), column.column,
                  StagedColumn::Part::LastName);
            return;
        }
        for (const PhysicalColumn *target : column.targets)
            addTo(target, column.column, StagedColumn::Part::Whole);
    }

private:
    void addTo(const PhysicalColumn *target, int source, StagedColumn::Part part)
    {
        const bool companySide = isCompanyTable(target->table);
        const bool foreign = m_plan.entity == Entity::Contact && companySide;
        if (target->name == "uuid") {
            (foreign ? m_plan.companyUuidSources : m_plan.uuidSources).push_back(source);
            return;
        }
        if (target->table == Table::Contacts && target->name == "company_id") {
            m_plan.companyIdSources.push_back(source);
            return;
        }
        auto &list = foreign ? m_plan.company : m_plan.own;
        const auto known = std::find_if(list.begin(), list.end(), [&](const StagedColumn &c) {
            return c.target->table == target->table && c.target->name == target->name && c.part == part;
        });
        if (known != list.end()) {
            known->sources.push_back(source);
            return;
        }
        const auto other = std::find_if(list.begin(), list.end(), [&](const StagedColumn &c) {
            return c.target->table == target->table && c.target->name == target->name;
        });
        if (other != list.end())
            return; // a column of its own beats the half of a full name
        list.push_back({target,
                        bytesOf(contacts::tableName(target->table)) + '_' + bytesOf(target->name),
                        kindOf(*target),
                        contacts::textLimit(target->table, target->name),
                        {source},
                        part});
    }

    ImportPlan &m_plan;
};

} // namespace

bool ImportPlan::hasOwn(Table table, std::string_view column) const
{
    return contains(own, table, column);
}

bool ImportPlan::hasCompany(Table table, std::string_view column) const
{
    return contains(company, table, column);
}

const QStringList &rejectColumnNames()
{
    static const QStringList names = QStringLiteral("_row,_line,_offset,_column,_value,_reason").split(u',');
    return names;
}

Result<ImportPlan> makeImportPlan(Entity entity, const HeaderMapping &mapping, MatchBy match)
{
    ImportPlan plan;
    plan.entity = entity;
    plan.match = match;
    plan.fileColumns = static_cast<int>(mapping.columns.size());
    plan.startedAt = QDateTime::currentMSecsSinceEpoch() * 1000;
    const QStringList &rejectNames = rejectColumnNames();
    const bool isRejectsFile = mapping.columns.size() >= static_cast<size_t>(rejectNames.size())
        && std::equal(rejectNames.begin(), rejectNames.end(), mapping.columns.begin(),
                      [](const QString &name, const ColumnTarget &column) { return name == column.header; });
    plan.rejectColumns = isRejectsFile ? static_cast<int>(rejectNames.size()) : 0;
    PlanBuilder builder(plan);
    std::vector<const ColumnTarget *> best;
    for (const ColumnTarget &column : mapping.columns) {
        plan.headers.push_back(column.header);
        best.push_back(&column);
    }
    std::stable_sort(best.begin(), best.end(), [](const ColumnTarget *a, const ColumnTarget *b) {
        return std::pair(a->fullName, a->priority) < std::pair(b->fullName, b->priority);
    });
    for (const ColumnTarget *column : best)
        builder.add(*column);
    const auto require = [&](bool present, const char *what) -> Result<void> {
        if (present)
            return {};
        return makeError(ErrorCode::InvalidArgument,
                         QStringLiteral("Cannot match rows by %1: no column of the file holds it.")
                             .arg(QLatin1String(what)),
                         QStringLiteral("match"));
    };
    if (match == MatchBy::Uuid)
        A360_TRY(require(!plan.uuidSources.empty(), "uuid"));
    if (match == MatchBy::Email)
        A360_TRY(require(plan.hasOwn(Table::Contacts, "email"), "e-mail"));
    if (match == MatchBy::LinkedIn) {
        const Table table = entity == Entity::Contact ? Table::ContactsMetadata : Table::CompaniesMetadata;
        A360_TRY(require(plan.hasOwn(table, "linkedin_url"), "LinkedIn URL"));
    }
    return plan;
}

} // namespace a360::transfer
