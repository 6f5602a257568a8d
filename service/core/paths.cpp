// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/paths.h"

#include <QStandardPaths>

namespace a360 {

QString defaultDatabasePath()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation)
           + QStringLiteral("/appointment360/appointment360.db");
}

QString desktopSettingsPath()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation)
           + QStringLiteral("/appointment360/desktop.ini");
}

} // namespace a360
