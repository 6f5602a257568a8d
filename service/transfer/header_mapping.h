// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/field_catalogue.h"
#include "core/result.h"

#include <QMap>
#include <QStringList>

#include <vector>

namespace a360::transfer {

/// Where the cells of one file column go: one physical column (or, for `website`, `facebook_url`, `twitter_url` of the
/// 38-column header, several: contract §5.1), or the two halves of a full name, or nowhere.
struct ColumnTarget
{
    int column = -1;                 ///< position in the file, from 0
    QString header;                  ///< as in the file
    QString field;                   ///< canonical name it was mapped to; empty: not imported
    /// Physical columns it fills. Empty although `field` is set: another column won that field (see conflicts).
    std::vector<const contacts::PhysicalColumn *> targets;
    bool fullName = false;           ///< split at the first space into first_name and last_name
    /// Of several file columns with a common target, the lowest priority with a non-empty cell counts: `company_phone`
    /// (0) before `corporate_phone` (1), `first_name` (0) before the first half of `full_name` (1).
    int priority = 0;
};

struct HeaderMapping
{
    std::vector<ColumnTarget> columns; ///< one per file column
    QStringList unmapped;              ///< headers that go nowhere (reported, never an error)
    /// Headers that want the same target, winners and losers, in file order; for the window to ask. The winner is the
    /// one with the field's own name before one with an alias, then the first; `--map` settles it.
    QStringList conflicts;

    /// The file columns that fill a physical column, best first; usually one or none.
    std::vector<const ColumnTarget *> sourcesOf(const contacts::PhysicalColumn *target) const;
};

/// Maps the header of a file: `--map column=field` first (an empty field: leave the column out), then the full-export
/// and list names (decision 2), then the alias table of contract §5.2 with §15.2's caution on bare `address`. Company
/// files prefer a "company" column to a bare one (`Company City` to `City`, `company_uuid` to `uuid`), so that exports
/// of people can serve as company files. Errors: InvalidArgument for a `--map` that names an unknown column or field, or
/// one field twice; UnusableInput when no column can be mapped, listing what was looked for.
Result<HeaderMapping> mapHeader(contacts::Entity entity, const QStringList &header,
                                const QMap<QString, QString> &chosen);
/// Every name mapHeader() accepts as a target, for `--map` help and the window's combo boxes.
QStringList importableFields(contacts::Entity entity);

} // namespace a360::transfer
