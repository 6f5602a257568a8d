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
    std::vector<const contacts::PhysicalColumn *> targets;
    bool fullName = false;           ///< split at the first space into first_name and last_name
};

struct HeaderMapping
{
    std::vector<ColumnTarget> columns; ///< one per file column
    QStringList unmapped;              ///< headers that go nowhere (reported, never an error)
    /// Headers that want the same target: the first one wins unless the user chooses (`--map`); for the window to ask.
    QStringList conflicts;
};

/// Maps the header of a file: `--map column=field` first, then the full-export and list names (decision 2), then the
/// alias table of contract §5.2 with §15.2's caution on bare `address`. Errors: InvalidArgument for a `--map` that names
/// an unknown column or field; UnusableInput when no column can be mapped, listing what was looked for.
Result<HeaderMapping> mapHeader(contacts::Entity entity, const QStringList &header,
                                const QMap<QString, QString> &chosen);
/// Every name mapHeader() accepts as a target, for `--map` help and the window's combo boxes.
QStringList importableFields(contacts::Entity entity);

} // namespace a360::transfer
