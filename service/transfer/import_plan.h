// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/field_catalogue.h"
#include "contacts/text_limits.h"
#include "core/result.h"
#include "transfer/header_mapping.h"
#include "transfer/importer.h"

#include <vector>

namespace a360::transfer {

/// What a cell must be to be taken.
enum class ValueKind { Text, Email, Number, Date, Timestamp, List };

/// One physical column that the file supplies, and its column in the staging table.
struct StagedColumn
{
    const contacts::PhysicalColumn *target = nullptr;
    QByteArray stagingName;          ///< "contacts_metadata_city"
    ValueKind kind = ValueKind::Text;
    contacts::TextLimit limit;
    std::vector<int> sources;        ///< file columns; the first one with a value wins
    enum class Part { Whole, FirstName, LastName } part = Part::Whole; ///< of a full name
};

/// Which cells of the file make a row's keys and values. Built once per import, then read by all parser threads.
struct ImportPlan
{
    contacts::Entity entity = contacts::Entity::Contact;
    int fileColumns = 0;
    std::vector<QString> headers;
    std::vector<int> uuidSources;        ///< the contact's own uuid (companies file: the company's)
    std::vector<int> companyUuidSources; ///< contacts file: the company's uuid
    std::vector<int> companyIdSources;   ///< contacts file: contacts.company_id
    std::vector<StagedColumn> own;       ///< columns of the entity's two tables, uuid and company_id excepted
    std::vector<StagedColumn> company;   ///< contacts file: columns of the company tables
    /// Leading columns that are left out of the rejects file, because the file is itself one (its six columns).
    int rejectColumns = 0;
    MatchBy match = MatchBy::Default;
    qint64 startedAt = 0;                ///< microseconds; created_at and updated_at of new rows that bring none

    bool hasOwn(contacts::Table table, std::string_view column) const;
    bool hasCompany(contacts::Table table, std::string_view column) const;
};

/// The columns every rejects file begins with (decision 11).
const QStringList &rejectColumnNames();

/// Errors: InvalidArgument when `match` asks for a column the file does not have.
Result<ImportPlan> makeImportPlan(contacts::Entity entity, const HeaderMapping &mapping, MatchBy match);

} // namespace a360::transfer
