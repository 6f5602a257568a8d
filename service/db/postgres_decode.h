// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/row_batch.h"

namespace a360::db {

/// PostgreSQL's numbers of the types we know.
namespace pg_type {
constexpr unsigned boolean = 16, character = 18, name = 19, int8 = 20, int2 = 21, int4 = 23, text = 25, oid = 26, json = 114,
                   xml = 142, float4 = 700, float8 = 701, unknown = 705, bpchar = 1042, varchar = 1043, date = 1082,
                   timestamp = 1114, timestamptz = 1184, numeric = 1700, uuid = 2950, jsonb = 3802, nameArray = 1003,
                   int4Array = 1007, textArray = 1009, bpcharArray = 1014, varcharArray = 1015, int8Array = 1016,
                   firstUserDefined = 16384;
}

/// Reads one field in PostgreSQL's binary format (never NULL) and appends it as one cell. False: the bytes are not
/// what the type says, or the value has no place in the cell type (a fraction for an integer).
using FieldDecoder = bool (*)(RowBatch &batch, const char *data, qint32 size);

/// The decoder from a server type to a cell type; null when there is no sensible conversion. Binary results do not
/// depend on DateStyle, TimeZone or bytea_output, so no session setting is needed (decision 23). "infinity" is
/// one of two values of its own (timestamp_text.h).
FieldDecoder fieldDecoder(unsigned typeOid, ColumnType wanted);

/// Big-endian integers of the wire.
qint16 readInt16(const char *data);
qint32 readInt32(const char *data);
qint64 readInt64(const char *data);

/// Microseconds between 1970-01-01 and PostgreSQL's epoch, 2000-01-01.
constexpr qint64 postgresEpoch = 946'684'800'000'000;

} // namespace a360::db
