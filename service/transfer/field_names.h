// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/field_catalogue.h"

#include <QStringList>

#include <optional>
#include <vector>

namespace a360::transfer {

/// What a name in a header stands for.
struct ImportField
{
    QString name; ///< canonical
    std::vector<const contacts::PhysicalColumn *> targets;
    bool fullName = false;
    int priority = 0; ///< as ColumnTarget::priority
};

/// How a header was recognised; the lower one wins a field.
enum class NameRank { Chosen, CompanyName, OwnName, Alias };

struct RecognisedField
{
    ImportField field;
    NameRank rank;
};

/// By canonical name: names of the catalogue's fields, full-export headers, and a few more.
std::optional<ImportField> importFieldByName(contacts::Entity entity, QStringView name);
/// By whatever files call it (contract §5.2): only letters and digits count, and case does not.
std::optional<RecognisedField> recogniseHeader(contacts::Entity entity, QStringView header);
/// All canonical names.
QStringList importFieldNames(contacts::Entity entity);

} // namespace a360::transfer
