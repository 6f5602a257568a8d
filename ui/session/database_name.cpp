// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/database_name.h"

#include <QFileInfo>

namespace a360::ui {

QString databaseName(const db::DatabaseUrl &url)
{
    if (url.dialect == db::Dialect::Sqlite)
        return QFileInfo(url.path).fileName();
    return QStringLiteral("%1 on %2").arg(url.name, url.host);
}

bool isSameDatabase(const db::DatabaseUrl &a, const db::DatabaseUrl &b)
{
    return a.dialect == b.dialect && a.path == b.path && a.host == b.host && a.port == b.port && a.name == b.name;
}

} // namespace a360::ui
