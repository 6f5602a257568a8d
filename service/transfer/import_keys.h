// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/import_plan.h"
#include "transfer/record_values.h"

#include <string>

namespace a360::transfer {

/// What a row and its company are known by (decision 1). Empty: none.
struct RowKeys
{
    std::string uuid;
    std::string matchKey;    ///< what duplicates are told by
    std::string companyId;   ///< goes to contacts.company_id
    std::string companyUuid; ///< of the company whose values the row brings
    bool companyLost = false; ///< the row has company values, but nothing names the company
};

/// Makes the keys of records. Used by one thread at a time; the plan must outlive it.
class KeyMaker
{
public:
    explicit KeyMaker(const ImportPlan &plan);

    /// False: a company that nothing names.
    bool make(const RecordValues &values, RowKeys &keys) const;

private:
    void makeContact(const RecordValues &values, RowKeys &keys) const;
    void makeMatchKey(const RecordValues &values, RowKeys &keys) const;
    std::string companyKey(const std::vector<std::string_view> &texts) const;
    bool hasCompanyOnlyValue(const RecordValues &values) const;

    const ImportPlan &m_plan;
    int m_first, m_last, m_email, m_linkedIn;             // in the plan's own columns, -1: not there
    int m_companyName, m_companyLinkedIn, m_companyShort; // in the columns that describe the company
};

} // namespace a360::transfer
