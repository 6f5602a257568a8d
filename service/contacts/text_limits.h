// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "contacts/field_catalogue.h"

namespace a360::contacts {

/// How much a column may hold, in UTF-8 bytes, so that every index takes it. 0: any length.
struct TextLimit
{
    int bytes = 0;        ///< the whole value; of a list its elements and 8 bytes for each
    int elementBytes = 0; ///< each element of a list
};

/// PostgreSQL refuses a row when an entry of a b-tree index is longer than 2,704 bytes (a third of a page; an element in
/// a GIN index likewise) and does not compress to less. Each column has a fixed share of that, such that the columns of
/// each index fit together whatever they hold; the same on SQLite, so that a file has one result.
TextLimit textLimit(Table table, std::string_view column);

} // namespace a360::contacts
