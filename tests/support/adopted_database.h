// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/lease.h"

namespace a360::test {

/// The four tables of contract §1 as somebody else makes them: no index but those of the keys, '_' defaults, a foreign
/// key, columns of later versions missing, and rows with odd values.
QByteArray adoptedDatabase(db::Dialect dialect);

/// Tables, columns, defaults, constraints and all rows as one text: equal before and after, when nobody altered them.
QByteArray fingerprint(db::Lease &lease);

} // namespace a360::test
