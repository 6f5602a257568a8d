// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QString>

#include <memory>

namespace a360::transfer {

/// The file beside an SQLite database that the staging table of one import lies in; removed by the destructor. As long as
/// its import lives, a lock is held on the open file (flock), which ends with the process whatever happens to it. So others
/// can tell a file that was left behind also where process numbers say nothing: in containers that share a folder, each has
/// numbers of its own.
class StagingFile
{
public:
    /// An empty file, locked. Error{Database} when the folder takes none.
    static Result<std::unique_ptr<StagingFile>> create(const QString &databaseFile);
    ~StagingFile();
    StagingFile(const StagingFile &) = delete;
    StagingFile &operator=(const StagingFile &) = delete;

    const QString &path() const { return m_path; }

private:
    StagingFile(QString path, int descriptor) : m_path(std::move(path)), m_descriptor(descriptor) {}
    QString m_path;
    int m_descriptor; ///< holds the lock
};

/// Removes the files of that database whose import is not alive. Where a file system knows no locks, they stay.
void removeStaleStagingFiles(const QString &databaseFile);

} // namespace a360::transfer
