// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/query.h"
#include "db/sql.h"

#include <map>
#include <optional>
#include <random>
#include <vector>

namespace a360::test {

/// A value in memory, as plain as can be.
struct CellValue
{
    bool null = true;
    qint64 number = 0;                                ///< integers and times
    QByteArray text;
    std::vector<std::optional<QByteArray>> elements;  ///< lists
};

/// One row of one table; columns that are not in the map are NULL.
using TableRow = std::map<const contacts::PhysicalColumn *, CellValue>;

struct CompanyRow
{
    qint64 id = 0;
    TableRow values;                  ///< companies
    std::optional<TableRow> metadata; ///< companies_metadata, if the row exists
};
struct ContactRow
{
    qint64 id = 0;
    std::optional<size_t> company;    ///< index of the one its company_id names, if that exists
    TableRow values;
    std::optional<TableRow> metadata;
};

/// Random contacts and companies with everything that is hard: letters whose folding is special, NULLs, wildcards,
/// quotes, commas, empty lists, lists with NULL, contacts without company or with one that does not exist, equal times.
struct DataModel
{
    std::vector<CompanyRow> companies;
    std::vector<ContactRow> contacts;
    bool placeholders = false; ///< adopted data: `_` stands for NULL in text columns

    static DataModel random(std::mt19937 &source, int contactCount, int companyCount, bool placeholders);

    /// The value of a column as the product reads it, for a contact (with its company) or a company.
    CellValue read(contacts::Entity entity, size_t row, const contacts::PhysicalColumn *column) const;
    qint64 id(contacts::Entity entity, size_t row) const;
    size_t count(contacts::Entity entity) const;

    /// INSERT statements for tables that are there. `spacedTimes`: SQLite times as other programs write them.
    QByteArray insertScript(db::Dialect dialect, bool spacedTimes) const;
};

/// Text of the kind the model holds; for needles.
QByteArray randomText(std::mt19937 &source);
int randomBelow(std::mt19937 &source, int limit);

} // namespace a360::test
