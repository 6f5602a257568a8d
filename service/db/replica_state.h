// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/lease.h"

#include <optional>

namespace a360::db {

/// How far a streaming standby was behind when it was asked.
struct ReplicaState
{
    bool isStandby = false;      ///< pg_is_in_recovery(): only then its lag can be told
    bool caughtUp = false;       ///< a primary feeds it, and all that came was replayed
    std::optional<std::chrono::milliseconds> sinceReplay; ///< age of the last replayed transaction; empty: none yet

    /// Zero when caught up: an idle primary makes no transactions, so their age alone would grow for nothing. Empty when
    /// it cannot be told: it is no standby, has replayed nothing yet, or its clock is behind the primary's.
    std::optional<std::chrono::milliseconds> lag() const;
    /// Asks the server. Waits a second at most.
    static Result<ReplicaState> ask(Lease &replica);
};

/// The rule of reading from a replica: known to be no further behind than `bound`, and not within `bound` of the latest
/// local write (empty: there was none), which it might not have yet.
bool mayReadReplica(std::optional<std::chrono::milliseconds> lag, std::optional<std::chrono::milliseconds> sinceWrite,
                    std::chrono::milliseconds bound);

} // namespace a360::db
