// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "db/lease.h"

namespace a360::db {

/// A text no other claim has, that also tells who to look for: the server process of this lease or, with SQLite, this
/// process, and when that one began, as process numbers are used again.
Result<QByteArray> newClaimMark(Lease &lease);

/// Whether who made a mark still runs. An empty mark is nobody's.
Result<bool> isClaimantAlive(Lease &lease, const QByteArray &mark);

} // namespace a360::db
