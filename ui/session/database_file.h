// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

namespace a360::ui {

/// What is at the place of an SQLite database.
enum class DatabaseFile {
    Exists,          ///< a file, of whatever content
    New,             ///< nothing; it can be made
    NewInNewFolder,  ///< nothing, and its folder is missing as well; both can be made
};

/// What there is, or why no database can be there: something else has the name, or its folder takes no files or cannot be
/// made. Rights alone do not tell (read-only disks, /proc), so it tries with a file of its own, which goes at once. Blocks.
Result<DatabaseFile> examineDatabaseFile(const QString &path);

} // namespace a360::ui
