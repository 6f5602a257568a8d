// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "db/lease.h"

namespace a360::db {

/// One key of an index, in the form that normalisedIndexKey() gives.
struct IndexKey
{
    QByteArray expression;     ///< "title", or an expression
    QByteArray operatorClass;  ///< empty: the type's default
    bool descending = false;   ///< and NULLs where PostgreSQL puts them then: first; other mixtures are `unusual`
    bool unusual = false;      ///< NULLs at the other end, or another collation than the column's

    bool operator==(const IndexKey &) const = default;
};

/// An index that a table of the data has, whoever made it and whatever it is called.
struct IndexFact
{
    QByteArray name;       ///< as it is, not quoted
    QByteArray quotedName; ///< PostgreSQL: with its schema, ready for a statement
    QByteArray table;
    QByteArray method;     ///< "btree", "gin", …
    bool valid = true;     ///< false: unfinished, no query uses it
    bool partial = false;
    std::vector<IndexKey> keys;
};

/// All indexes of the four data tables, also those of constraints. Reads the catalogue only.
Result<std::vector<IndexFact>> listIndexes(Lease &lease);

/// The key of an index definition without what writers and servers put differently: spaces, brackets, casts of texts to
/// text. Quoted text stays as it is.
QByteArray normalisedIndexKey(QByteArrayView key);

/// True for an operator class whose indexes serve ILIKE.
bool isTrigramClass(const QByteArray &operatorClass);

} // namespace a360::db
