// SPDX-License-Identifier: GPL-3.0-or-later
#include "files.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QSaveFile>

namespace a360::app {

Result<void> writeJsonFile(const QString &path, const QJsonObject &object)
{
    QSaveFile file(path);
    const QByteArray json = QJsonDocument(object).toJson();
    if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size() || !file.commit())
        return makeError(ErrorCode::Io, QStringLiteral("Cannot write %1: %2.").arg(path, file.errorString()));
    return {};
}

Result<void> checkWritable(const QString &path, const QString &option)
{
    if (QFileInfo(path).isDir())
        return makeError(ErrorCode::Io, QStringLiteral("Cannot write %1: it is a directory.").arg(path), option);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return makeError(ErrorCode::Io, QStringLiteral("Cannot write %1: %2.").arg(path, file.errorString()), option);
    file.cancelWriting();
    return {};
}

bool isSameFile(const QString &a, const QString &b)
{
    const QString first = QFileInfo(a).canonicalFilePath();
    return !first.isEmpty() && first == QFileInfo(b).canonicalFilePath();
}

} // namespace a360::app
