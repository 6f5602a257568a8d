// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/liveness.h"

namespace a360::db {

Result<void> checkAlive(ConnectionPool &pool, std::chrono::milliseconds longest, const CancelToken &cancel)
{
    Result<Lease> lease = pool.tryLease(Lane::Interactive, "liveness check", cancel);
    if (!lease.ok() && lease.error().code == ErrorCode::Timeout)
        return {};
    if (!lease.ok())
        return std::move(lease).error();
    A360_TRY(lease->queryInteger(Sql(lease->dialect(), "SELECT 1"), {longest, cancel}));
    return {};
}

} // namespace a360::db
