// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/driver_thread.h"

#include <QSqlDatabase>
#include <QSqlDriver>
#include <QThread>

namespace a360::db {

// Qt 6.8 has QSqlDatabase::moveToThread, which ends in the very same call on the driver; the driver's own function
// exists in 6.4 as well. Everything that depends on the version stays in this file.

void parkDriver(const QSqlDatabase &database)
{
    if (QSqlDriver *driver = database.driver())
        driver->moveToThread(nullptr);
}

DriverClaim::DriverClaim(const QSqlDatabase &database) : m_database(database)
{
    if (QSqlDriver *driver = database.driver())
        driver->moveToThread(QThread::currentThread());
}

DriverClaim::~DriverClaim()
{
    parkDriver(m_database);
}

} // namespace a360::db
