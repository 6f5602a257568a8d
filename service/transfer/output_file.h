// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "db/database_url.h"
#include "transfer/byte_sink.h"

namespace a360::transfer {

/// Whether openFileSink() for `path` writes over the file `other`: because both are the same one, links followed, or
/// because `other` is called as the `.part` of `path`. Devices and named pipes lose nothing; "-" is only like itself. Asks
/// the disk.
bool writesOver(const QString &path, const QString &other);

/// Error{InvalidArgument} when writing to `path` would take the place of the database's own files. A path that is empty
/// names no file.
Result<void> spareDatabase(const db::DatabaseUrl &database, const QString &path);

/// openFileSink(), but never over the files of the database that is in use: Error{InvalidArgument}.
Result<std::unique_ptr<ByteSink>> openOutputFile(const db::DatabaseUrl &database, const QString &path, bool fsync = false,
                                                 const CancelToken &cancel = {});

} // namespace a360::transfer
