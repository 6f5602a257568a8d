// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/settings.h"
#include "service.h"

namespace a360::app {

/// Who may write and create: export, count and config never do (decision 19).
enum class Access {
    ReadOnly, ///< neither creates nor migrates; writes are refused
    Write,    ///< neither creates nor migrates
    Migrate,  ///< brings the schema up to date first
    Serve,    ///< the same, for a program that stays: its connection pool is watched and tells the log (ENABLE_POOL_MONITORING)
};

/// The database part of the settings, as the service wants it. Error{InvalidArgument} for a DATABASE_URL that is none.
Result<ServiceOptions> serviceOptions(const Settings &settings, Access access);

/// Opens the configured database. Blocks (network, disk). For Access::Migrate and Serve the folder of an embedded database is
/// made if need be; otherwise a missing file is an Error{NotFound} that says how to make one.
Result<std::unique_ptr<Service>> openService(const Settings &settings, Access access, CancelToken cancel = {});

} // namespace a360::app
