// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/replica_state.h"

#include <algorithm>

namespace a360::db {

std::optional<std::chrono::milliseconds> ReplicaState::lag() const
{
    if (!isStandby)
        return std::nullopt;
    constexpr std::chrono::milliseconds zero{0}, slight{100};
    if (caughtUp)
        return zero;
    if (!sinceReplay || *sinceReplay < -slight)
        return std::nullopt;
    return std::max(*sinceReplay, zero);
}

Result<ReplicaState> ReplicaState::ask(Lease &replica)
{
    const Sql question(replica.dialect(),
                       "SELECT pg_is_in_recovery()::int::bigint, (CASE WHEN pg_is_in_recovery() THEN "
                       "EXISTS (SELECT 1 FROM pg_stat_wal_receiver WHERE pid IS NOT NULL) "
                       "AND pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn() ELSE false END)::int::bigint, "
                       "(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::bigint");
    A360_TRY_ASSIGN(const RowBatch row,
                    replica.query(question, {ColumnType::Integer, ColumnType::Integer, ColumnType::Integer},
                                  {std::chrono::seconds(1), {}}));
    ReplicaState state;
    state.isStandby = row.cell(0, 0).integer() != 0;
    state.caughtUp = !row.cell(0, 1).isNull() && row.cell(0, 1).integer() != 0;
    if (!row.cell(0, 2).isNull())
        state.sinceReplay = std::chrono::milliseconds(row.cell(0, 2).integer());
    return state;
}

bool mayReadReplica(std::optional<std::chrono::milliseconds> lag, std::optional<std::chrono::milliseconds> sinceWrite,
                    std::chrono::milliseconds bound)
{
    return lag && *lag <= bound && (!sinceWrite || *sinceWrite > bound);
}

} // namespace a360::db
