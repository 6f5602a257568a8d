// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rotating_file.h"

#include <QDir>
#include <QFileInfo>

namespace a360 {

RotatingFile::RotatingFile(const QString &path, qint64 maxBytes, int backups)
    : m_file(path), m_maxBytes(maxBytes), m_backups(backups)
{
}

Result<void> RotatingFile::open()
{
    QDir().mkpath(QFileInfo(m_file).absolutePath());
    if (!m_file.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered)) {
        return makeError(ErrorCode::Io,
                         QStringLiteral("Cannot write the log file %1: %2.").arg(m_file.fileName(), m_file.errorString()),
                         QStringLiteral("LOG_FILE_PATH"));
    }
    return {};
}

Result<void> RotatingFile::writeLine(const QByteArray &line)
{
    if (m_file.size() > 0 && m_file.size() + line.size() + 1 > m_maxBytes)
        A360_TRY(rotate());
    if (m_file.write(line + '\n') != line.size() + 1) {
        return makeError(ErrorCode::Io,
                         QStringLiteral("Cannot write the log file %1: %2.").arg(m_file.fileName(), m_file.errorString()),
                         QStringLiteral("LOG_FILE_PATH"));
    }
    return {};
}

Result<void> RotatingFile::rotate()
{
    const QString path = m_file.fileName();
    m_file.close();
    const auto numbered = [&path](int n) { return n == 0 ? path : path + QLatin1Char('.') + QString::number(n); };
    QFile::remove(numbered(m_backups));
    for (int n = m_backups - 1; n >= 0; --n)
        QFile::rename(numbered(n), numbered(n + 1));
    return open();
}

} // namespace a360
