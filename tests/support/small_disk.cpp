// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/small_disk.h"

#include <QDir>
#include <QFile>

#include <sys/mount.h>

namespace a360::test {

SmallDisk::SmallDisk(const QString &path, Kind kind, const char *size) : m_path(path)
{
    if (!QDir().mkpath(path))
        qFatal("cannot make %s", qPrintable(path));
    const QByteArray target = QFile::encodeName(path);
    m_mounted = ::mount("tmpfs", target.constData(), "tmpfs", kind == ReadOnly ? MS_RDONLY : 0,
                        (QByteArray("size=") + size).constData()) == 0;
    if (!m_mounted && kind == ReadOnly)
        QFile::setPermissions(path, QFile::ReadOwner | QFile::ExeOwner);
}

SmallDisk::~SmallDisk()
{
    if (m_mounted)
        ::umount2(QFile::encodeName(m_path).constData(), MNT_DETACH);
    else
        QFile::setPermissions(m_path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

void SmallDisk::fill() const
{
    QFile filler(m_path + QStringLiteral("/filler"));
    if (!filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
        qFatal("cannot write to %s", qPrintable(m_path));
    while (filler.write(QByteArray(4096, 'x')) == 4096) { }
}

void SmallDisk::makeReadOnly() const
{
    if (!m_mounted)
        QFile::setPermissions(m_path, QFile::ReadOwner | QFile::ExeOwner);
    else if (::mount("tmpfs", QFile::encodeName(m_path).constData(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) != 0)
        qFatal("cannot make %s read-only", qPrintable(m_path));
}

} // namespace a360::test
