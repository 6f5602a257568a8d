// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/output_file.h"

#include <QDir>
#include <QFileInfo>

namespace a360::transfer {

namespace {

/// What a name means, links followed, also when the file itself is still to be made.
QString realPath(const QString &path)
{
    const QFileInfo info(path);
    if (info.exists())
        return info.canonicalFilePath();
    const QString folder = QFileInfo(info.absolutePath()).canonicalFilePath();
    return folder.isEmpty() ? QDir::cleanPath(info.absoluteFilePath()) : QDir(folder).filePath(info.fileName());
}

} // namespace

bool writesOver(const QString &path, const QString &other)
{
    if (path == QLatin1String("-") || other == QLatin1String("-"))
        return path == other;
    const QFileInfo info(path);
    if (info.exists() && !info.isFile() && !info.isDir())
        return false;
    const QString target = realPath(path), kept = realPath(other);
    return kept == target || kept == target + QLatin1String(".part");
}

Result<void> spareDatabase(const db::DatabaseUrl &database, const QString &path)
{
    if (path.isEmpty())
        return {};
    for (const QString &file : database.files()) {
        if (writesOver(path, file)) {
            return makeError(ErrorCode::InvalidArgument,
                             QStringLiteral("%1 would overwrite the database that is open. Choose another file.").arg(path),
                             QStringLiteral("output"));
        }
    }
    return {};
}

Result<std::unique_ptr<ByteSink>> openOutputFile(const db::DatabaseUrl &database, const QString &path, bool fsync,
                                                 const CancelToken &cancel)
{
    A360_TRY(spareDatabase(database, path));
    return openFileSink(path, fsync, cancel);
}

} // namespace a360::transfer
