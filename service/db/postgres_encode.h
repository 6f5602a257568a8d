// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/cell.h"

#include <string>

namespace a360::db {

/// Appends one cell (not NULL) as a field of a binary COPY: its 32-bit length, then its bytes. False: the value does
/// not fit the server's type; what was appended is then unspecified.
using FieldEncoder = bool (*)(std::string &out, Cell cell);

/// The encoder from a cell type to a server type; null when there is none.
FieldEncoder fieldEncoder(unsigned typeOid, ColumnType given);

void appendInt16(std::string &out, qint16 value);
void appendInt32(std::string &out, qint32 value);
void appendInt64(std::string &out, qint64 value);

} // namespace a360::db
