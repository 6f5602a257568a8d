// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace a360::test {

/// A folder that takes only very little, or nothing at all: a tmpfs of its own where mounting is allowed (as root). Where it
/// is not, ReadOnly is a folder without write permission, and a Full one cannot be had: see isMounted().
class SmallDisk
{
public:
    enum Kind { Full, ReadOnly };
    /// `size` as tmpfs takes it: "64k".
    SmallDisk(const QString &path, Kind kind, const char *size = "64k");
    ~SmallDisk();
    SmallDisk(const SmallDisk &) = delete;
    SmallDisk &operator=(const SmallDisk &) = delete;

    QString path() const { return m_path; }
    bool isMounted() const { return m_mounted; }
    /// Puts in a file, "filler", that leaves no byte free.
    void fill() const;
    /// From now on nothing can be written to it.
    void makeReadOnly() const;

private:
    QString m_path;
    bool m_mounted = false;
};

} // namespace a360::test
