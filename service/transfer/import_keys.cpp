// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/import_keys.h"

#include "core/bytes.h"
#include "core/text.h"
#include "transfer/value_rules.h"

#include <algorithm>

namespace a360::transfer {

using contacts::Entity;
using contacts::Table;

namespace {

int indexOf(const std::vector<StagedColumn> &columns, Table table, std::string_view name)
{
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const StagedColumn &c) {
        return c.target->table == table && c.target->name == name;
    });
    return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

std::string_view textAt(const std::vector<std::string_view> &texts, int index)
{
    return index < 0 ? std::string_view() : texts[static_cast<size_t>(index)];
}

/// A LinkedIn address without what differs between spellings of the same profile.
QByteArray linkedInKey(std::string_view url)
{
    QByteArray key = foldCase(url);
    for (const char *prefix : {"https://", "http://", "www."}) {
        if (key.startsWith(prefix))
            key.remove(0, static_cast<qsizetype>(qstrlen(prefix)));
    }
    while (key.endsWith('/'))
        key.chop(1);
    return key;
}

} // namespace

KeyMaker::KeyMaker(const ImportPlan &plan) : m_plan(plan)
{
    const bool contact = plan.entity == Entity::Contact;
    const auto &companyColumns = contact ? plan.company : plan.own;
    m_first = indexOf(plan.own, Table::Contacts, "first_name");
    m_last = indexOf(plan.own, Table::Contacts, "last_name");
    m_email = indexOf(plan.own, Table::Contacts, "email");
    m_linkedIn = indexOf(plan.own, contact ? Table::ContactsMetadata : Table::CompaniesMetadata, "linkedin_url");
    m_companyName = indexOf(companyColumns, Table::Companies, "name");
    m_companyLinkedIn = indexOf(companyColumns, Table::CompaniesMetadata, "linkedin_url");
    m_companyShort = indexOf(companyColumns, Table::CompaniesMetadata, "company_name_for_emails");
}

bool KeyMaker::make(const RecordValues &values, RowKeys &keys) const
{
    keys.companyLost = false;
    keys.companyId.clear();
    keys.companyUuid.clear();
    keys.uuid = values.first(m_plan.uuidSources);
    if (m_plan.entity == Entity::Contact)
        makeContact(values, keys);
    else if (keys.uuid.empty())
        keys.uuid = companyKey(values.own);
    makeMatchKey(values, keys);
    return !keys.uuid.empty();
}

void KeyMaker::makeContact(const RecordValues &values, RowKeys &keys) const
{
    const bool anyCompanyValue = std::any_of(values.company.begin(), values.company.end(),
                                             [](std::string_view t) { return !t.empty(); });
    const std::string_view givenUuid = values.first(m_plan.companyUuidSources);
    const std::string_view givenId = values.first(m_plan.companyIdSources);
    std::string company(!givenUuid.empty() ? givenUuid : givenId);
    bool companyGiven = !givenUuid.empty() || (anyCompanyValue && !givenId.empty() && m_plan.companyUuidSources.empty());
    if (company.empty()) {
        company = companyKey(values.company);
        companyGiven = !company.empty();
        keys.companyLost = company.empty() && hasCompanyOnlyValue(values);
    }
    if (keys.uuid.empty()) {
        static const std::string noCompany = uuid5Url({});
        std::string name(textAt(values.own, m_first));
        name += textAt(values.own, m_last);
        name += textAt(values.own, m_email);
        name += company.empty() ? noCompany : company;
        keys.uuid = uuid5Url(name);
    }
    if (companyGiven)
        keys.companyUuid = company;
    keys.companyId = givenId.empty() ? std::move(company) : std::string(givenId);
}

void KeyMaker::makeMatchKey(const RecordValues &values, RowKeys &keys) const
{
    QByteArray key;
    if (m_plan.match == MatchBy::Email)
        key = foldCase(textAt(values.own, m_email));
    else if (m_plan.match == MatchBy::LinkedIn)
        key = linkedInKey(textAt(values.own, m_linkedIn));
    keys.matchKey = key.isEmpty() ? std::string_view(keys.uuid) : viewOf(key);
}

/// The company's key (contract §5.4); empty when nothing names one (decision 1).
std::string KeyMaker::companyKey(const std::vector<std::string_view> &texts) const
{
    std::string name(textAt(texts, m_companyName));
    name += textAt(texts, m_companyLinkedIn);
    name += textAt(texts, m_companyShort);
    return name.empty() ? std::string() : uuid5Url(name);
}

/// True when a cell that only means something for a company has a value (website and the like mean the person too).
bool KeyMaker::hasCompanyOnlyValue(const RecordValues &values) const
{
    for (size_t i = 0; i < m_plan.company.size(); ++i) {
        if (values.company[i].empty())
            continue;
        const auto &sources = m_plan.company[i].sources;
        const bool shared = std::any_of(m_plan.own.begin(), m_plan.own.end(),
                                        [&](const StagedColumn &own) { return own.sources == sources; });
        if (!shared)
            return true;
    }
    return false;
}

} // namespace a360::transfer
