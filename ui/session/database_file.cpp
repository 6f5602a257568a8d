// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/database_file.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTemporaryFile>

namespace a360::ui {

namespace {

const QString trialName = QStringLiteral(".a360-trial-XXXXXX");

bool takesFiles(const QString &folder)
{
    return QTemporaryFile(QDir(folder).filePath(trialName)).open();
}

bool takesFolders(const QString &folder)
{
    return QTemporaryDir(QDir(folder).filePath(trialName)).isValid();
}

/// The nearest folder above that is there, or what has its name.
QFileInfo nearestAbove(const QString &missing)
{
    QFileInfo above(QFileInfo(missing).absolutePath());
    while (!above.exists() && !above.isRoot())
        above.setFile(above.absolutePath());
    return above;
}

Error refused(const QString &message)
{
    return makeError(ErrorCode::PermissionDenied, message);
}

} // namespace

Result<DatabaseFile> examineDatabaseFile(const QString &path)
{
    const QFileInfo file(path);
    // What SQLite puts beside a file that is there lies beside the file itself, wherever a link to it is.
    const QFileInfo folder(QFileInfo(file.exists() ? file.canonicalFilePath() : path).absolutePath());
    if (file.isDir())
        return makeError(ErrorCode::InvalidArgument, QStringLiteral("%1 is a folder, not an SQLite database. Add a name for the file.").arg(path));
    if (file.exists() && !file.isFile())
        return makeError(ErrorCode::InvalidArgument, QStringLiteral("%1 is no file that could hold a database.").arg(path));
    if (file.exists() && !(file.isReadable() && file.isWritable()))
        return refused(QStringLiteral("The file %1 may not be read and written by you.").arg(path));
    const QFileInfo above = folder.exists() ? folder : nearestAbove(folder.filePath());
    if (!above.isDir())
        return makeError(ErrorCode::InvalidArgument,
                         QStringLiteral("%1 is a file, not a folder. Nothing can be in it.").arg(above.filePath()));
    if (!folder.exists()) {
        if (takesFolders(above.filePath()))
            return DatabaseFile::NewInNewFolder;
        return refused(QStringLiteral("The folder %1 does not exist and cannot be made: %2 does not allow new folders.")
                           .arg(folder.filePath(), above.filePath()));
    }
    // A database that is there needs it as well: its log lies beside it.
    if (!takesFiles(folder.filePath()))
        return refused(QStringLiteral("The folder %1 does not allow new files.").arg(folder.filePath()));
    return file.exists() ? DatabaseFile::Exists : DatabaseFile::New;
}

} // namespace a360::ui
