// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/staging_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QUuid>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace a360::transfer {

namespace {

constexpr mode_t kMode = 0644; // as SQLite makes its files

/// Between making and locking it, somebody who looks for stale files may have taken the new one for such.
bool isStillNamed(int descriptor)
{
    struct stat opened = {};
    return ::fstat(descriptor, &opened) == 0 && opened.st_nlink > 0;
}

} // namespace

Result<std::unique_ptr<StagingFile>> StagingFile::create(const QString &databaseFile)
{
    constexpr int attempts = 10;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        const QString path = QStringLiteral("%1-import-%2.stage").arg(databaseFile, QUuid::createUuid().toString(QUuid::Id128));
        const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kMode);
        if (descriptor < 0)
            return makeError(ErrorCode::Database, QStringLiteral("The file %1, to stage the import in, cannot be made.").arg(path), {},
                             QString::fromLocal8Bit(std::strerror(errno)));
        // Without locks at all, nobody can find it stale either.
        const bool taken = ::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
        if (!taken && isStillNamed(descriptor))
            return std::unique_ptr<StagingFile>(new StagingFile(path, descriptor));
        ::close(descriptor);
    }
    return makeError(ErrorCode::Conflict, QStringLiteral("The files that imports are staged in are removed by somebody else. Try again."));
}

StagingFile::~StagingFile()
{
    QFile::remove(m_path); // while it is locked, so that it can only be our own
    ::close(m_descriptor);
}

void removeStaleStagingFiles(const QString &databaseFile)
{
    const QFileInfo info(databaseFile);
    const QString pattern = info.fileName() + QStringLiteral("-import-*.stage");
    for (const QString &name : info.dir().entryList({pattern}, QDir::Files)) {
        const QString path = info.dir().filePath(name);
        const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (descriptor < 0)
            continue;
        if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            QFile::remove(path);
        ::close(descriptor);
    }
}

} // namespace a360::transfer
