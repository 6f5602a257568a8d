// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QFile>

namespace a360 {

/// A file that is renamed to `<path>.1` (older ones to .2, .3 …, the oldest deleted) when a line would take it over its
/// size. Not thread-safe.
class RotatingFile
{
public:
    RotatingFile(const QString &path, qint64 maxBytes, int backups);
    Result<void> open(); ///< makes missing folders; appends to what is there
    Result<void> writeLine(const QByteArray &line);

private:
    Result<void> rotate();
    QFile m_file;
    qint64 m_maxBytes;
    int m_backups;
};

} // namespace a360
