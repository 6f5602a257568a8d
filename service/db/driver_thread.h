// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QSqlDatabase;

namespace a360::db {

/// Gives the driver object of a connection no thread at all, so that any thread may claim it later (decision 24).
void parkDriver(const QSqlDatabase &database);

/// Claims a parked driver for the current thread and parks it again at the end of the scope. Between statements a
/// driver stays parked, even while its connection is leased: so a lease may be given back by any thread, and no thread
/// needs an event loop to hand it over.
class DriverClaim
{
public:
    explicit DriverClaim(const QSqlDatabase &database);
    ~DriverClaim();
    DriverClaim(const DriverClaim &) = delete;
    DriverClaim &operator=(const DriverClaim &) = delete;

private:
    const QSqlDatabase &m_database;
};

} // namespace a360::db
