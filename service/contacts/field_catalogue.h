// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "db/cell.h"

#include <QStringList>

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace a360::contacts {

/// What a list is about. Companies are joined to contacts, never the other way round.
enum class Entity { Contact, Company };

/// The four data tables of the contract (§1). Aliases in SQL: c, cm, co, com.
enum class Table { Contacts, ContactsMetadata, Companies, CompaniesMetadata };

std::string_view tableName(Table table);
std::string_view tableAlias(Table table);
std::string_view entityName(Entity entity); ///< "contacts" / "companies"

/// One column of a data table. `header` is its name in the full export ("contact_metadata_city").
struct PhysicalColumn
{
    Table table;
    std::string_view name;
    db::ColumnType type;
    std::string_view header;
    bool exported = true; ///< false: only some adopted schemas have it, and the full export leaves it out (decision 20)
};
/// Every column of the four tables that is exported or imported, in the order of the full export (contract §6).
std::span<const PhysicalColumn> physicalColumns(Table table);
/// Columns that adopted schemas may have beyond those: status, linkedin_sales_url, normalized_domain.
std::span<const PhysicalColumn> optionalColumns(Table table);
/// Among both; nullptr when unknown.
const PhysicalColumn *findPhysicalColumn(Table table, std::string_view name);

/// Kinds of filter a field allows; the catalogue derives the parameter names from them (contract §3).
enum FilterKind : unsigned {
    NoFilter = 0,
    Contains = 1u << 0,     ///< "sub": case-insensitive substring, comma list = OR
    ElementContains = 1u << 1, ///< "arr": the same, on any element of a list
    NumberEquals = 1u << 2,
    NumberRange = 1u << 3,  ///< <name>_min, <name>_max, inclusive
    TimeRange = 1u << 4,    ///< <name>_after, <name>_before, inclusive
};

/// One exposed field: a REST key, a CSV header of the list preset, a grid column, a filter, an order key.
struct Field
{
    Entity entity;
    std::string_view name;      ///< "employees"
    std::string_view label;     ///< "Employees"
    db::ColumnType type;
    const PhysicalColumn *source;    ///< nullptr: always NULL (primary_email_catch_all_status)
    const PhysicalColumn *fallback;  ///< used where source is NULL (facebook_url); usually nullptr
    unsigned filters;           ///< FilterKind flags
    bool orderable;
    bool listed;                ///< part of the list preset, in catalogue order
    int width;                  ///< hint for the grid, in average characters
    std::array<std::string_view, 2> aliases; ///< further names; empty ones are none

    bool isCalled(QStringView other) const; ///< by its name or one of its aliases
};

std::span<const Field> fields(Entity entity);
/// By name or alias, as used in `ordering`, `--columns` and REST; nullptr when unknown.
const Field *findField(Entity entity, QStringView name);

/// One column of an output (file, stream, page): its header or JSON key, and where the cell comes from.
struct OutputColumn
{
    QByteArray header;
    db::ColumnType type = db::ColumnType::Text;
    const PhysicalColumn *source = nullptr;
    const PhysicalColumn *fallback = nullptr;
    /// Lists are written as one joined text: ", " in the list preset, "," in the full export.
    QByteArray listSeparator = ", ";
};

enum class Preset {
    List,   ///< contacts: uuid, the 38 columns of contract §15.1, created_at, updated_at; companies: every listed field
    Full,   ///< the 48/24 columns of contract §6
    Stream, ///< the guide's columns (contract §2.1, §2.2)
};
std::optional<Preset> presetByName(QStringView name);
std::vector<OutputColumn> presetColumns(Entity entity, Preset preset);
/// Columns by field name, alias or full-export header; an unknown one is Error{InvalidArgument} naming it.
Result<std::vector<OutputColumn>> columnsByName(Entity entity, const QStringList &names);

} // namespace a360::contacts
