// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace a360 {

/// File of the embedded database in the user's data folder (XDG_DATA_HOME); the folder may not exist yet.
QString defaultDatabasePath();
/// Ini file the window keeps its settings in (XDG_CONFIG_HOME).
QString desktopSettingsPath();

} // namespace a360
